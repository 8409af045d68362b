"""Dates in running text: absolute, short ("12/11"), weekdays and "last February", resolved.

A `When` is an interval of days. What the text leaves open is resolved against a base date (when
the article or report was published): a year that is missing is the latest one that does not lie
ahead, a weekday is the latest one up to the base. Without a base such mentions stay unresolved.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from factcheck.text import arabic, eastasian, lexicon, persian

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_ARABIC_UNITS = "الأول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر".split()
_ARABIC_DAYS = {
    **{word: day for day, word in enumerate(_ARABIC_UNITS, 1)},
    "الحادي عشر": 11,
    **{f"{word} عشر": day + 10 for day, word in enumerate(_ARABIC_UNITS[:9], 1) if day > 1},
    "العشرين": 20,
    "الحادي والعشرين": 21,
    **{f"{word} والعشرين": day + 20 for day, word in enumerate(_ARABIC_UNITS[:9], 1) if day > 1},
    "الثلاثين": 30,
    "الحادي والثلاثين": 31,
    **persian.DAYS,
}  # the fifth of November: "الخامس من تشرين الثاني"
_SLACK = 3  # days ahead of the base that a date without a year may lie
_AHEAD = 8  # days ahead of the base that "segunda-feira (25)" may lie
_MONTH_FIRST = ("en",)  # languages in which 11/12 may mean 12 November


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A date mention. `first` to `last` are its days, both included; None where unresolved.

    `grain` is "day", "part" (early, middle, end of a month), "month" or "year". `weekday` is the
    one the text names beside it (0 is Monday), to be checked against the calendar.
    """

    start: int
    end: int
    text: str
    grain: str
    first: date | None = None
    last: date | None = None
    weekday: int | None = None
    explicit: bool = False  # the text itself gives day, month and year

    @property
    def weekday_wrong(self) -> bool:
        """The named weekday is not the one of the date."""
        return (
            self.weekday is not None
            and self.first is not None
            and self.first == self.last
            and self.first.weekday() != self.weekday
        )

    def overlaps(self, other: When) -> bool:
        """The two intervals share a day (False when one is unresolved). A day whose year was guessed,
        into the past, may be that of the year after."""
        if None in (self.first, self.last, other.first, other.last):
            return False
        assert self.first and self.last and other.first and other.last
        if self.first <= other.last and other.first <= self.last:
            return True
        return self._a_year_before(other) or other._a_year_before(self)

    def _a_year_before(self, other: When) -> bool:
        mine, theirs = self.first, other.first
        if mine is None or theirs is None or self.explicit or not other.explicit:
            return False
        days = self.grain == other.grain == "day" and mine == self.last and theirs == other.last
        return days and (mine.year + 1, mine.month, mine.day) == (
            theirs.year, theirs.month, theirs.day
        )  # fmt: skip


def western_digits(text: str) -> str:
    """Arabic-Indic and Persian digits as 0-9, character for character."""
    return text.translate(_DIGITS)


@lru_cache(maxsize=256)
def day_order(text: str, language: str) -> str:
    """ "dmy" or "mdy": read off the text's own unambiguous dates, else the language's habit."""
    votes = 0
    for m in re.finditer(r"\b(\d{1,2})[/.](\d{1,2})(?:[/.]\d{2,4})\b", western_digits(text)):
        first, second = int(m.group(1)), int(m.group(2))
        votes += (12 < first <= 31 and second <= 12) - (12 < second <= 31 and first <= 12)
    if votes:
        return "dmy" if votes > 0 else "mdy"
    return "mdy" if language in _MONTH_FIRST else "dmy"


