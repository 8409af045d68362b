"""Figures in running text, with scale, unit, bound and what they count; and their comparison.

"2,2 juta" (id), "2.2 million" (en), "٢٫٢ مليون" (ar) and "2,2 millions" (fr) are one figure, and
"100.000" is a hundred thousand in Indonesian and German but a hundred in English. Numbers that
name rather than count (Base 80, 22nd), dates and times of day are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from factcheck.text import eastasian, italian, lexicon, persian, russian, turkish
from factcheck.text.dates import dates, western_digits
from factcheck.text.number_words import amounts, half_behind, scales_of, short_scales
from factcheck.text.numbers import BLANKS, parse_number
from factcheck.text.words import Word, words

_NUMBER = re.compile(
    rf"(?<![\d.,/_A-Za-zÀ-ÿ])(?:\d{{1,3}}(?:[.,٬’'][0-9]{{3}})+(?:[.,٫]\d+)?"
    rf"|\d{{1,3}}(?:[{BLANKS}]\d{{3}})+(?:[,.٫]\d+)?(?!\d)"
    r"|\d+(?:[.,٫]\d+)?)(?![/\d]|[.,]\d)"
)
_ORDINAL = re.compile(
    r"(?:st|nd|rd|th|er|re|e|ème|º|ª|\.º|\.ª|ste|de)(?!\w)|-?(?:fold|fach)|-[а-яё]+", re.IGNORECASE
)
_TIME = re.compile(
    rf"[{BLANKS}]?(?:a\.?m\b|p\.?m\b|uhr\b|h\b|wib\b|gmt\b|o'clock)|:\d\d", re.IGNORECASE
)
_HOUR_BEFORE = re.compile(r"(?:pukul|jam|saat|الساعة|ساعت)\s*$", re.IGNORECASE)
_TIME_BEFORE = re.compile(r"(?:pukul|jam|at|um|om|saat|الساعة|ساعت)\s*$", re.IGNORECASE)
_DUTCH_HOUR = re.compile(r"\s*uur\b")  # behind "om": else a duration
_HOUR = re.compile(r"[01]?\d|2[0-4]")
_CLOCK_TIME = re.compile(rf"(?:{_HOUR.pattern})[.:][0-5]\d")
LABELS = (
    "base|basis|pangkalan|brigade|brigada|batalyon|battalion|bataillon|stützpunkt|"
    "batalhão|divisão|regimento|resolução|artigo|genebra|"
    "division|divisi|división|regiment|resimen|regimiento|liwa|resolution|resolusi|résolution|"
    "resolución|article|artikel|pasal|artículo|route|highway|geneva|jenewa|genève|ginebra|genf|"
    "bataljon|divisie|resolutie|snelweg|"
    "база|базы|базе|базу|базой|бригада|бригады|бригаде|бригаду|бригадой|полк|полка|полку|дивизия|"
    "дивизии|резолюция|резолюции|резолюцию|статья|статьи|статье|статью|женева|женеве|женеву|"
    "القاعدة|قاعدة|اللواء|لواء|الفوج|القرار|قرار|المادة|الفرقة|جنيف|"
    "پایگاه|تیپ|لشکر|گردان|هنگ|قطعنامه|قطع‌نامه|ماده|ژنو|"
    "brigata|battaglione|divisione|reggimento|risoluzione|articolo|ginevra|"
    "üs|tugay|tümen|alay|tabur|cenevre"
)  # nouns that a number names: Base 80, Resolution 2254
_LABEL = re.compile(
    rf"(?<![\w'’])(?:{LABELS}|chapter|bab|no|nomor|number|nr|boeing|airbus|fact\s+sheet|page|hal|war|"
    r"№|боинг|глава|perang|g|f|s)\.?\s*[-–]?\s*$",
    re.IGNORECASE,
)
_SLASHED = re.compile(  # a Persian decimal: "۲/۳ درصد"
    r"(?<![\d/.,])(\d+)/(\d{1,2})(?=\s*(?:درصد|٪|%|هزار|میلیون|میلیارد))"
)
_BEYOND = 1.0001  # what "more than" and "less than" leave out
_ROUNDING = 0.015  # share by which a round number may stand for another
_LOOSE_BEFORE = 48  # characters searched for a bound before a figure

# Units by a first word; a figure of one unit is never compared with one of another.
_UNITS = {
    "percent": "percent",
    "year": "tahun year years yr عام عاما سنة سنوات أعوام ans an année années año años jahr jahre jahren yıl "
    "jaar jaren",
    "month": "bulan month months شهر أشهر شهرا mois mes meses monat monate monaten ay maand maanden",
    "week": "pekan minggu week weeks أسبوع أسابيع semaine semaines semana semanas woche wochen hafta weken",
    "day": "hari day days يوم أيام يوما jour jours día días jour jours tag tage tagen gün dag dagen",
    "hour": "jam hour hours ساعة ساعات heure heures hora horas stunde stunden saat uur uren",
    "minute": "menit minute minutes دقيقة دقائق minutos minuten dakika minuut",
    "km": "km kilometer kilometre kilometers kilometres كيلومتر كلم kilomètres kilómetros kilometern",
    "mile": "mile miles mil ميل millas milles meilen mijl",
    "metre": "meter metre metres meters m متر مترا mètres metros",
    "kg": "kg kilogram kilograms kilogramme kilogrammes kilos كيلوغرام kilo",
    "tonne": "ton tons tonne tonnes طن toneladas tonnen",
    "sqkm": "km² km2 vierkante",
}
_UNIT_WORDS = {w: unit for unit, line in _UNITS.items() for w in line.split()}
_UNIT_WORDS |= persian.UNITS
_UNIT_WORDS |= {"ano": "year", "anos": "year", "mês": "month", "dia": "day", "dias": "day"}
_UNIT_WORDS |= {"minuto": "minute", "metro": "metre", "quilos": "kg", "quilogramas": "kg"}
_UNIT_WORDS |= dict.fromkeys(("quilómetros", "quilômetros", "quilómetro", "quilômetro"), "km")
_UNIT_WORDS |= {"milhas": "mile", "milha": "mile", "tonelada": "tonne"}
# Words of a unit that are other words elsewhere: German "gab 7.460 an", Indonesian "30-an".
_ONLY = {
    "an": "fr", "mes": "es", "ay": "tr", "mil": "tr", "jam": "id ms", "dia": "pt es", "dias": "pt es",
    "tag": "de", "tage": "de", "metro": "es it pt", "saat": "tr", "ora": "it",
}  # fmt: skip
_ROUND = 0.8, 1.25  # what "une centaine" admits, by its number
_DAY_NUMBER = re.compile(r"(?<!\w)dia\s+$", re.IGNORECASE)  # Portuguese "no dia 12"
_CLOCK = re.compile(r"h\d\d(?!\w)")  # and "às 20h30"
_ITALIAN = {
    "year": "anno anni",
    "month": "mese mesi",
    "week": "settimana settimane",
    "day": "giorno giorni giornate",
    "hour": "ora ore",
    "minute": "minuto minuti",
    "km": "chilometro chilometri",
    "mile": "miglio miglia",
    "metre": "metro metri",
    "kg": "chilo chili chilogrammi",
    "tonne": "tonnellata tonnellate",
}
_ITALIAN_UNITS = {w: unit for unit, line in _ITALIAN.items() for w in line.split()}
_UNIT_WORDS |= {w: unit for unit, line in russian.UNITS.items() for w in line.split()}
_MONEY_BEFORE = re.compile(r"(?:US\$|\$|€|£|¥|Rp\.?|USD|EUR|IDR)\s*$", re.IGNORECASE)
_MONEY_AFTER = re.compile(
    r"\s*(?:de |of |di )?(?:US )?(?:dollars?|dolar|دولار|euros?|يورو|rupiah|pounds?|dólares|pond|lira|yen|\$|€"
    r"|доллар\w*|долл\.?|евро|рубл\w+|фунт\w*)",
    re.IGNORECASE,
)
# Actions that happen to people, as the quantity that a figure of them counts.
ACTION_COUNTS = {
    "kill": "killed",
    "die": "killed",
    "execute": "killed",
    "injure": "wounded",
    "displace": "displaced_inside",
    "flee": "uprooted",
    "arrest": "detained",
    "infect_spread": "disease_cases",
    "vaccinate": "vaccinated",
}
_PEOPLE = frozenset(
    "civilians children women soldiers fighters foreign_fighters government_fighters sailors_crew "
    "staff_workers opposition_forces government_forces jihadists militia police activists "
    "journalists peacekeepers prisoners students".split()
)
_VAGUE = frozenset("people bodies registered_people awaiting_registration duration".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure: `low` to `high` is what its bound words and its rounding admit.

    `value` is the number written. `counts` names the quantity (killed, refugees, ...), `of` who
    (civilians, soldiers, ...); both are lexicon concepts and empty where the text does not say.
    bound: exact, more, least, about, nearly, most, less or range.
    """

    start: int
    end: int
    text: str
    value: float
    low: float
    high: float
    bound: str = "exact"
    unit: str = "count"
    counts: frozenset[str] = field(default_factory=frozenset)
    of: frozenset[str] = field(default_factory=frozenset)


