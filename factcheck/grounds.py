"""Does what an analyst typed stand on its sources? A figure, a date or a name out of nowhere is seen.

Analysts point, and code quotes; but a restated claim and an explanation are an analyst's own words.
A restatement is held against the article, an explanation against the quotations that it cites.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache

from factcheck.analysts.base import ClaimDraft
from factcheck.attribution import Frame, frame
from factcheck.models import Article, Attribution, Span
from factcheck.prompts import repeats
from factcheck.reading import read
from factcheck.sources import Register
from factcheck.text import lexicon
from factcheck.text.dates import When, dates, day_order, western_digits
from factcheck.text.figures import Figure, figures
from factcheck.text.fold import fold, folded
from factcheck.text.language import identify
from factcheck.text.machine import addresses_machine
from factcheck.text.names import Place, names, place_of, skeleton
from factcheck.text.quotes import anchor
from factcheck.text.scrub import one_line
from factcheck.text.split import sentences
from factcheck.text.words import is_arabic, tokens

_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f٫٬]\d+)*")
_LINK = re.compile(r"(?i)\b(?:https?|ftp|javascript|data|mailto):|\bwww\.|\]\(|<\s*[a-z/!]")
_CODE = re.compile(r"\b(?=\w*\d)(?=\w*[^\W\d_])\w{6,}\b")  # letters and digits: no word, no figure
_LONGER, _ROOM = 2.0, 80  # how much longer than its sentence a restatement may be, in characters
_SMALL = 12  # counts up to here may be the writer's own ("two reports")
_SINCE = timedelta(days=400)  # a relative date that only an analyst could work out lies this near
_NAME = 80  # characters of a speaker's name


class Grounds:
    """An article as the ground on which its restated claims must stand."""

    def __init__(self, article: Article) -> None:
        self.article = article

    def get_ready(self) -> Iterator[None]:
        """Read the article beforehand, step by step, so that holding drafts against it is quick."""
        a = self.article
        for part in ("_folded", "_written", "_figures", "_dates"):
            getattr(self, part)
            yield None
        for s in sentences(a.text, a.language):
            text = a.text[s.start : s.end]
            fold(text)
            if a.language in lexicon.LANGUAGES:
                _frame(text, a.language, a.published)
            dates(text, a.language, a.published, self._order)
            yield None

    def checked(self, draft: ClaimDraft, sentence: Span) -> ClaimDraft:
        """The draft with what does not stand in the article taken out: speakers whom it does not
        name; a statement with a figure or a date of its own gives way to the article's words."""
        if not draft.language:
            return draft  # made by rules out of the article's own words
        statement, language = one_line(draft.statement), draft.language
        if not statement or not self._bears(statement, language, sentence):
            statement, language = one_line(draft.anchor), ""
        chain = tuple(a for a in draft.attribution if self._names(a)) or self._spoken(
            draft, sentence
        )
        return replace(draft, statement=statement, language=language, attribution=chain)

    def _spoken(self, draft: ClaimDraft, sentence: Span) -> tuple[Attribution, ...]:
        """Who says so by the rules, where an analyst left out a speaker whom its anchor names."""
        text = self.article.text[sentence.start : sentence.end]
        if self.article.language not in lexicon.LANGUAGES:
            return ()
        chain = _frame(text, self.article.language, self.article.published).chain
        return chain if any(anchor(a.who, draft.anchor) for a in chain) else ()

    def _names(self, link: Attribution) -> bool:
        who = link.who.strip()
        if not 0 < len(who) <= _NAME:
            return False
        if anchor(who, self.article.text):
            return True
        # in Arabic a particle is written onto the name: "he told" + "to" + "the channel"
        joined = rf"(?<!\w)[وفبكل]{{1,2}}{re.escape(folded(who))}(?!\w)"
        return is_arabic(who) and bool(re.search(joined, self._folded))

    def _bears(self, statement: str, language: str, sentence: Span) -> bool:
        said = self.article.text[sentence.start : sentence.end]
        if len(statement) > _LONGER * len(said) + _ROOM or _LINK.search(statement):
            return False
        if any(m.group() not in self.article.text for m in _CODE.finditer(statement)):
            return False
        if repeats(statement) or addresses_machine(statement):
            return False
        base = self.article.published
        whens = dates(statement, language, base)
        plain = {f.value for f in self._figures}
        written = self._written
        for figure in figures(statement, language):
            if (
                figure.value > _SMALL
                and figure.value not in plain
                and not (_digits(figure.text) & written)
            ):
                return False
        here = dates(
            self.article.text[sentence.start : sentence.end],
            self.article.language, base, self._order,
        )  # fmt: skip
        return all(self._dated(w, here) for w in whens if w.first)

    def _dated(self, when: When, here: tuple[When, ...]) -> bool:
        if any(when.overlaps(w) for w in (*here, *self._dates)):
            return True
        base = self.article.published
        if base is None or when.first is None or when.last is None:
            return False
        read = any(w.first and w.grain == "day" for w in here)  # rules know the day, and it differs
        return not read and base - _SINCE <= when.last and when.first <= base + timedelta(days=31)

    @cached_property
    def _folded(self) -> str:
        return folded(self.article.text)

    @cached_property
    def _order(self) -> str:
        return day_order(self.article.text, self.article.language)

    @cached_property
    def _figures(self) -> tuple[Figure, ...]:
        a = self.article  # by the sentence: a long text at once takes minutes
        spans = sentences(a.text, a.language)
        return tuple(f for s in spans for f in figures(a.text[s.start : s.end], a.language))

    @cached_property
    def _written(self) -> set[str]:
        return _digits(self.article.text)

    @cached_property
    def _dates(self) -> tuple[When, ...]:
        a = self.article
        return dates(a.text, a.language, a.published, self._order)


