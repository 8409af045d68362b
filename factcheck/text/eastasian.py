"""Chinese, Japanese and Korean as far as a text can be read without a word list: no blanks between
words, digits with the counter written on, dates of year, month and day signs, words that deny."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

# A Chinese character is a word of its own here; kana and Thai letters run on to the next script.
_RUN = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[\u3041-\u309f]+|[\u30a0-\u30ff\u31f0-\u31ff]+"
    r"|[\uac00-\ud7af]+|[^\u3041-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+"
)
SCRIPT = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DATE = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)\s?[年년]\s?)(?:(?P<month>\d{1,2})\s?[月월](?:\s?(?P<day>\d{1,2})\s?[日号號일])?)?"
    r"|(?P<month_>\d{1,2})\s?[月월]\s?(?P<day_>\d{1,2})\s?[日号號일]"
)
_SCALES = {
    "十": 1e1, "百": 1e2, "千": 1e3, "万": 1e4, "萬": 1e4, "億": 1e8, "亿": 1e8, "兆": 1e12,
    "백": 1e2, "천": 1e3, "만": 1e4, "억": 1e8, "조": 1e12,
}  # fmt: skip
_PART = rf"\d+(?:,\d{{3}})*(?:\.\d+)?(?:\s?[{''.join(_SCALES)}]+)?"
_FIGURE = re.compile(rf"(?<!\d)(?<!\d[.,])(?<![第제]){_PART}(?:{_PART})*(?![\d]|\s?[号號호]|기지)")
_UNITS = (
    ("percent", r"%|％|퍼센트|パーセント"),
    ("year", r"年间|年間|년간|周年|年前"),
    ("month", r"个月|個月|か月|カ月|ヶ月|개월"),
    ("week", r"周|週間|週|주간|주일"),
    ("day", r"天|日間|일간|일 동안"),
    ("hour", r"个小时|小时|小時|時間|시간"),
    ("minute", r"分钟|分鐘|分間|분간"),
    ("km", r"公里|千米|キロ|킬로"),
    ("money", r"美元|欧元|ドル|ユーロ|円|달러|유로|원"),
)
_UNIT = tuple((name, re.compile(rf"\s?(?:{words})")) for name, words in _UNITS)
_CLOCK = re.compile(r"\s?(?:[点點時时分시분歳岁살]|月|월)(?!間|间|간)")
# What denies: a sign before the verb, or the end of one; and words that only begin so.
_DENYING = re.compile(
    r"[没沒]|不(?![断斷少仅僅同久])|未(?![来來])|[无無](?!人[机機]|[线線])|않|없|못(?:했|하)|아니"
)
_DENYING_KANA = re.compile(r"ない|なかった|ません|ず(?=に|[、,。]|$)|未(?=確認|定)")
_KANA = re.compile(r"[\u3041-\u30ff]")
_BEFORE = (
    ("least", re.compile(r"(?:至少|最少|少なくとも|최소|적어도)(?:\s|有|造成)?$")),
    ("more", re.compile(r"(?:超过|超過|逾|多于|多於)(?:\s|了)?$")),
    ("about", re.compile(r"(?:大约|大約|约|約|약)\s?$")),
    ("nearly", re.compile(r"(?:将近|將近|近)\s?$")),
)
_BEHIND = (
    ("least", re.compile(r"\s?\w{0,2}?(?:以上|이상)")),
    ("more", re.compile(r"\s?(?:多|余|餘|여)(?=\w)|\s?\w{0,2}\s?(?:넘는|超の)")),
)


def parts(word: str, start: int) -> list[tuple[str, int, int]]:
    """The words of a run without blanks, each with its offsets; other words stay whole."""
    if not SCRIPT.search(word):
        return [(word, start, start + len(word))]
    return [(m.group(), start + m.start(), start + m.end()) for m in _RUN.finditer(word)]


def denies(text: str, start: int, end: int) -> bool:
    """The word at [start, end) denies something, or has a part that does."""
    found = (_DENYING_KANA if _KANA.search(text) else _DENYING).search(text, start)
    return found is not None and found.start() < end


Dated = tuple[int, int, date | None, date | None, str, bool]


def dates(flat: str, base: date | None) -> Iterator[Dated]:
    """Dates as (start, end, first, last, grain, whether the year stands there)."""
    for m in _DATE.finditer(flat):
        month, day = m["month"] or m["month_"], m["day"] or m["day_"]
        try:
            if not m["year"]:
                if base is None:
                    yield m.start(), m.end(), None, None, "day", False
                    continue
                then = date(base.year, int(month), int(day))
                then = then if (then - base).days <= 60 else then.replace(year=base.year - 1)
                yield m.start(), m.end(), then, then, "day", False
            elif day:
                then = date(int(m["year"]), int(month), int(day))
                yield m.start(), m.end(), then, then, "day", True
            elif month:
                first = date(int(m["year"]), int(month), 1)
                after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
                yield (
                    m.start(),
                    m.end(),
                    first,
                    date.fromordinal(after.toordinal() - 1),
                    "month",
                    True,
                )
            else:
                year = int(m["year"])
                yield m.start(), m.end(), date(year, 1, 1), date(year, 12, 31), "year", True
        except ValueError:
            continue


def figures(flat: str) -> Iterator[tuple[int, int, float, float, str, str]]:
    """Figures as (start, end, value, step of rounding, unit, bound): "81万2000" is 812,000."""
    for m in _FIGURE.finditer(flat):
        if _CLOCK.match(flat, m.end()):
            continue
        value = 0.0
        for part in re.finditer(_PART, m.group()):
            digits = re.match(r"[\d.,]+", part.group())
            assert digits
            factor = 1.0
            for sign in part.group()[digits.end() :].strip():
                factor *= _SCALES[sign]
            value += float(digits.group().replace(",", "").rstrip(".")) * factor
        unit = next((name for name, words in _UNIT if words.match(flat, m.end())), "count")
        bound = next((name for name, b in _BEFORE if b.search(flat[: m.start()])), "")
        bound = bound or next((name for name, b in _BEHIND if b.match(flat, m.end())), "exact")
        yield m.start(), m.end(), value, _step(value), unit, bound


def _step(value: float) -> float:
    """The unit of the last digit that carries meaning."""
    if value != int(value):
        return 10.0 ** -len(f"{value:g}".partition(".")[2])
    digits = f"{value:.0f}"
    return 10.0 ** (len(digits) - len(digits.rstrip("0"))) if value >= 1000 else 1.0