@lru_cache(maxsize=20_000)
def figures(text: str, language: str) -> tuple[Figure, ...]:
    """The figures in `text`, in order; ranges are one figure."""
    flat = western_digits(text)
    if language == "fa":
        flat = _SLASHED.sub(r"\1.\2", flat)
    taken = [(w.start, w.end) for w in dates(text, language)]
    tokens = words(text, language)
    unspaced = eastasian.SCRIPT.search(text)
    digits = _unspaced_figures(text, flat) if unspaced else _digit_figures(text, flat, language)
    raw = [
        f
        for f in (*digits, *_word_figures(text, tokens, language))
        if not any(f.start < b and a < f.end for a, b in taken)
    ]
    raw.sort(key=lambda f: (f.start, -f.end))
    kept: list[Figure] = []
    for f in raw:
        if not kept or f.start >= kept[-1].end:
            kept.append(f)
    if language in _PARTS:
        kept = list(_sums(text, kept, language))
    kept = list(_ranges(text, kept, language))
    mentions = lexicon.mentions(text, language)
    ends = [w.end for w in tokens if language == "fa" and persian.finite(w.text)]
    beside = _CLOSE if language == "fa" else _BESIDE
    return tuple(_counted(text, kept, i, mentions, ends, beside) for i in range(len(kept)))