@lru_cache(maxsize=20_000)
def dates(
    text: str, language: str, base: date | None = None, order: str | None = None
) -> tuple[When, ...]:
    """The date mentions in `text`, in order and without overlap."""
    flat = western_digits(text)
    order = order or day_order(text, language)
    found: list[When] = []
    taken: list[tuple[int, int]] = []
    for when in _candidates(flat, language, base, order):
        if any(when.start < b and a < when.end for a, b in taken):
            continue
        taken.append((when.start, when.end))
        told = replace(when, text=text[when.start : when.end])
        found.append(_ahead_of(told, text, language, base) if base else told)
    found.sort(key=lambda w: w.start)
    return tuple(_join_weekdays(text, found, base))


def _ahead_of(when: When, text: str, language: str, base: date) -> When:
    """A day without a year that is long past, in a clause that tells what will be, is the next such
    day: "the talks will open on January 22"."""
    day = when.first
    if when.explicit or when.grain != "day" or day is None or when.last != day:
        return when
    if (base - day).days < _LONG_PAST or not _foretold(language).search(_clause(text, when)):
        return when
    try:
        coming = day.replace(year=day.year + 1)
    except ValueError:  # the 29th of February
        return when
    return replace(when, first=coming, last=coming) if coming > base else when


_LONG_PAST = 183  # days


def _clause(text: str, when: When) -> str:
    """The stretch around a date between stronger marks than a comma."""
    before = re.split(r"[.;:!?؟。]\s", text[: when.start])[-1]
    return before + re.split(r"[.;:!?؟。]\s", text[when.end :])[0]


@lru_cache(maxsize=32)
def _foretold(language: str) -> re.Pattern[str]:
    """What says that a clause tells of what is to come."""
    phrases = sorted(lexicon.phrases(language, "predictions"), key=len, reverse=True)
    told = [*map(re.escape, phrases), *_TO_COME.get(language, "").split()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(told)})(?!\w)", re.IGNORECASE)


# Verbs that tell what is to come, or was to come when it was announced ("would open").
_TO_COME = {
    "en": "would", "id": "akan", "de": "wird werden würde würden soll sollen sollten",
    "fr": r"\w{3,}(?:ra|ront|rait|raient)", "es": r"\w{3,}(?:rá|rán|ría|rían)",
    "pt": r"\w{3,}(?:rá|rão|ria|riam)", "it": r"\w{3,}(?:rà|ranno|rebbe|rebbero)",
    "nl": "zal zullen zou zouden", "tr": r"\w{2,}(?:[ae]ca[kğ]|[ae]ce[kğ])\w{0,7}",
    "ru": r"(?:откро|начн|пройд)\w+ состо[ия]тся", "fa": "خواهد خواهند", "ar": rf"{arabic.WILL} سوف",
}  # fmt: skip


