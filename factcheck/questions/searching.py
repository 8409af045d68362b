"""The passages that may answer a question, best first.

They are found by meaning and by what they name, and ranked by meaning first: how near they are, which
parts of the question they hold, and whether they hold what is asked for (a figure, a day, a name). How
near is near enough depends on the two languages; a report that never speaks of a country that the
question names answers nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from factcheck import reading
from factcheck.evidence import (
    keep,
    language_of,
    near_countries,
    read_evidence,
    read_report,
    recall,
)
from factcheck.models import Article, Evidence
from factcheck.questions.narrowing import Narrowed, filters
from factcheck.questions.words import bare, kind
from factcheck.reading import Reading, read
from factcheck.store import Store, Within
from factcheck.text.fold import folded
from factcheck.text.lexicon import broadened
from factcheck.text.machine import addresses_machine
from factcheck.text.names import Place
from factcheck.text.words import tokens

PASSAGES = 8  # the most that are given back
_FETCH = 400  # candidates of each leg
_PER_REPORT = 3
_COPY = 0.8  # share of words in common from which two passages are copies
_LEAD = 700  # characters of an article that say where it plays
# Cosine from which a passage may answer: in the question's own language, else by that language. Pairs
# of other languages lie nearer together or further apart; `bench/questions.py` measures it.
_SAME = 0.84
_NEAR = {"en": 0.84, "es": 0.82, "fr": 0.81, "de": 0.81, "id": 0.8, "tr": 0.79, "ar": 0.775}
_ELSE = 0.8
_NARROWED = 0.04  # how much less is enough of the source, time or language that was asked for
_UNNAMED = 0.03  # how much more is asked of a report without any of the question's other names
_HELD = (
    0.05  # how much less is enough of a passage that holds all parts of the question, against none
)
_PARTS = 0.07  # what that is worth in the order of the passages
_FITS = 0.015  # what it is worth that it holds what is asked for
_SCENE = 0.03  # what it is worth that its report is of where the article plays
_WITHIN = {"passage": 1.0, "title": 0.8, "report": 0.4}


@dataclass(frozen=True, slots=True)
class Search:
    """What was found, best first; how many passages were looked at, and what it was narrowed to."""

    evidence: tuple[Evidence, ...]
    looked_at: int
    narrowed: tuple[str, ...]


@dataclass(frozen=True)
class Query:
    """A question to be searched for: `text` complete without what came before, `said` as typed."""

    text: str
    said: str
    language: str
    article: Article | None = None

    @property
    def base(self) -> date | None:
        return self.article.published if self.article else None

    @cached_property
    def own(self) -> Reading:
        """The question read without its asking words."""
        lands = near_countries(self.article) if self.article else frozenset()
        return read(bare(self.text, self.language), self.language, self.base, lands)

    @cached_property
    def kind(self) -> str:
        return kind(self.said, self.language) or kind(self.text, self.language)

    @cached_property
    def scene(self) -> Reading | None:
        """The head of the article, where the question names no place of its own."""
        a = self.article
        if a is None or self.own.places:
            return None
        lead = f"{a.title or ''}. {a.text[:_LEAD]}"
        return read(lead, a.language, a.published, near_countries(a))


def search(
    query: Query, store: Store, least: float | None = None, *, within: Within | None = None
) -> Search:
    """The passages for a query; `least` is a cosine that takes the place of the usual ones, `within`
    narrows to some reports beforehand."""
    narrowing = filters(query.said, query.text, query.language, query.base)
    candidates = _candidates(query, store, _searched(narrowing, store, within))
    fitting = [
        e
        for e in candidates
        if all(n.fits(e) for n in narrowing) and not addresses_machine(e.passage.text)
    ]
    ease = _NARROWED if narrowing else 0.0
    hopeful = [e for e in fitting if e.similarity >= _least(query, e, ease, least)]
    scored = [(e, _held(query, e)) for e in hopeful]
    near = [x for x in scored if least is not None or _answers(query, *x, ease)]
    near.sort(key=lambda x: (-_worth(query, *x), x[0].passage.id))
    keep(store.shelf)
    return Search(
        tuple(_distinct([e for e, _ in near])), len(candidates), tuple(n.name for n in narrowing)
    )


def _least(query: Query, evidence: Evidence, ease: float, least: float | None) -> float:
    """The cosine below which nothing else can make a passage answer."""
    return least if least is not None else _near(query, evidence) - ease - _HELD / 2


def _searched(
    narrowing: Sequence[Narrowed], store: Store, within: Within | None
) -> list[Within | None]:
    """The parts of the collection to search: all that may hold what is asked for and, where the
    question narrows further, the reports that fit as a whole, which may be few among many."""

    def part(conditions: Sequence[Narrowed]) -> Within | None:
        if not conditions:
            return within
        return store.within(
            lambda r: (within is None or r.id in within) and all(n.report(r) for n in conditions)
        )

    wide = [n for n in narrowing if n.whole]
    parts = [part(wide)]
    return [*parts, part(narrowing)] if len(narrowing) > len(wide) else parts


def _candidates(query: Query, store: Store, parts: Sequence[Within | None]) -> list[Evidence]:
    vectors = store.embedder.queries([query.text])
    cosine = {id: near for part in parts for id, near in store.dense(vectors, _FETCH, part)[0]}
    keys = [*reading.keys(query.own)]
    if query.scene:
        keys += [k for k in reading.keys(query.scene) if k[0] == "p"]
    unique = tuple(dict.fromkeys(keys))
    named = {id: None for part in parts for id, _ in store.lexical(unique, _FETCH, part)}
    stored = store.vectors([i for i in named if i not in cosine])
    cosine |= {i: float(np.dot(vectors[0], v)) for i, v in stored.items()}
    found = store.sentences([*cosine])
    recall(found.values(), store.shelf)
    out = []
    for id, (passage, reference) in found.items():
        near = round(cosine[id], 4)
        out.append(Evidence(passage=passage, reference=reference, similarity=near, score=near))
    return out


# ---------------------------------------------------------------- what a passage is worth


def _answers(query: Query, evidence: Evidence, held: float, ease: float) -> bool:
    near = _near(query, evidence)
    around = read_report(evidence.reference)
    named = [n.keys for n in query.own.names if n.place is None]
    known = any(keys & around.name_keys for keys in named)
    if query.own.countries - around.countries and not known:
        return False
    if named and not known:
        near += _UNNAMED
    return evidence.similarity + _HELD * (held - 0.5) >= near - ease


def _near(query: Query, evidence: Evidence) -> float:
    same = language_of(evidence.reference) == query.language
    return _SAME if same else _NEAR.get(query.language, _ELSE)


def _worth(query: Query, evidence: Evidence, held: float) -> float:
    value = evidence.similarity + _PARTS * held + _FITS * _fits(query, evidence)
    if query.scene and query.scene.countries & read_report(evidence.reference).countries:
        value += _SCENE
    return value


def _held(query: Query, evidence: Evidence) -> float:
    """The share of the question's parts (names, places, sources, concepts, figures, dates) that the
    passage holds; what only its title or the rest of its report holds counts less."""
    wanted = _parts(query.own)
    if not wanted:
        return 0.5
    reference = evidence.reference
    around = read_report(reference)
    within = {
        "report": _keys(around),
        "title": _keys(read(reference.title, language_of(reference))),
        "passage": _keys(read_evidence(evidence)),
    }
    total = 0.0
    for part in wanted:
        total += max((_WITHIN[name] for name, keys in within.items() if part & keys), default=0.0)
    return total / len(wanted)


def _parts(own: Reading) -> list[frozenset[str]]:
    """The parts of a question, each as the keys by which it may be found."""
    parts = [
        frozenset({f"n{k}" for k in n.keys} | ({_place(n.place)} if n.place else set()))
        for n in own.names
    ]
    parts += [frozenset({f"s{s.source.short}"}) for s in own.sources]
    concepts: dict[tuple[int, int], set[str]] = {}
    for m in own.mentions:  # words with several senses are one part
        concepts.setdefault((m.start, m.end), set()).add(f"c{m.concept.name}")
    parts += [frozenset(names) for names in concepts.values()]
    parts += [frozenset({f"f{f.value:g}"}) for f in own.figures]
    return parts


def _keys(theirs: Reading) -> frozenset[str]:
    keys = {f"n{k}" for k in theirs.name_keys} | {f"s{s}" for s in theirs.source_names}
    keys |= {f"c{c}" for c in broadened(theirs.concepts)} | {
        f"f{f.value:g}" for f in theirs.figures
    }
    for place in theirs.places:
        keys |= {_place(place), place.country}
    return frozenset(keys)


def _place(place: Place) -> str:
    return f"p{place.country}{place.city}"


def _fits(query: Query, evidence: Evidence) -> float:
    """How far the passage holds what is asked for."""
    theirs, own = read_evidence(evidence), query.own
    if query.kind == "how_many":
        counted = [f for f in theirs.figures if f.unit in ("count", "percent", "money")]
        same = any(f.counts & own.concepts or f.of & own.concepts for f in counted)
        return 1.0 if same else 0.5 if counted else 0.0
    if query.kind == "when":
        return 1.0 if any(w.grain == "day" for w in theirs.dates) else 0.5 if theirs.dates else 0.0
    if query.kind == "who":
        known = {n.text for n in own.names} | own.source_names
        others = {n.text for n in theirs.names if not n.place} | theirs.source_names
        return 1.0 if others - known else 0.0
    if query.kind == "where":
        return 1.0 if theirs.places - own.places else 0.0
    return 0.0


def _distinct(ranked: Sequence[Evidence]) -> list[Evidence]:
    """The best ones: no copies, few of one report."""
    kept: list[Evidence] = []
    bags: list[frozenset[str]] = []
    for e in ranked:
        bag = frozenset(w.casefold() for w, _, _ in tokens(folded(e.passage.text)))
        if any(len(bag & b) >= _COPY * len(bag | b) for b in bags):
            continue
        if sum(k.reference.id == e.reference.id for k in kept) >= _PER_REPORT:
            continue
        kept.append(e)
        bags.append(bag)
        if len(kept) == PASSAGES:
            break
    return kept