# ---------------------------------------------------------------- reading


def _digit_figures(text: str, flat: str, language: str) -> Iterator[Figure]:
    scales = scales_of(language)
    for m in _NUMBER.finditer(flat):
        after = text[m.end() : m.end() + 30]
        before = text[max(0, m.start() - 24) : m.start()]
        if language == "it" and italian.no_count(before, m.group(), after):
            continue
        if _ORDINAL.match(after) or _names(text, before, m, after, language):
            continue
        if (
            _TIME.match(after)
            or (_TIME_BEFORE.search(before) and _CLOCK_TIME.fullmatch(m.group()))
            or (_HOUR_BEFORE.search(before) and _HOUR.fullmatch(m.group()))
            or (_TIME_BEFORE.search(before) and _DUTCH_HOUR.match(after))
        ):
            continue
        if re.search(r"\bke$|[^\W\d_]-$|\d:$", before) or (
            language in ("de", "tr") and re.match(r"\.\s+[^\W\d]", after)
        ):
            continue
        scale, end = _scale(after, scales, m.end(), language)
        half, end = half_behind(text, end, scale, language)
        percent = _percent(text[end : end + 24], language)
        value = parse_number(m.group(), language, scaled=scale != 1 or percent)
        if value is None:
            continue
        yield _figure(
            text, language, m.start(), end, value * scale + half, _step(m.group(), value) * scale
        )


