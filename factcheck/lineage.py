"""Where a report comes from: its origins, read out of its own words and its likeness to others.

An origin is whoever a report relies on, not whoever it mentions. Read are, in this order:

- a dateline or byline that names an agency: "BEIRUT (Reuters) -", "(Antara/AFP)", "By SANA";
- attributions in the languages served: "according to SOHR", "menurut", "selon", "بحسب", "laut",
  and "SOHR said"; who was told ("told Reuters") only carried it and is no origin;
- a near copy of an earlier report by another publisher: its origins are that report's.

A report that reads none of this is an origin of its own: its publisher.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from factcheck.attribution import frame, phrase_at
from factcheck.evidence import base_of, language_of
from factcheck.models import Reference
from factcheck.reading import Reading, read
from factcheck.sources import Naming, Register
from factcheck.text import lexicon
from factcheck.text.fold import folded
from factcheck.text.split import sentences
from factcheck.text.words import tokens

_HEAD = 160  # characters in which a dateline stands
_TAIL = 120  # characters in which a byline at the end stands
_DATELINE = re.compile(r"[^\n.!?]{0,80}?\(([^()\n]{2,40})\)\s*[-–—]{1,2}")
_BYLINE = re.compile(
    r"^(?:by|oleh|par|por|von|بقلم|sumber|source|fuente|quelle|kaynak)\s*:?\s+([^\n.]{2,60})$",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNED = re.compile(r"[\s.]\(([^()\n]{2,40})\)\s*$|[-–—]\s*([^\n–—-]{2,30})\s*$")
_COPY = 0.6  # share of word triples in common from which one report is a near copy of another
_WORDS = 3  # words of one shingle
_SHORT = 8  # shingles below which two texts are not compared
_PRESS = frozenset(("wire", "broadcaster", "newspaper", "state_media", "other", "academic"))
_BEHIND, _BEFORE = 4, 2  # words behind and before a name among which its verb stands
_LOOK, _OFFICE = 48, 3  # characters, and words of an article or office, before a name
_CLAUSE = re.compile(r"[,،;:.()«»“”\"]")


def origins_in(reference: Reference, register: Register) -> tuple[str, ...]:
    """The origins that a report's own words name, as canonical names, in the order of the text.

    Those to whom it attributes come first; where there are none, the agency whose text it is. The
    outlet itself is none: "Reuters reported that SOHR said" goes back to SOHR.
    """
    named = [n.source for n in register.find(reference.publisher)]
    press = {s.short for s in named if s.kind in _PRESS}
    holders = [s.short for s in named if s.kind not in _PRESS]  # "OCHA via RFE/RL"
    said = [n for n in _attributed(reference, register) if n not in press]
    agencies = [*_agencies(reference, register), *(s.short for s in named[:1])]
    found = dict.fromkeys([*holders, *said] or agencies[:1])
    heads = {register.family(n) for n in found if register.family(n) != n}
    return tuple(n for n in found if n not in heads)  # "OCHA" tells more than "the UN" beside it


def _agencies(reference: Reference, register: Register) -> Iterable[str]:
    """Sources named in the dateline, or in a byline at the head or the end."""
    text = reference.text.strip()
    places = [m[1] for m in [_DATELINE.match(text[:_HEAD])] if m]
    places += [m[1] for m in _BYLINE.finditer(text[:_HEAD])]
    places += [m[1] or m[2] for m in [_SIGNED.search(text[-_TAIL:])] if m]
    for place in places:
        yield from (n.source.short for n in register.find(place))


def _attributed(reference: Reference, register: Register) -> Iterable[str]:
    """Sources that say, count or deny something, or according to which a sentence tells it. The
    dateline's agency is none of them: "BEIRUT (Reuters) - SOHR said"."""
    language, base = language_of(reference), base_of(reference)
    dateline = _DATELINE.match(reference.text[:_HEAD])
    begins = dateline.end() if dateline else 0
    for span in sentences(reference.text, language):
        reading = read(reference.text[max(span.start, begins) : span.end], language, base)
        chain = frame(reading).chain
        speakers = {link.source for link in chain if link.role == "speaker"}
        for naming in reading.sources:
            if _told(reading, naming):
                continue
            if naming.source.short in speakers or _speaks(reading, naming):
                yield naming.source.short