def _candidates(flat: str, language: str, base: date | None, order: str) -> Iterator[When]:
    """Mentions from the most to the least specific pattern; overlaps are settled by the caller."""
    matches = _matches(flat, language)

    def found(pattern: str) -> Iterable[re.Match[str]]:
        return matches.get(pattern, ())

    if eastasian.SCRIPT.search(flat):
        for start, end, first, last, grain, told in eastasian.dates(flat, base):
            yield When(start=start, end=end, text="", grain=grain, first=first, last=last,
                       explicit=told)  # fmt: skip
    for m in found("iso"):
        yield from _day(m, int(m[1]), int(m[2]), int(m[3]), explicit=True)
    for m in found("numeric"):
        day, month = _ordered(int(m[1]), int(m[2]), order)
        yield from _day(m, _century(int(m[3])), month, day, explicit=True)
    for m in found("day_range"):
        yield from _range(m, base)
    for m in found("month_range"):
        yield from _range(m, base)
    for m in found("day_month"):
        yield from _day_month(m, int(m["day"]), m["month"], m["year"], base)
    if language == "fa" and "iso" in matches:
        yield from _iranian(flat, base)
    for m in found("arabic_day"):
        day = _ARABIC_DAYS[re.sub(r"\s+", " ", m["ordinal"])]
        yield from _day_month(m, day, m["month"], m["year"], base)
    for m in found("month_day"):
        yield from _day_month(m, int(m["day"]), m["month"], m["year"], base)
    for m in found("month_year"):
        month = lexicon.month_number(m["month"]) or 1
        yield _month(m, int(m["year"]), month, m["part"], language)
    for m in found("month_alone"):
        if base is None or not _credible_month(m["month"], language):
            continue
        month = lexicon.month_number(m["month"]) or 1
        year = base.year if month <= base.month else base.year - 1
        if (m["last"] or m["last_before"]) and month == base.month:
            year -= 1
        yield _month(m, year, month, m["part"], language)
    for m in found("relative_month"):
        if base is not None:
            year, month = base.year, base.month - bool(m["last"] or m["last_before"])
            year, month = (year - 1, 12) if month == 0 else (year, month)
            yield _month(m, year, month, m["part"], language)
    for m in found("short"):
        day, month = _ordered(int(m["a"]), int(m["b"]), order)
        yield from _short(m, day, month, base)
    for m in found("relative_day"):
        if base is not None:
            then = base + timedelta(days=_relative_days(language)[m[0].casefold()])
            yield When(start=m.start(), end=m.end(), text="", grain="day", first=then, last=then)
    for m in found("weekday_day"):
        yield from _weekday_day(m, base)
    for m in found("weekday_in_brackets"):
        yield from _weekday_in_brackets(m, base)
    for m in found("weekday"):
        number = lexicon.weekday_number(m["weekday"])
        if number is not None and _credible_weekday(m["weekday"], language):
            yield _weekday(m, number, base)
    for m in found("year"):
        year = int(m["year"])
        yield When(
            start=m.start("year"), end=m.end(), text="", grain="year",
            first=date(year, 1, 1), last=date(year, 12, 31),
        )  # fmt: skip


# What must stand in a text for each pattern to be looked for.
_NEEDS = {
    "iso": {"digit"},
    "numeric": {"digit"},
    "day_range": {"digit", "month"},
    "month_range": {"to", "month"},
    "day_month": {"digit", "month"},
    "arabic_day": {"month"},
    "month_day": {"digit", "month"},
    "month_year": {"digit", "month"},
    "month_alone": {"month"},
    "relative_month": {"month word"},
    "short": {"slash"},
    "relative_day": {"relative day"},
    "weekday_day": {"digit", "weekday"},
    "weekday_in_brackets": {"digit", "pt"},
    "weekday": {"weekday"},
    "year": {"digit"},
}


@lru_cache(maxsize=512)
def _matches(flat: str, language: str) -> dict[str, tuple[re.Match[str], ...]]:
    """What each pattern finds in a text, whatever day it is read from."""
    patterns, there = _patterns(language), _there(flat, language)
    return {
        name: tuple(getattr(patterns, name).finditer(flat))
        for name, needs in _NEEDS.items()
        if there >= needs
    }


def _there(flat: str, language: str) -> frozenset[str]:
    """What a date may be made of that stands in the text. To look for single words takes a tenth of
    the time of the patterns that need them."""
    low = _caseless(flat)
    there = {kind for kind, words in _heads(language) if any(map(low.__contains__, words))}
    there |= {kind for kind, mark in _MARKS.items() if mark.search(flat)}
    return frozenset({language, *there})


_MARKS = {
    "digit": re.compile(r"\d"),
    "slash": re.compile(r"\d/\d"),
    "to": re.compile(r"\d\s*(?:-|–|to|and|through)\s*\d", re.IGNORECASE),
}


