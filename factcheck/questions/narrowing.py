"""What a question narrows a search to: a time, a language of sources, a publisher or origin.

A follow-up that names one of them replaces the one that was asked for before; the others stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from factcheck.evidence import language_of, read_evidence
from factcheck.models import Evidence, Reference
from factcheck.origins import named_in
from factcheck.sources import Register
from factcheck.text.dates import When, dates
from factcheck.text.language import SERVED
from factcheck.text.words import is_arabic, tokens

_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a search is narrowed to: its name, which evidence fits, and which reports fit as a whole,
    judged without their texts. `whole`: no evidence fits out of any other report."""

    name: str
    fits: Callable[[Evidence], bool]
    report: Callable[[Reference], bool]
    whole: bool = False


# "Arabic sources", "media Arab": a language's name alone may be a people's.
_MEDIA = frozenset(
    """source sources report reports media press outlet outlets language text texts newspaper newspapers
    sumber media laporan berbahasa bahasa pers koran مصادر مصدر تقارير صحف إعلام sources presse médias
    rapports fuentes prensa medios informes quellen medien berichte presse kaynak kaynaklar basın""".split()
)


def filters(question: str, asked: str, language: str, base: date | None) -> list[Narrowed]:
    """What to narrow to; `asked` is the question with what came before."""
    out: list[Narrowed] = []
    whens = times(question, language, base) or times(asked, language, base)
    if whens:
        out.append(
            Narrowed(
                whens[0].text,
                lambda e: any(_of_time(e, w) for w in whens),
                lambda r: any(_published_in(r.published, w) for w in whens),
            )
        )
    spoken = _languages(question) or _languages(asked)
    if spoken:
        out.append(
            Narrowed(
                ", ".join(spoken.values()),
                lambda e: language_of(e.reference) in spoken,
                lambda r: r.language in spoken or r.language == "und",
                whole=True,
            )
        )
    register = Register.load()
    named = _sources(question, register) or _sources(asked, register)
    if named:
        out.append(
            Narrowed(
                ", ".join(sorted(named)),
                lambda e: _wanted(named_in(e, register), named, register),
                lambda r: _wanted(_makers(r.publisher, r.origins), named, register),
            )
        )
    return out


@lru_cache(maxsize=4096)
def _makers(publisher: str, origins: tuple[str, ...]) -> frozenset[str]:
    """The sources that publish a report or stand behind it."""
    register = Register.load()
    return frozenset(n.source.short for text in (publisher, *origins) for n in register.find(text))


def times(text: str, language: str, base: date | None) -> list[When]:
    """The times that a question names. Without an article a month is read as one of this year."""
    found = [w for w in dates(text, language, base or date.today()) if w.first]
    if not found and language != "en":
        found = [w for w in dates(text, "en", base or date.today()) if w.first]
    return found


def _of_time(evidence: Evidence, when: When) -> bool:
    """The report is of that time, or the sentence speaks of it. A month or a day without a year is
    that of any year."""
    if _published_in(evidence.reference.published, when):
        return True
    own = [w for w in read_evidence(evidence).dates if w.first]
    if not _of_any_year(when):
        return any(w.overlaps(when) for w in own)
    days = [(w.first.month, w.first.day if w.grain == "day" else 0) for w in own
            if w.first and w.grain in ("day", "part", "month")]  # fmt: skip
    return any(_same(when, month, day) for month, day in days)


def _published_in(day: date | None, when: When) -> bool:
    """The day of publication is of that time."""
    assert when.first and when.last
    if day is None:
        return False
    if _of_any_year(when):
        return _same(when, day.month, day.day)
    return when.first <= day <= when.last


def _of_any_year(when: When) -> bool:
    named = when.grain in ("month", "day") and not _YEAR.search(when.text)
    return named and not when.explicit


def _same(when: When, month: int, day: int) -> bool:
    """The same month or, where `when` is a day, the same day of the year."""
    assert when.first
    return when.first.month == month and (when.grain == "month" or when.first.day == day)


def _languages(text: str) -> dict[str, str]:
    """The codes of the languages in which sources are asked for, with the words for them."""
    found = [w for w, _, _ in tokens(text)]
    out: dict[str, str] = {}
    for at, word in enumerate(found):
        code = _language_named(word.casefold())
        around = {_unjoined(w) for w in found[max(0, at - 2) : at + 3]}
        if code and _MEDIA & around:
            out[code] = word
    return out


def _unjoined(word: str) -> str:
    """A word in lower case; an Arabic one without "and" and "the", which are written onto it."""
    low = word.casefold()
    return low.removeprefix("و").removeprefix("ال") if is_arabic(low) else low


def _sources(text: str, register: Register) -> frozenset[str]:
    return frozenset(n.source.short for n in register.find(text))


def _wanted(named: frozenset[str], wanted: frozenset[str], register: Register) -> bool:
    """One of the named sources is wanted; a head stands for its whole family."""
    heads = {w for w in wanted if register.family(w) == w}
    return bool(named & wanted) or bool(heads & {register.family(n) for n in named})


@lru_cache(maxsize=512)
def _language_named(word: str) -> str:
    """The code of the language that a word names ("Arabic", "Arab", "arabe", "arabischen")."""
    from babel import Locale

    if not word:
        return ""
    for ui in ("en", "id", "ar", "fr", "es", "de", "tr"):
        names: Sequence[tuple[str, str]] = [
            (code, Locale.parse(ui).languages.get(code, "").casefold()) for code in SERVED
        ]
        for code, name in names:
            inflected = ui in ("fr", "es", "de") and len(name) > 4 and word.startswith(name)
            if word == name or inflected or word.rstrip("se") == name.rstrip("se") != "":
                return code
    return {"arab": "ar", "inggris": "en", "عربية": "ar"}.get(word.removeprefix("ال"), "")