def _unspaced_figures(text: str, flat: str) -> Iterator[Figure]:
    """Figures of a Chinese, Japanese or Korean text."""
    for start, end, value, step, unit, bound in eastasian.figures(flat):
        low, high = _interval(value, step, bound)
        yield Figure(start=start, end=end, text=text[start:end], value=value, low=low, high=high,
                     bound=bound, unit=unit)  # fmt: skip


def _word_figures(text: str, tokens: list[Word], language: str) -> Iterator[Figure]:
    """Amounts in words ("dua ratus ribu")."""
    for told in amounts(text, tokens, language):
        step = _step(f"{told.value:.0f}", round(told.value))
        figure = _figure(text, language, told.start, told.end, told.value, step)
        if told.about and figure.bound == "exact":
            low, high = told.value * _ROUND[0], told.value * _ROUND[1]
            figure = replace(figure, bound="about", low=low, high=high)
        yield figure


# What stands between the parts of a number: "۴ هزار و ۴۶۰", "2 bin 300", "1 juta 200 ribu".
_PARTS = {
    "fa": re.compile(r"\s*و\s*"), "ar": re.compile(r"\s+و\s*"), "tr": re.compile(r"\s+"),
    "id": re.compile(r"\s+"), "ms": re.compile(r"\s+"), "es": re.compile(r"\s+"),
    "ru": re.compile(r"\s+"),
}  # fmt: skip


def _sums(text: str, found: list[Figure], language: str) -> Iterator[Figure]:
    """Numbers told in parts, of which each is smaller than the scale word before it."""
    joint = _PARTS[language]
    last: Figure | None = None
    for f in found:
        scale = _last_scale(last.text, language) if last else 1.0
        if (
            last
            and scale > f.value
            and f.bound == "exact"
            and joint.fullmatch(text[last.end : f.start])
        ):
            value = last.value + f.value
            low, high = _interval(value, _step(f"{value:.0f}", value), last.bound)
            last = replace(f, start=last.start, text=text[last.start : f.end], value=value,
                           low=low, high=high, bound=last.bound)  # fmt: skip
            continue
        if last:
            yield last
        last = f
    if last:
        yield last


def _last_scale(text: str, language: str) -> float:
    """The scale word that a figure ends with, as a factor."""
    word = re.search(r"\w+$", text)
    scale = scales_of(language).get(word.group().casefold(), 1.0) if word else 1.0
    return scale if scale >= 1000 else 1.0


def _scale(after: str, scales: dict[str, float], end: int, language: str) -> tuple[float, int]:
    """The scale word right after a number, read twice for "ribu juta" and the like."""
    if short := _short(after, language):
        return short[0], end + short[1]
    factor = 1.0
    while m := re.match(r"[\s\u00a0\u202f\-]*([^\W\d_]+)\.?", after):
        word = m.group(1).casefold()
        if language == "tr":
            word = turkish.uninflected(Word(word, 0, len(word), ""), "").text
        if word not in scales:
            break
        factor *= scales[word]
        size = m.end() if word in russian.CUT_SHORT else m.start(1) + len(word)
        end += size
        after = after[size:]
    return factor, end


def _short(after: str, language: str) -> tuple[float, int] | None:
    """The factor of letters written onto digits, and how many there are ("6.5bn"). An "m" is a metre
    unless many of something follow ("2.5m refugees")."""
    letters = re.match(r"[A-Za-z]{1,2}(?!\w)", after)
    factor = short_scales(language).get(letters.group().casefold()) if letters else None
    if not letters or factor is None:
        return None
    many = re.match(r" (?:[a-z]+ )?(?:[a-z]+s|people|children)\b", after[1:])
    if letters.group() == "m" and not many:
        return None
    return factor, letters.end()


def _percent(after: str, language: str) -> bool:
    return bool(_percent_sign(language).match(after))


