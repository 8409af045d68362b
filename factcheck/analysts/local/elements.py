"""The parts of a claim (figures, dates, places, names, sources, actions, things), each looked for
in an evidence sentence, or at half weight in the rest of its report."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from factcheck import compare
from factcheck.analysts.local.aligned import NAMED, SAME, Aligned
from factcheck.compare import Setting
from factcheck.models import Claim
from factcheck.reading import Placed, Reading
from factcheck.sources import Naming
from factcheck.text import figures, lexicon, persian
from factcheck.text.figures import Figure
from factcheck.text.lexicon import Mention
from factcheck.text.names import Name, skeleton
from factcheck.text.words import is_arabic, tokens

TIME = ("year", "month", "week", "day", "hour", "minute")
_WEIGHT = {
    "figure": 3.0, "date": 1.5, "city": 2.0, "country": 0.7, "name": 1.5, "source": 1.2,
    "action": 2.0, "thing": 1.0, "duration": 1.2, "modifier": 2.0, "modifier_name": 0.4,
}  # fmt: skip
_IN_REPORT = 0.5  # what an element counts that stands only elsewhere in the report
_SUPERLATIVE = frozenset("largest smallest deadliest_worst first_ever only".split())
_TELLING = frozenset(  # modifiers that say something of their own
    "north south east west central north_east north_west south_east south_west strategic main "
    "foreign joint secret neighbouring empty_abandoned provisional independent".split()
)
_AFTER = 4  # words behind a figure, its unit among them, in which "later" is looked for
_SOUNDS = 3  # consonants that make an Arabic word and a Latin one the same name
_GAP = 8  # characters between an actor and the name it goes with


class _Add(Protocol):
    def __call__(
        self, kind: str, here: bool, around: bool = False, weight: float | None = None
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim beside one evidence sentence, all read.

    `own` is the claim, `theirs` the sentence, `report` its whole report; `similarity` a cosine and
    `margin` how far it stands above the claim's other evidence, and `among_many` whether there was
    enough of that to say so; `lands` is what the article speaks of there.
    """

    claim: Claim
    own: Reading
    theirs: Reading
    report: Reading
    similarity: float
    margin: float
    lands: Setting = Setting()  # noqa: RUF009 - frozen
    among_many: bool = True
    said: Reading | None = None  # the claim's own words, attribution included
    aligned: Aligned | None = None  # its words beside the sentence's, where they were held so


@dataclass(frozen=True, slots=True)
class Element:
    """A part of the claim. `found`: 1 in the sentence, less in the report alone, 0 nowhere."""

    kind: str
    weight: float
    found: float


def share(elements: list[Element], without: str = "") -> float:
    """How much of the elements was found, by weight; those of the kind `without` left aside."""
    kept = [e for e in elements if e.kind != without]
    total = sum(e.weight for e in kept)
    return sum(e.weight * e.found for e in kept) / total if total else 0.0


def elements_of(pair: Pair) -> list[Element]:
    """The claim's elements with how far each was found."""
    own, theirs, report = pair.own, pair.theirs, pair.report
    pairs = compare.figure_pairs(own, theirs, report, pair.lands)
    out: list[Element] = []

    def add(kind: str, here: bool, around: bool = False, weight: float | None = None) -> None:
        found = 1.0 if here else _IN_REPORT if around else 0.0
        out.append(Element(kind, _WEIGHT[kind] if weight is None else weight, found))

    for figure in own.figures:
        agreed = any(p.claim is figure and p.agree for p in pairs) or same_number(figure, theirs)
        if figure.unit in TIME:
            if not _tells_when(own, figure):
                add("duration", agreed)
            continue
        small = figure.unit == "count" and figure.value < 20 and not figure.counts & figures.FATES
        add("figure", agreed, weight=1.5 if small else None)
    days = [w for w in own.dates if w.first and w.grain != "year"]
    if days:
        here = any(d.overlaps(w) for d in days for w in theirs.dates)
        add("date", here, any(d.overlaps(w) for d in days for w in report.dates))
    for name in own.names:
        kind = "name" if name.place is None else "city" if name.place.city else "country"
        if name.keys or name.place:
            minor = _of_actor(own, name) or compare.describes_source(own, name)
            weight = _WEIGHT["modifier_name"] if minor else None
            here = _has(name, theirs) or _met(pair, name, NAMED)
            add(kind, here, _has(name, report), weight)
    for word in unknown_words(own):
        here, there = (_spelt(word, r, own.language) for r in (theirs, report))
        if here or there:
            add("name", here, there)
    for source in sorted(own.source_names):
        here = source in theirs.source_names or any(
            n.source.short == source and _met(pair, n, NAMED) for n in own.sources
        )
        add("source", here, source in report.source_names)
    _add_concepts(add, pair)
    return out


