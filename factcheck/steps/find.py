"""Step 3: for each claim, the sentences of the collection that may bear on it.

What is found decides nothing; it only puts sentences in front of the analyst. Copies of one text in
several reports are shown once. A claim with a figure also gets a timeline: sentences
that give a figure of the same quantity, whether or not they resemble the claim.
"""

from __future__ import annotations

import atexit
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from itertools import accumulate
from threading import Thread
from time import monotonic
from typing import ClassVar
from weakref import WeakSet

import numpy as np

from factcheck import reading
from factcheck.compare import figure_pairs
from factcheck.embed import Vectors
from factcheck.evidence import (
    keep,
    near_countries,
    read_claim,
    read_evidence,
    read_passage,
    read_report,
    recall,
    sentence_of,
    setting,
)
from factcheck.models import Article, Citation, Claim, Evidence, Passage, Reference
from factcheck.reading import Reading
from factcheck.search import FETCH, Hit, Query, search
from factcheck.sources import Register
from factcheck.store import Store, Within
from factcheck.text.figures import Figure, comparable
from factcheck.text.fold import folded
from factcheck.text.split import sentences
from factcheck.text.words import tokens

EVIDENCE = 12  # sentences put before the analyst
_LIKELY = 24  # hits among which those are, mostly
_LIKE_WORDED = 2  # of these, sentences that share most keys, however far in meaning
_NARROWED = 400  # the same where only some will do
_TIMELINE = 120  # candidates for figures of one quantity
_PER_REPORT = 3
_AHEAD = 32  # sentences embedded at a time
_STEP = 0.005  # seconds of waiting for them in one step, while an analyst is waited for
_WAIT = 0.05  # seconds of waiting for them between two looks whether to stop
_LEAVING = 2.0  # seconds that the end of the process waits for what is being embedded
_AT_ONCE = 100  # claims searched for between two such looks
_NONE: Vectors = np.zeros((0, 0), dtype=np.float32)
_COPY = 0.8  # share of words in common from which two sentences are copies


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a claim: `evidence` best first, `timeline` figures of its quantity.

    The timeline is looked up by `figures` when it is asked for: verifying needs it, judging does not.
    `usual` is the cosine of what is near the claim, where the evidence is a choice of that.
    """

    evidence: tuple[Evidence, ...]
    figures: Callable[[], tuple[Evidence, ...]] = tuple
    usual: float | None = None

    @property
    def timeline(self) -> tuple[Evidence, ...]:
        return self.figures()


def find(
    claims: Sequence[Claim],
    article: Article,
    store: Store,
    stopped: Callable[[], bool] = lambda: False,
    fits: Callable[[Evidence], bool] | None = None,
    within: Within | None = None,
) -> list[Found]:
    """Search for all claims at once; one result for each, in order (empty ones once `stopped`).

    `within` narrows the search to some reports. `fits` passes over single sentences.
    """
    if not claims:
        return []
    nothing = [Found(()) for _ in claims]
    wanted = [_queries(c, article) for c in claims]
    embedding = _Embedding([q for qs in wanted for q in qs], store)
    try:  # what asks for no vectors is done while they are made
        near = near_countries(article)
        readings: list[Reading] = []
        keys: list[tuple[str, ...]] = []
        for c in claims:
            if stopped():
                return nothing
            readings.append(read_claim(c, article, near))
            keys.append(_keys(readings[-1], c, article, near))
        timelines = [
            cache(partial(_timeline, own, c, article, near, store, within, stopped))
            for own, c in zip(readings, claims, strict=True)
        ]
        out: list[Found] = []
        fetch = FETCH if fits is None else _NARROWED
        ends = list(accumulate(len(qs) for qs in wanted))
        aside = iter(timelines)
        while len(out) < len(claims) and not stopped():
            over = not embedding.is_alive()  # asked first: what is made by then is all
            there = min(bisect_right(ends, embedding.count), len(out) + _AT_ONCE)
            if over or there > len(out):
                vectors = embedding.vectors()
            if there == len(out):
                if over:
                    break
                if (timeline := next(aside, None)) is not None:
                    timeline()
                else:
                    embedding.join(_WAIT)
                continue
            part = range(len(out), there)
            queries = [
                Query(vectors[ends[n] - len(wanted[n]) : ends[n]], keys[n], readings[n].language)
                for n in part
            ]
            for hits in search(queries, store, within=within, fetch=fetch):
                ranked = _with_the_like_worded(hits)
                recall(((h.passage, h.reference) for h in ranked[:_LIKELY]), store.shelf)
                shown = (e for e in map(_evidence, ranked) if fits is None or fits(e))
                evidence = _distinct(e for e in shown if not read_evidence(e).addresses_machine)
                out.append(Found(tuple(evidence), timelines[len(out)]))
    finally:
        embedding.leave_off()
    keep(store.shelf)
    return out + nothing[len(out) :]


def _with_the_like_worded(hits: Sequence[Hit]) -> list[Hit]:
    """The hits, best first, with those that share most keys moved up among those that are shown: a
    date, a figure or a name may be all that a claim and its proof have in common."""
    first = list(hits[: EVIDENCE - _LIKE_WORDED])
    alike = sorted(hits[len(first) :], key=lambda h: -h.bm25)[:_LIKE_WORDED]
    moved = {h.passage.id for h in alike}
    return [*first, *alike, *(h for h in hits[len(first) :] if h.passage.id not in moved)]


def _evidence(hit: Hit) -> Evidence:
    return Evidence(
        passage=hit.passage,
        reference=hit.reference,
        similarity=round(max(hit.cosine, 0.0), 4),
        score=round(hit.score, 4),
    )


def keeping(
    found: Sequence[Found],
    claims: Sequence[Claim],
    article: Article,
    store: Store,
    cited: Mapping[str, Sequence[Citation]],
) -> list[Found]:
    """What was found, with the sentences that each claim cited before where they still stand.

    A collection grows, and the search shows so many sentences and no more: what a verdict rested on
    may not be lost because there is more of the like.
    """
    out = []
    for claim, f in zip(claims, found, strict=True):
        there = {e.passage.id for e in f.evidence}
        lost: list[tuple[Passage, Reference]] = []
        for c in cited.get(claim.id, ()):
            reference = store.reference(c.reference)
            if reference is None or reference.text[c.start : c.end] != c.quote:
                continue
            lost += [
                (p, reference)
                for p in store.passages_of(reference)
                if p.start == c.start and p.id not in there
            ]
        vectors = store.vectors([p.id for p, _ in lost])
        queries = store.embedder.queries(_queries(claim, article)) if vectors else ()
        kept = [
            Evidence(
                passage=p, reference=r, score=0.0,
                similarity=round(max(float(np.dot(q, vectors[p.id])) for q in queries), 4),
            )
            for p, r in lost
            if p.id in vectors
        ]  # fmt: skip
        out.append(replace(f, evidence=(*f.evidence, *kept)))
    return out


def cited_again(citations: Iterable[Citation], store: Store) -> list[Evidence]:
    """The sentences of citations that still stand in the collection, with no similarity told."""
    return [
        Evidence(passage=p, reference=r, similarity=0.0, score=0.0)
        for c in citations
        if (r := store.reference(c.reference)) and r.text[c.start : c.end] == c.quote
        for p in store.passages_of(r)
        if p.start == c.start
    ]


def get_ready(article: Article, store: Store) -> Iterator[None]:
    """Do beforehand, step by step, what a search in this article's name will need.

    Its sentences are embedded in a thread of their own. When the steps are not asked for any more,
    those under way come to their end, and a search that needs them waits for them.
    """
    spans = sentences(article.text, article.language)
    embedding = _Embedding([article.text[s.start : s.end] for s in spans], store)
    try:
        yield None
        store.lexical(("cready",), 1)
        near_countries(article)
        yield None
        while embedding.is_alive() and not embedding.made:
            embedding.join(_STEP)
            yield None
        if embedding.made:
            store.dense(embedding.made[0][:1], 1)
        while embedding.is_alive():
            embedding.join(_STEP)
            yield None
    finally:
        embedding.leave_off()


class _Embedding(Thread):
    """Texts embedded as queries in a thread of its own, some at a time, so that it can be left off.
    It begins at once; a fault is raised by `vectors`."""

    under_way: ClassVar[WeakSet[_Embedding]] = WeakSet()

    def __init__(self, texts: Sequence[str], store: Store) -> None:
        super().__init__(daemon=True)
        self.under_way.add(self)
        self.made: list[Vectors] = []
        self.count = 0
        self._texts, self._embedder = texts, store.embedder
        self._over = False
        self._fault: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            for i in range(0, len(self._texts), _AHEAD):
                if self._over:
                    return
                self.made.append(self._embedder.queries(self._texts[i : i + _AHEAD]))
                self.count += len(self.made[-1])
        except Exception as error:  # noqa: BLE001 - for the thread that asks for the vectors
            self._fault = error

    def leave_off(self) -> None:
        """Begin nothing more."""
        self._over = True

    def vectors(self) -> Vectors:
        """All that was made so far."""
        if self._fault is not None:
            raise self._fault
        return np.concatenate(self.made) if self.made else _NONE

    @classmethod
    def end(cls) -> None:
        """Leave all of them off, and give those in the middle of native code a moment to come out of
        it: the end of the interpreter meanwhile would abort the process."""
        end = monotonic() + _LEAVING
        for embedding in list(cls.under_way):
            embedding.leave_off()
            embedding.join(max(0.0, end - monotonic()))


atexit.register(_Embedding.end)


def _queries(claim: Claim, article: Article) -> list[str]:
    """What is searched for by meaning: the sentence that the claim stands in, which finds more than
    the claim's own words do (the rest of it says when, where and who); and the claim restated,
    where that is in another language."""
    queries = [_sentence(claim, article)]
    if claim.language and claim.language != article.language:
        queries.append(claim.statement)
    return queries


def _sentence(claim: Claim, article: Article) -> str:
    if not claim.said or len(claim.said) == len(article.text):
        return claim.statement  # an editor's own claim, or a question
    span = sentence_of(claim, article)
    return article.text[span.start : span.end] if span else claim.said


def _keys(own: Reading, claim: Claim, article: Article, near: frozenset[str]) -> tuple[str, ...]:
    around = reading.read(" · ".join(claim.about), article.language, article.published, near)
    return (*reading.keys(own), *(k for k in reading.keys(around) if k[0] in "np"))


def _distinct(ranked: Iterable[Evidence]) -> list[Evidence]:
    """The best sentences: copies shown once (the earliest report kept), few of one report."""
    kept: list[Evidence] = []
    bags: list[frozenset[str]] = []
    per_report: dict[str, int] = {}
    for evidence in ranked:
        bag = _bag(evidence.passage.text)
        copy = next(
            (
                i
                for i, other in enumerate(bags)
                if _copies(bag, other) and not _apart(kept[i].reference, evidence.reference)
            ),
            None,
        )
        if copy is not None:
            if kept[copy].reference.id != evidence.reference.id:
                kept[copy] = _with_copy(kept[copy], evidence)
            continue
        if per_report.get(evidence.reference.id, 0) >= _PER_REPORT:
            continue
        per_report[evidence.reference.id] = per_report.get(evidence.reference.id, 0) + 1
        kept.append(evidence)
        bags.append(bag)
        if len(kept) >= EVIDENCE:
            break
    return kept


@lru_cache(maxsize=20_000)
def _bag(text: str) -> frozenset[str]:
    return frozenset(w.casefold() for w, _, _ in tokens(folded(text)))


def _apart(a: Reference, b: Reference) -> bool:
    """Both state where they come from, and it is not the same: two origins in like words."""
    register = Register.load()
    first, second = ({register.family(o) for o in r.origins} for r in (a, b))
    return bool(first and second) and not first & second


def _copies(a: frozenset[str], b: frozenset[str]) -> bool:
    return bool(a and b) and len(a & b) / len(a | b) >= _COPY


def _with_copy(kept: Evidence, other: Evidence) -> Evidence:
    first, second = kept, other
    if other.reference.published and (
        not kept.reference.published or other.reference.published < kept.reference.published
    ):
        first, second = other, kept
    copies = dict.fromkeys((*kept.near_copies, *other.near_copies, second.reference.id))
    return Evidence(
        passage=first.passage,
        reference=first.reference,
        similarity=max(kept.similarity, other.similarity),
        score=max(kept.score, other.score),
        near_copies=tuple(i for i in copies if i != first.reference.id),
    )


def _timeline(
    own: Reading,
    claim: Claim,
    article: Article,
    near: frozenset[str],
    store: Store,
    within: Within | None,
    stopped: Callable[[], bool],
) -> tuple[Evidence, ...]:
    """Sentences with a figure of the claim's quantity, wherever they stand, oldest first."""
    wanted = [f for f in own.figures if f.counts or f.unit == "percent"]
    if not wanted or stopped():
        return ()
    lands = setting(claim, article, near)
    keys = [f"c{name.replace('_', '')}" for f in wanted for name in sorted(f.counts)]
    keys += [f"p{land.casefold()}" for land in sorted(own.countries or lands.countries)]
    hits = [id for id, _ in store.lexical(keys, _TIMELINE, within)]
    passages = list(store.sentences(hits).values())
    recall(passages, store.shelf)
    found = []
    for passage, reference in passages:
        theirs = read_passage(passage, reference)
        if not _alike(wanted, theirs):
            continue
        pairs = theirs.figures and figure_pairs(own, theirs, read_report(reference), lands)
        if pairs and not theirs.addresses_machine:
            found.append(Evidence(passage=passage, reference=reference, similarity=0.0, score=0.0))
    found.sort(key=lambda e: (str(e.reference.published or ""), e.reference.id, e.passage.start))
    return tuple(found)


def _alike(wanted: Sequence[Figure], theirs: Reading) -> bool:
    """The sentence has a figure that may be held beside one of the claim's."""
    return any(
        comparable(mine, f) or mine.value == f.value for mine in wanted for f in theirs.figures
    )