@lru_cache(maxsize=64)
def _percent_sign(language: str) -> re.Pattern[str]:
    known = lexicon.phrases(language, "percent") | {"%", "٪", "percent"}
    signs = "|".join(map(re.escape, sorted(known, key=len)))
    return re.compile(rf"[\s\u00a0\u202f]*(?:{signs})", re.IGNORECASE)


def _step(token: str, value: float) -> float:
    """The unit of the last digit that carries meaning: 1 for 120,296, 1000 for 120,000."""
    digits = western_digits(token)
    if value != int(value):
        return float(10 ** -len(re.split(r"[.,٫]", digits)[-1]))
    plain = re.sub(r"\D", "", digits)
    zeros = len(plain) - len(plain.rstrip("0"))
    return float(10**zeros) if value >= 1000 else 1.0


def _names(text: str, before: str, m: re.Match[str], after: str, language: str) -> bool:
    """True for a number that names something: Base 80, Brigade 80, Geneva 2."""
    if len(m.group()) > 4:
        return False
    if _LABEL.search(before):
        return True
    if language == "pt" and (_DAY_NUMBER.search(before) or _CLOCK.match(after)):
        return True
    word = re.search(r"([^\W\d_]+)\s$", before)
    if not word or not word.group(1)[0].isupper() or language == "de":
        return False
    opens = m.start() - len(word.group()) <= 1 or re.search(
        r"[.!?:“\"(]\s*$", before[: word.start()]
    )
    return not opens and not re.match(r"\s+\w", after)


def _figure(text: str, language: str, start: int, end: int, value: float, step: float) -> Figure:
    after = text[end : end + 40]
    before = text[max(0, start - 8) : start]
    unit = "count"
    if _percent(after[:24], language):
        unit = "percent"
    elif _MONEY_BEFORE.search(before) or _MONEY_AFTER.match(after) or persian.MONEY.match(after):
        unit = "money"
    else:
        of = r"(?:di\s+)?" if language == "it" else ""
        counted = after[turkish.unit_begins(after) :] if language == "tr" else after
        m = re.match(rf"[\s\u00a0\u202f\-]*{of}([^\W_]+²?)", counted)
        word = m.group(1).casefold() if m else ""
        unit = _UNIT_WORDS.get(word, "count") if language in _ONLY.get(word, language) else "count"
        if language == "it":
            unit = _ITALIAN_UNITS.get(word, unit)
        if unit == "km" and re.match(
            r"\W*\w+\s*(?:²|persegi|square|carré|cuadrad|quadrad|quadrat|مربع)|\W*(?:кв\.|квадратн)",
            after,
        ):
            unit = "sqkm"
    bound, begin = _bound(text, start, end, language)
    low, high = _interval(value, step, bound)
    return Figure(start=begin, end=end, text=text[begin:end], value=value, low=low, high=high,
                  bound=bound, unit=unit)  # fmt: skip


def _bound(text: str, start: int, end: int, language: str) -> tuple[str, int]:
    """The bound word before a figure ("more than") and where the whole expression begins."""
    before = text[max(0, start - _LOOSE_BEFORE) : start]
    bare = re.sub(r"(?:US\$|\$|€|£|Rp\.?)\s*$", "", before)
    low = bare.casefold().replace("\u0307", "")  # of a Turkish capital i
    for name, phrase, pattern in _bounds(language):
        if phrase in low and (m := pattern.search(bare)):
            return name, start - len(before) + m.start()
    if language == "tr" and (name := turkish.bound(text[end : end + _LOOSE_BEFORE])):
        return name, start
    if re.match(
        r"\s+(?:or more|atau lebih|ou plus|ou mais|o más|oder mehr|и более|أو أكثر|o più)\b",
        text[end : end + 16],
    ):
        return "least", start
    return "exact", start