def unknown_words(reading: Reading) -> list[str]:
    """Words of an Arabic or Persian sentence that nothing is known of: their script has no capitals,
    and one that spells a name of the evidence is that name."""
    if reading.language not in ("ar", "fa"):
        return []
    known: list[Placed] = [
        *reading.mentions, *reading.names, *reading.sources, *reading.dates, *reading.figures
    ]  # fmt: skip
    plain = lexicon.function_words(reading.language)
    return [
        w.text
        for w in reading.words
        if len(w.text) >= persian.NAME
        and not any(k.start <= w.start < k.end for k in known)
        and not (reading.language == "fa" and persian.verbal(w.text))
        and w.text not in plain
    ]


def _spelt(word: str, reading: Reading, language: str) -> bool:
    """A name of the text has a word that this one may spell."""
    latin = [w for n in reading.names for w, _, _ in tokens(n.text) if not is_arabic(w)]
    if language == "fa":
        return any(persian.spells(word, w) for w in latin)
    key = skeleton(word, language)
    return len(key) >= _SOUNDS and key in {skeleton(w) for w in latin}


def _tells_when(reading: Reading, figure: Figure) -> bool:
    """A stretch of time that says when, not how long: "nine days later", "vor drei Jahren"."""
    behind = [w for w in reading.words if w.start >= figure.end][:_AFTER]
    ahead = reading.text[behind[0].end : behind[-1].end] if behind else ""  # past "days"
    before = reading.text[: figure.start].rstrip().casefold()
    later = lexicon.phrases(reading.language, "then_behind")
    since = lexicon.phrases(reading.language, "then_before")
    return any(re.match(rf"\W*{re.escape(p)}\b", ahead, re.IGNORECASE) for p in later) or any(
        re.search(rf"(?:^|\s){re.escape(p)}$", before) for p in since
    )


def _met(pair: Pair, part: Name | Naming | Mention, least: float) -> bool:
    """The sentence has words of the same meaning, where the two were laid side by side."""
    return bool(pair.aligned and pair.aligned.at(part.start, part.end) >= least)


def _add_concepts(add: _Add, pair: Pair) -> None:
    own, theirs, report = pair.own, pair.theirs, pair.report
    # The words of a source's name are none of the claim's matter ("Doctors Without Borders").
    told = [m for m in own.mentions if not any(s.start <= m.start < s.end for s in own.sources)]
    doing = [m for m in told if m.concept.kind in ("action", "state")]
    acts = sorted({m.concept.name for m in doing})
    wide = compare.actions(theirs)
    meant = {m.concept.name for m in doing if _met(pair, m, SAME)}
    hits = [act in meant or bool(compare.alike(act) & wide) for act in acts]
    for hit in hits:
        # Several actions in one clause are often one act in several words.
        add("action", hit, any(hits), _WEIGHT["action"] / max(1, len(acts)) + 0.5)
    here, there = lexicon.broadened(theirs.concepts), lexicon.broadened(report.concepts)
    # One word may stand for several concepts: one of them found is enough.
    words: dict[int, set[str]] = {}
    for m in told:
        if m.concept.kind in ("thing", "actor", "counted") or m.concept.name in _TELLING:
            words.setdefault(m.start, set()).add(m.concept.name)
    same = {m.start for m in told if _met(pair, m, SAME)}
    for start in sorted(words):
        near = lexicon.broadened(words[start])
        add(
            "thing",
            start in same or bool(near & here),
            bool(near & there),
            min(1.0, 3 / len(words)),
        )
    for modifier in sorted(own.concepts & _SUPERLATIVE):
        if modifier == "only" and own.figures:
            continue  # "only 2,357", "40 of his group alone": the figure says it
        add("modifier", modifier in theirs.concepts)


def _of_actor(reading: Reading, name: Name) -> bool:
    """The name only tells whose forces or whose government it is ("Assad's army")."""
    return name.place is None and any(
        0 <= name.start - m.end <= _GAP or 0 <= m.start - name.end <= 3
        for m in reading.mentions
        if m.concept.kind == "actor"
    )


def _has(name: Name, reading: Reading) -> bool:
    if name.place and not name.place.city:
        return name.place.country in reading.countries
    if name.place and name.place in reading.places:
        return True
    return bool(name.keys) and name.keys <= reading.name_keys


def same_number(figure: Figure, theirs: Reading) -> bool:
    """The very number stands in the sentence, whatever it was found to count. The end of a stretch
    ("60 to 80") is none that a bound ("more than 80") may take for its own, nor is a number one that is
    less than it."""
    return any(
        t.value == figure.value
        and t.unit == figure.unit
        and (
            t.bound == figure.bound
            or ("less" not in (t.bound, figure.bound) and "range" not in (t.bound, figure.bound))
            or ("range" in (t.bound, figure.bound) and figures.agree(t, figure))
        )
        for t in theirs.figures
    )