def _told(reading: Reading, naming: Naming) -> bool:
    """Who was told something carried it ("told Reuters")."""
    return _stands_before(reading, naming, ("told",))


def _speaks(reading: Reading, naming: Naming) -> bool:
    """A reporting verb stands right behind the name or right before it, or "according to" before."""
    if _stands_before(reading, naming, ("according",)):
        return True
    words = reading.words
    behind = [i for i, w in enumerate(words) if w.start >= naming.end][:_BEHIND]
    for i in behind:
        if _CLAUSE.search(reading.text[naming.end : words[i].start]):
            break
        if _verb(reading, i):
            return True
    before = [i for i, w in enumerate(words) if w.end <= naming.start][-_BEFORE:]
    return reading.language != "en" and any(
        _verb(reading, i) and not _CLAUSE.search(reading.text[words[i].end : naming.start])
        for i in before
    )


def _verb(reading: Reading, at: int) -> bool:
    return any(
        phrase_at(reading.words, at, lexicon.phrases(reading.language, kind), reading.text)
        for kind in ("said", "claimed", "denied", "urged", "warned", "counted", "told")
    )


def _stands_before(reading: Reading, naming: Naming, kinds: Sequence[str]) -> bool:
    """A phrase of one of the kinds ends right before the name, but for an article or an office."""
    before = reading.text[max(0, naming.start - _LOOK) : naming.start].casefold().replace("’", "'")
    return any(
        re.search(rf"(?<!\w){re.escape(phrase)}(?:\W+\w+){{0,{_OFFICE}}}\W*$", before)
        for kind in kinds
        for phrase in lexicon.phrases(reading.language, kind)
        if not phrase.endswith((" ل", "ل")) or before.rstrip().endswith(phrase)
    )


def with_origins(
    reference: Reference, register: Register, others: Sequence[Reference] = ()
) -> Reference:
    """The report with the origins that it names, else those of the report among `others` that it is
    a near copy of. One that states its own keeps them."""
    if reference.origins:
        return reference
    found = origins_in(reference, register) or _inherited(reference, register, others)
    return replace(reference, origins=found, origins_from="read") if found else reference


def _inherited(
    reference: Reference, register: Register, others: Sequence[Reference]
) -> tuple[str, ...]:
    by_id = {r.id: r for r in others if r.id != reference.id}
    for copy in near_copies([*by_id.values(), reference]):
        if copy.later == reference.id:
            earlier = by_id[copy.earlier]
            return earlier.origins or (register.canonical(earlier.publisher),)
    return ()


# ---------------------------------------------------------------- near copies


@dataclass(frozen=True, slots=True)
class Copy:
    """`later` tells what `earlier` told before it, nearly word for word; `likeness` is 0 to 1."""

    earlier: str
    later: str
    likeness: float


def near_copies(references: Sequence[Reference]) -> list[Copy]:
    """Pairs of reports of which one is a near copy of the other, the likest first.

    Likeness is the share of the shorter text's word triples that stand in the other (containment,
    Broder 1997), so that a shortened copy is one too.
    """
    bags = {r.id: _shingles(r.text) for r in references}
    by_id = {r.id: r for r in references}
    holders: dict[int, list[str]] = {}
    shared: dict[tuple[str, str], int] = {}
    for id, bag in bags.items():
        if len(bag) < _SHORT:
            continue
        for shingle in bag:
            others = holders.setdefault(shingle, [])
            for other in others[:_COMMON]:
                shared[other, id] = shared.get((other, id), 0) + 1
            others.append(id)
    found = []
    for (a, b), count in shared.items():
        likeness = count / min(len(bags[a]), len(bags[b]))
        if likeness >= _COPY:
            first, second = sorted(
                (by_id[a], by_id[b]), key=lambda r: (r.published or date.max, r.id)
            )
            found.append(Copy(first.id, second.id, round(likeness, 3)))
    return sorted(found, key=lambda c: (-c.likeness, c.earlier, c.later))


_COMMON = 50  # reports of one shingle that are compared: a phrase of more is a formula


def _shingles(text: str) -> frozenset[int]:
    found = [w.casefold() for w, _, _ in tokens(folded(text))]
    return frozenset(hash(tuple(found[i : i + _WORDS])) for i in range(len(found) - _WORDS + 1))