@lru_cache(maxsize=64)
def _bounds(language: str) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """The phrases of each bound and what finds them right before a figure, in the order in which they are
    tried: the longest first, since "no more than" holds "more than"."""
    joins = r"\s*(?:d'|de\s+|den\s+|عن\s+|من\s+)?$"
    no = r"(?<!non\s)" if language == "it" else ""  # "non più di 40" are 40 at most
    names = ("least", "more", "less", "nearly", "about", "most")
    listed = [(name, phrase) for name in names for phrase in lexicon.phrases(language, name)]
    return tuple(
        (
            name,
            phrase.casefold().replace("\u0307", ""),
            re.compile(rf"(?<!\w){no}[وفب]?{re.escape(phrase)}{joins}", re.IGNORECASE),
        )
        for name, phrase in sorted(listed, key=lambda x: (-len(x[1]), names.index(x[0]), x[1]))
    )


def _interval(value: float, step: float, bound: str) -> tuple[float, float]:
    half = min(step / 2, value * _ROUNDING) if step != 1.0 else 0.0
    match bound:
        case "more":
            return value * _BEYOND, value * 1.5
        case "least":
            return value - half, value * 1.5
        case "nearly":
            return value * 0.9, value
        case "about":
            slack = max(half, value * 0.03)
            return value - slack, value + slack
        case "most":
            return value * 0.8, value + half
        case "less":
            return value * 0.7, value / _BEYOND
    return value - half, value + half


def _ranges(text: str, found: list[Figure], language: str) -> Iterator[Figure]:
    joiners = lexicon.phrases(language, "range_to") | {"-", "–", "to"}
    openers = lexicon.phrases(language, "between")
    i = 0
    while i < len(found):
        a = found[i]
        if i + 1 < len(found):
            b = found[i + 1]
            between = text[a.end : b.start].strip().casefold()
            opened = any(
                text[max(0, a.start - 12) : a.start].strip().casefold().endswith(o) for o in openers
            )
            joins = between in joiners or (opened and len(between) <= 4)
            # "8.000 hingga 10.000": the joining word was read as the second one's bound
            joins = joins or (not between and b.bound == "most" and a.bound == "exact")
            if joins and (a.value < b.value or a.value < 1000 <= b.value):
                scale = b.value / a.value if b.value >= 1000 > a.value > 0 else 1.0
                low = a.value * (_scale_of(text, b) if scale > 1 else 1.0)
                yield Figure(start=a.start, end=b.end, text=text[a.start : b.end], value=b.value,
                             low=min(low, b.value), high=max(low, b.value), bound="range",
                             unit=b.unit)  # fmt: skip
                i += 2
                continue
        yield a
        i += 1


def _scale_of(text: str, figure: Figure) -> float:
    """The scale word inside a figure's text, as a factor."""
    number = _NUMBER.search(western_digits(figure.text))
    if not number:
        return 1.0
    for language in lexicon.LANGUAGES:
        factor, _ = _scale(figure.text[number.end() :], scales_of(language), 0, language)
        if factor > 1:
            return factor
    return 1.0


# ---------------------------------------------------------------- what is counted


def _counted(
    text: str,
    found: list[Figure],
    at: int,
    mentions: Sequence[lexicon.Mention],
    ends: list[int],
    beside: int,
) -> Figure:
    """Attach to a figure what it counts: the words right after it, then the verb around it. `ends`
    are where clauses end by their verb, `beside` how far a thing counted may stand from it."""
    f = found[at]
    ahead = min(found[at + 1].start if at + 1 < len(found) else len(text), _stop(text, f.end))
    ahead = min([ahead, *(e for e in ends if e > f.end)])
    behind = max(found[at - 1].end if at else 0, _stop_back(text, f.start))
    after = [m for m in mentions if f.end <= m.start < ahead]
    before = [m for m in mentions if behind <= m.start < f.start]
    if at + 1 < len(found) and any(
        f.start - m.end <= _ADJOINS and _acts(m.concept) for m in before
    ):
        # "killing 23 people and wounding over 140": each act stands before its own figure
        after = [m for m in after if found[at + 1].start - m.end > _ADJOINS or not _acts(m.concept)]
    specific: set[str] = set()
    of: set[str] = set()
    for m in after:
        _sort(m.concept, specific, of, m.start - f.end, beside)
    if not specific:
        for m in reversed(before):
            _sort(m.concept, specific, of if not of else set(), f.start - m.end, beside)
            if specific:
                who = [o for o in before if 0 <= m.start - o.end <= _ADJOINS]  # "rebel deaths"
                for o in () if of else [o for o in who if o.start == who[-1].start]:
                    _sort(o.concept, set(), of, 0, beside)
                break
    return Figure(start=f.start, end=f.end, text=f.text, value=f.value, low=f.low, high=f.high,
                  bound=f.bound, unit=f.unit, counts=frozenset(specific),
                  of=frozenset(of))  # fmt: skip