# ---------------------------------------------------------------- explanations


@lru_cache(maxsize=2000)
def _frame(text: str, language: str, base: date | None) -> Frame:
    return frame(read(text, language, base))


@dataclass(frozen=True, slots=True)
class Ground:
    """A text that an explanation may rest on: a quotation, a publisher, the claim."""

    text: str
    published: date | None = None


def unproven(
    text: str, language: str, rests_on: Iterable[Ground], named: str = ""
) -> tuple[str, ...]:
    """The figures, dates, names and links in `text` that stand in none of the grounds.

    Names alone may also stand in `named`: a question may name, but it proves no figure.
    """
    grounds = tuple(rests_on)
    out = [m.group() for m in _LINK.finditer(text)]
    out += [
        m.group() for m in _CODE.finditer(text) if not any(m.group() in g.text for g in grounds)
    ]
    out += ["words of a prompt"] if repeats(text) else []
    whens = dates(text, language)
    out += [w.text for w in whens if w.first and not _borne(w, grounds)]
    dated = [(w.start, w.end) for w in whens]
    written = {d for g in grounds for d in _digits(g.text)} | {
        str(n) for g in grounds if g.published for n in (g.published.year, g.published.day)
    }
    values = {v for g in grounds for v in _values(g.text, _language(g.text))}
    values |= {v for g in grounds for v in _values(g.text, language)}
    for figure in figures(text, language):
        inside = any(a <= figure.start and figure.end <= b for a, b in dated)
        if (
            not inside
            and figure.value > _SMALL
            and figure.value not in values
            and not (_digits(figure.text) & written)
        ):
            out.append(figure.text)
    read = [(f.start, f.end) for f in figures(text, language)] + dated
    for m in _NUMBER.finditer(western_digits(text)):
        apart = not any(a <= m.start() and m.end() <= b for a, b in read)
        if apart and m.group() not in written:
            out.append(m.group())
    return tuple(dict.fromkeys([*out, *_unknown_names(text, language, (*grounds, Ground(named)))]))


@lru_cache(maxsize=2000)
def _values(text: str, language: str) -> frozenset[float]:
    return frozenset(f.value for f in figures(text, language))


def get_ready(ground: Ground, language: str) -> None:
    """Read a ground beforehand, so that holding a sentence against it is quick."""
    _values(ground.text, _language(ground.text))
    _values(ground.text, language)
    _days(ground.text, ground.published)
    _keys(ground.text)


def _borne(when: When, grounds: tuple[Ground, ...]) -> bool:
    for ground in grounds:
        if ground.published:
            own = replace(when, first=ground.published, last=ground.published)
            if when.overlaps(own):
                return True
        if any(when.overlaps(w) for w in _days(ground.text, ground.published)):
            return True
    return False


@lru_cache(maxsize=2000)
def _days(text: str, base: date | None) -> tuple[When, ...]:
    return dates(text, _language(text), base)


@lru_cache(maxsize=2000)
def _families(text: str) -> frozenset[str]:
    """The bodies at the top of the trees of all that the text names."""
    register = Register.load()
    return frozenset(register.family(n.source.short) for n in register.find(text))


def _unknown_names(text: str, language: str, grounds: tuple[Ground, ...]) -> list[str]:
    keys = {k for g in grounds for k in _keys(g.text)}
    low = " · ".join(folded(g.text) for g in grounds).casefold()
    places: set[Place] | None = None
    register = Register.load()
    heads = frozenset().union(*(_families(g.text) for g in grounds))
    known = [
        (n.start, n.end)  # "PBB" is the UN that a report names
        for n in register.find(text)
        if register.family(n.source.short) in heads
    ]
    out = []
    for name in names(text, language):
        if any(a <= name.start and name.end <= b for a, b in known):
            continue
        if name.keys <= keys or folded(name.text).casefold() in low:
            continue
        if name.place is None and _common(name.text, language):
            continue
        if name.place is not None:
            places = _places(grounds) if places is None else places
            lands = {p.country for p in places}
            if name.place in places or (not name.place.city and name.place.country in lands):
                continue
        out.append(name.text)
    return out


def _common(text: str, language: str) -> bool:
    """A noun of the lexicon that is written large ("el Gobierno"), and no name."""
    found = lexicon.mentions(text, language)
    return any(m.start == 0 and m.end == len(text) for m in found)


def _places(grounds: tuple[Ground, ...]) -> set[Place]:
    return {p for g in grounds for p in _places_of(g.text)}


@lru_cache(maxsize=2000)
def _places_of(text: str) -> frozenset[Place]:
    found = names(text, _language(text))
    return frozenset(p for n in found if (p := n.place or place_of(n.text)))


@lru_cache(maxsize=2000)
def _keys(text: str) -> frozenset[str]:
    return frozenset(skeleton(w) for w, _, _ in tokens(text))


def _language(text: str) -> str:
    return identify(text, "en")


def _digits(text: str) -> set[str]:
    return set(_NUMBER.findall(western_digits(text)))