@lru_cache(maxsize=16)
def _heads(language: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The first words of the names that stand in patterns; of "juli" and "jul" the shorter."""
    named: dict[str, Iterable[object]] = {
        "month": lexicon.month_names(language),
        "weekday": lexicon.weekday_names(),
        "month word": lexicon.frames(language)["month_word"],
        "relative day": _relative_days(language),
    }
    heads = {
        k: {_caseless(str(n)).split()[0] for n in v if str(n).strip()} for k, v in named.items()
    }
    return tuple(
        (kind, frozenset(w for w in words if not any(o != w and o in w for o in words)))
        for kind, words in heads.items()
    )


def _caseless(text: str) -> str:
    """Letters that a pattern takes for the same: the Turkish i with and without a dot, too."""
    return text.casefold().replace("\u0307", "").replace("ı", "i")


_IRANIAN = re.compile(
    rf"(?<!\w)(?P<day>\d{{1,2}})\s+(?P<month>{'|'.join(persian.JALALI)})(?!\w)(?:\s+ماه(?!\w))?"
    r"(?:\s*،?\s+(?:سال\s+)?(?P<year>1[34]\d\d)(?!\w))?"
)
_ALSO_WORDS = ("تیر", "مهر", "دی")  # months of the Iranian calendar: "arrow", "love"


def _iranian(flat: str, base: date | None) -> Iterator[When]:
    """Days of the Iranian calendar: "۱۷ آبان ۱۳۹۲" is 8 November 2013."""
    for m in _IRANIAN.finditer(flat):
        month, day = persian.JALALI.index(m["month"]) + 1, int(m["day"])
        then = None
        if m["year"]:
            then = persian.gregorian(int(m["year"]), month, day)
        elif m["month"] in _ALSO_WORDS:
            continue
        elif base is not None:
            years = (base.year - 621, base.year - 622)
            days = [d for y in years if (d := persian.gregorian(y, month, day))]
            then = next((d for d in days if d <= base + timedelta(days=_SLACK)), None)
        yield When(start=m.start(), end=m.end(), text="", grain="day", first=then, last=then,
                   explicit=bool(m["year"]))  # fmt: skip


# ---------------------------------------------------------------- patterns


@dataclass(frozen=True)
class _Patterns:
    iso: re.Pattern[str]
    numeric: re.Pattern[str]
    day_range: re.Pattern[str]
    month_range: re.Pattern[str]
    day_month: re.Pattern[str]
    arabic_day: re.Pattern[str]
    month_day: re.Pattern[str]
    month_year: re.Pattern[str]
    month_alone: re.Pattern[str]
    relative_month: re.Pattern[str]
    short: re.Pattern[str]
    relative_day: re.Pattern[str]
    weekday_day: re.Pattern[str]
    weekday_in_brackets: re.Pattern[str]
    weekday: re.Pattern[str]
    year: re.Pattern[str]


@lru_cache(maxsize=16)
def _patterns(language: str) -> _Patterns:
    month = _any(lexicon.month_names(language))
    weekday = _any(lexicon.weekday_names())
    frame = lexicon.frames(language)
    last, this = _any(frame["last"]), _any(frame["this"])
    part = _any([*frame["early"], *frame["mid"], *frame["late"]])
    month_word = _any(frame["month_word"])
    to = (
        r"(?:-|–|по|на|до|и|to|and|hingga|sampai|dan|au|à|et|al|a|y|bis|und|ile|ila|i|إلى|حتى|و|تا)"
    )
    if language == "pt":
        to = to[:-1] + "|e|ao?|até)"
    if language == "nl":
        to = r"(?:-|–|tot(?:\s+en\s+met)?|t/m|en|op)"
    the = r"(?:(?:the|le|el|den|dem)\s+)?"
    nth = r"(?:st|nd|rd|th|er|ème|º|ª|\.|-?(?:го|е|ое|му))?"
    nth = nth.replace("º", r"\.?º") if language == "pt" else nth
    dia = r"(?:dia\s+)?" if language == "pt" else ""
    brackets = r"(?:,?\s*dia\s+|\(\s*)" if language == "pt" else r"(?!)"
    if language == "it":  # "dal 15 al 28", "tra l'8 e il 10", "il 1° dicembre"
        to, the, nth = to[:-1] + "|e|all['’])", r"(?:il\s+|l['’])?", r"(?:º|°)?"
    of = r"(?:\s+(?:de|del|of|du|من|سال|ماه))?"
    year = r"(?P<year>(?:19|20)\d\d)(?:\s+(?:год[ауе]?|годом)\b|\s*г\.(?!\w))?"
    b, e = r"(?<![\d/.,_A-Za-zÀ-ÿА-яЁё])(?<![\u0620-\u0647\u0649-\u064a]{2})", r"(?![\w/]|[.,]\d)"
    year_tail = rf"(?:{of}\s*,?\s*{year})?"
    if language == "tr":  # "16 Aralık'ta, 2014 yılında": two dates
        year_tail = rf"(?:\s+{year})?"
    relative = _any(_relative_days(language)) if _relative_days(language) else r"(?!)"
    flags = re.IGNORECASE
    return _Patterns(
        iso=re.compile(rf"{b}((?:19|20)\d\d)-(\d\d)-(\d\d){e}"),
        numeric=re.compile(rf"{b}(\d{{1,2}})[/.\-](\d{{1,2}})[/.\-](\d{{4}}|\d{{2}}){e}"),
        day_range=re.compile(
            rf"{b}(?P<day>\d{{1,2}}){nth}\s*{to}\s*{the}(?P<until>\d{{1,2}}){nth}{of}\s+"
            rf"(?P<month>{month})\.?{year_tail}{e}", flags),
        month_range=re.compile(
            rf"{b}(?P<month>{month})\b\.?\s+(?P<day>\d{{1,2}})\s*(?:-|–|to|and|through)\s*"
            rf"(?P<until>\d{{1,2}})(?:,?\s+{year})?{e}(?!\s+(?:{month})\b)", flags),
        day_month=re.compile(
            rf"{b}{dia}(?P<day>\d{{1,2}}){nth}{of}\s+(?P<month>{month})\b\.?{year_tail}{e}", flags),
        arabic_day=re.compile(
            rf"(?<!\w)[وفب]?(?P<ordinal>{_any(_ARABIC_DAYS)})\s+(?:من\s+)?(?:شهر\s+)?"
            rf"(?P<month>{month})\b{year_tail}{e}"),
        month_day=re.compile(
            rf"{b}(?P<month>{month})\b\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b"
            rf"(?!\s*(?:%|million|juta))(?:,?\s+{year})?{e}", flags),
        month_year=re.compile(
            rf"{b}(?:(?P<part>{part})[\s\-]+(?:(?:in|of|de|d'|bulan|شهر|im)\s+)?)?"
            rf"(?P<month>{month})\b\.?{of}\s*,?\s*{year}{e}", flags),
        month_alone=re.compile(
            rf"{b}(?:(?P<part>{part})[\s\-]+(?:(?:in|of|de|d'|bulan|شهر|im)\s+)?)?"
            rf"(?:(?P<last_before>{last}|{this})\s+)?(?P<month>{month})\b"
            rf"(?:\s+(?P<last>{last}|{this}))?{e}", flags),
        relative_month=re.compile(
            rf"{b}(?:(?P<part>{part})\s+(?:(?:of|de|du|d'|des)\s+)?)?(?:"
            rf"{month_word}\s+(?:(?P<last>{last})|{this})|"
            rf"(?:(?P<last_before>{last})|{this})\s+{month_word}){e}", flags),
        short=re.compile(
            rf"(?:(?P<weekday>{weekday})\s*,?\s*)?[(\[]?{b}(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})"
            r"(?![\w/]|[.,]\d)[)\]]?", flags),
        relative_day=re.compile(rf"(?<!\w){relative}(?!\w)", flags),
        weekday_day=re.compile(
            rf"(?<!\w)(?P<weekday>{weekday})\s+(?:le\s+|the\s+)?(?P<day>\d{{1,2}}){nth}"
            rf"(?=\s*(?:[,;)]|$))", flags),
        weekday_in_brackets=re.compile(
            rf"(?<!\w)(?P<weekday>{weekday}|(?:segunda|terça|quarta|quinta|sexta)(?=,?\s*(?:\(|dia\s)))"
            rf"\s*{brackets}(?P<day>\d{{1,2}})(?![\w/]|[.,]\d|\s+de\s)\)?", flags),
        weekday=re.compile(rf"(?<!\w)(?:ال)?(?P<weekday>{weekday})(?!\w)", flags),
        year=re.compile(rf"{b}{year}(?![\w/%]|[.,\-]\d|\s*%)"),
    )  # fmt: skip


def _any(names: object) -> str:
    listed = sorted({str(n) for n in names}, key=len, reverse=True)  # type: ignore[attr-defined]
    return "(?:" + "|".join(re.escape(n).replace(r"\ ", r"\s+") for n in listed) + ")"


@lru_cache(maxsize=16)
def _relative_days(language: str) -> dict[str, int]:
    return {str(k).casefold(): int(v) for k, v in lexicon.frames(language)["relative_days"].items()}


# ---------------------------------------------------------------- one mention each


def _ordered(a: int, b: int, order: str) -> tuple[int, int]:
    """(day, month) in the given order, turned round where only the other one can be."""
    day, month = (a, b) if order == "dmy" else (b, a)
    return (month, day) if month > 12 >= day else (day, month)


def _century(year: int) -> int:
    return year if year > 99 else 2000 + year if year < 70 else 1900 + year


def _day(m: re.Match[str], year: int, month: int, day: int, *, explicit: bool) -> Iterator[When]:
    try:
        then = date(year, month, day)
    except ValueError:
        return
    yield When(start=m.start(), end=m.end(), text="", grain="day", first=then, last=then,
               explicit=explicit)  # fmt: skip


def _day_month(
    m: re.Match[str], day: int, name: str, year: str | None, base: date | None
) -> Iterator[When]:
    month = lexicon.month_number(re.sub(r"\s+", " ", name))
    if not month or not 1 <= day <= 31:
        return
    if year:
        yield from _day(m, int(year), month, day, explicit=True)
    else:
        yield from _short(m, day, month, base)


def _short(m: re.Match[str], day: int, month: int, base: date | None) -> Iterator[When]:
    """A day and a month without a year."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return
    groups = m.groupdict()
    start, end = m.start(), m.end()
    if "a" in groups:  # 12/11: only with a weekday or in brackets, else it may be a fraction
        if not groups.get("weekday") and m.group()[:1] not in "([":
            return
        start, end = (start if groups.get("weekday") else m.start("a")), m.end("b")
    weekday = lexicon.weekday_number(groups["weekday"]) if groups.get("weekday") else None
    then = None
    if base is not None:
        for year in (base.year + 1, base.year, base.year - 1, base.year - 2, base.year - 3):
            try:
                candidate = date(year, month, day)
            except ValueError:
                continue
            if candidate <= base + timedelta(days=_SLACK):
                then = candidate
                break
    yield When(start=start, end=end, text="", grain="day", first=then, last=then, weekday=weekday)


def _range(m: re.Match[str], base: date | None) -> Iterator[When]:
    begins = list(_day_month(m, int(m["day"]), m["month"], m["year"], base))
    ends = list(_day_month(m, int(m["until"]), m["month"], m["year"], base))
    if begins and ends and int(m["day"]) < int(m["until"]):
        first, last = begins[0].first, ends[0].last
        if first and last and first > last:  # the base lies between them
            last = last.replace(year=first.year)
        yield replace(begins[0], first=first, last=last)


def _month(m: re.Match[str], year: int, month: int, part: str | None, language: str) -> When:
    days = calendar.monthrange(year, month)[1]
    first, last = 1, days
    if part:
        low = part.casefold()
        if low in lexicon.phrases(language, "early"):
            last = 12
        elif low in lexicon.phrases(language, "mid"):
            first, last = 8, 23
        else:
            first = 18
    return When(start=m.start(), end=m.end(), text="", grain="part" if part else "month",
                first=date(year, month, first), last=date(year, month, last))  # fmt: skip


def _weekday_day(m: re.Match[str], base: date | None) -> Iterator[When]:
    """ "miércoles 13": the latest such day of a month up to the base."""
    day, number = int(m["day"]), lexicon.weekday_number(m["weekday"])
    if number is None or not 1 <= day <= 31:
        return
    then = base
    for _ in range(62):
        if then is None or then.day == day:
            break
        then -= timedelta(days=1)
    yield When(start=m.start(), end=m.end("day"), text="", grain="day", first=then, last=then,
               weekday=number)  # fmt: skip


def _weekday_in_brackets(m: re.Match[str], base: date | None) -> Iterator[When]:
    """ "segunda-feira (25)", "segunda, dia 25": the latest day up to the week ahead that is both."""
    name = m["weekday"]
    number = lexicon.weekday_number(name)
    number = lexicon.weekday_number(f"{name}-feira") if number is None else number
    if number is None or not 1 <= int(m["day"]) <= 31:
        return
    around = [base + timedelta(days=n) for n in range(_AHEAD, -62, -1)] if base else []
    both = [d for d in around if d.day == int(m["day"]) and d.weekday() == number]
    then = both[0] if both else None
    yield When(start=m.start(), end=m.end(), text="", grain="day", first=then, last=then,
               weekday=number)  # fmt: skip


def _weekday(m: re.Match[str], number: int, base: date | None) -> When:
    then = None if base is None else base - timedelta(days=(base.weekday() - number) % 7)
    return When(start=m.start(), end=m.end(), text="", grain="day", first=then, last=then,
                weekday=number)  # fmt: skip


def _credible_month(name: str, language: str) -> bool:
    """A month's name alone is one only in full and, where the language writes it so, in capitals."""
    if len(name) < 3 or (
        len(name) == 3 and name.casefold() not in ("mei", "may", "mai", "май", "мая", "мае", "آب")
    ):
        return False
    capital = language in ("en", "de", "id", "tr", "ms")
    return not capital or name[0].isupper()


def _credible_weekday(name: str, language: str) -> bool:
    """ "minggu" is also a week and "dimanche" never wants a capital."""
    return language not in ("en", "de", "id", "tr", "ms") or name[0].isupper()


def _join_weekdays(text: str, found: list[When], base: date | None) -> Iterator[When]:
    """Make one mention of a weekday and the date that follows or precedes it."""
    i = 0
    while i < len(found):
        when = found[i]
        if i + 1 < len(found):
            after = found[i + 1]
            between = text[when.end : after.start]
            bare_day = (
                when.weekday is not None and when.grain == "day" and when.end - when.start < 16
            )
            if (
                bare_day
                and after.weekday is None
                and after.grain == "day"
                and re.fullmatch(
                    r"\s*[,،]?\s*[(\[]?(?:the|le|el|den|dem|dia|tanggal|الموافق)?\s*", between
                )
            ):
                end = after.end + (text[after.end : after.end + 1] in (")", "]") and "(" in between)
                yield replace(after, start=when.start, end=end, text=text[when.start : end],
                              weekday=when.weekday)  # fmt: skip
                i += 2
                continue
            told = after.weekday is not None and after.end - after.start < 16
            if (
                told
                and when.weekday is None
                and when.grain == "day"
                and re.fullmatch(r"\s+\(?", between)
                and not when.text.endswith(".")
            ):  # "17 Kasım Pazar", "8 November (Friday)"
                end = after.end + (text[after.end : after.end + 1] == ")" and "(" in between)
                yield replace(when, end=end, text=text[when.start : end], weekday=after.weekday)
                i += 2
                continue
        yield when
        i += 1