# What happens to people may stand anywhere around a figure; other things counted stand beside it.
FATES = frozenset(
    "killed wounded casualties missing_people displaced_inside refugees uprooted in_need affected "
    "homeless detained disease_cases vaccinated money_requested funding_share".split()
)
_ADJOINS = 1  # characters between an act and the figure that it governs
_BESIDE = 26  # characters between a figure and the thing that it counts
_CLOSE = 12  # the same where the noun follows its number at once, in Persian


def _sort(
    concept: lexicon.Concept, specific: set[str], of: set[str], distance: int, beside: int
) -> None:
    if concept.kind == "counted" and concept.name not in FATES | _PEOPLE and distance > beside:
        return
    if concept.name in _PEOPLE:
        of.add(concept.name)
    elif concept.name in ACTION_COUNTS:
        specific.add(ACTION_COUNTS[concept.name])
    elif concept.kind == "counted" and concept.name not in _VAGUE:
        specific.add(concept.name)


def _acts(concept: lexicon.Concept) -> bool:
    return concept.name in ACTION_COUNTS or concept.name in FATES


def _stop(text: str, at: int) -> int:
    m = re.search(r"[;:—–]|[,،؛]\s|\.\s|\s\(", text[at:])
    return at + m.start() if m else len(text)


_REACH = 500  # characters before a figure in which its verb may stand


def _stop_back(text: str, at: int) -> int:
    last = max(0, at - _REACH)
    for m in re.finditer(r"[;:—–]|[,،؛]\s|\.\s", text[last:at]):
        last = max(0, at - _REACH) + m.end()
    return last


# ---------------------------------------------------------------- comparison


def comparable(a: Figure, b: Figure) -> bool:
    """The two figures count the same thing in the same unit, as far as their words tell."""
    if a.unit != b.unit:
        return False
    if a.unit not in ("count", "percent", "money"):
        return True
    if not a.counts and not b.counts:
        return bool(a.of & b.of)
    wide_a, wide_b = lexicon.broadened(a.counts), lexicon.broadened(b.counts)
    same = bool(a.counts & wide_b or b.counts & wide_a)
    return same and (a.of == b.of or ((not a.of or not b.of) and a.of | b.of <= _VAGUE))


def agree(a: Figure, b: Figure) -> bool:
    """The two figures can both be right: what they admit overlaps, and of two plain numbers the
    looser one admits the other itself."""
    slack = 1e-9 * max(abs(a.value), abs(b.value), 1.0)
    (a_low, a_high), (b_low, b_high) = _admitted(a), _admitted(b)
    if not (a_low <= b_high + slack and b_low <= a_high + slack):
        return False
    if {a.bound, b.bound} <= {"exact", "about"}:
        return (
            a.low - slack <= b.value <= a.high + slack or b.low - slack <= a.value <= b.high + slack
        )
    return True


_OPEN = 0.3  # share by which what is counted may lie beyond an open bound


def _admitted(figure: Figure) -> tuple[float, float]:
    """What a figure admits. "At least 189,000" is a count with more to come, not any number above
    it: 819,000 is another count."""
    low, high = figure.low, figure.high
    if figure.bound in ("more", "least"):
        high = min(high, figure.value * (1 + _OPEN))
    if figure.bound in ("less", "most", "nearly"):
        low = max(low, figure.value * (1 - _OPEN))
    return low, high
