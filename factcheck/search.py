"""Search of the collection: which sentences of which reports are nearest to what is looked for.

Two legs. The dense one goes by meaning, across languages, and is blind to numbers, names and
negation; the lexical one goes by keys (concepts, names in any script, places, figures, dates, word
stems), scored by BM25. A sentence's score is its cosine plus a share of its BM25 score:

    score = cosine + weight * bm25

The weight depends on whether the two are in one language, where shared words tell more. Both
weights are what `factcheck eval retrieval` found best on development data (docs/retrieval.md). A
sentence that only one leg brought up gets its other number looked up, so that both are compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from factcheck import reading
from factcheck.embed import Embedder
from factcheck.evidence import language_of
from factcheck.models import Passage, Reference
from factcheck.store import Store, Within

Mode = Literal["hybrid", "dense", "lexical"]
MODES: tuple[Mode, ...] = ("hybrid", "dense", "lexical")
FETCH = 120  # candidates of each leg
_ACROSS, _WITHIN = 0.006, 0.009  # cosine that one unit of BM25 is worth


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: `vectors` of shape (n, dim), one for each way to say it; keys; language."""

    vectors: NDArray[np.float32]
    keys: tuple[str, ...]
    language: str


def looked_for(texts: Sequence[str], language: str, embedder: Embedder) -> Query:
    """A query for plain words, said in one or more ways."""
    keys = [k for text in texts for k in reading.keys(reading.read(text, language))]
    return Query(embedder.queries(list(texts)), tuple(dict.fromkeys(keys)), language)


class Hit(NamedTuple):
    """A sentence that was found. `cosine` is that of the nearest vector, -1 where there is none."""

    passage: Passage
    reference: Reference
    cosine: float
    bm25: float
    score: float


def search(
    queries: Sequence[Query],
    store: Store,
    *,
    within: Within | None = None,
    fetch: int = FETCH,
    mode: Mode = "hybrid",
) -> list[list[Hit]]:
    """For each query the hits, best first. `within` narrows to some reports.

    Raises StoreError where the collection cannot be searched.
    """
    dense = _dense(queries, store, within, fetch if mode != "lexical" else 0)
    out = []
    for query, legs in zip(queries, dense, strict=True):
        lexical = dict(store.lexical(query.keys, fetch, within)) if mode != "dense" else {}
        cosines = _cosines(query, legs, lexical, store) if mode != "lexical" else {}
        out.append(_ranked(query, cosines, lexical, store, mode))
    return out


Leg = dict[str, float]  # passage id -> cosine


def _dense(
    queries: Sequence[Query], store: Store, within: Within | None, fetch: int
) -> list[list[Leg]]:
    """The dense leg of each vector of each query; all vectors are searched for at once."""
    flat = [v for q in queries for v in q.vectors]
    if not flat or not fetch:
        return [[] for _ in queries]
    found = iter(store.dense(np.stack(flat), fetch, within))
    return [[dict(next(found)) for _ in q.vectors] for q in queries]


def _cosines(query: Query, legs: Sequence[Leg], lexical: Leg, store: Store) -> Leg:
    """The cosine of each candidate with the nearest of the query's vectors."""
    ids = list(dict.fromkeys([*(id for leg in legs for id in leg), *lexical]))
    stored = store.vectors([i for i in ids if any(i not in leg for leg in legs)])
    out: Leg = {}
    for vector, leg in zip(query.vectors, legs, strict=True):
        for id in ids:
            if id in leg:
                cosine = leg[id]
            elif id in stored and len(stored[id]):
                cosine = float(np.dot(vector, stored[id]))
            else:
                continue
            out[id] = max(cosine, out.get(id, -1.0))
    return out


def _ranked(query: Query, cosines: Leg, lexical: Leg, store: Store, mode: Mode) -> list[Hit]:
    ids = list(dict.fromkeys([*cosines, *lexical]))
    hits = []
    for id, (passage, reference) in store.sentences(ids).items():
        cosine, bm25 = cosines.get(id, -1.0), lexical.get(id, 0.0)
        if mode == "lexical" or not cosines:
            score = bm25
        else:
            alike = language_of(reference) == query.language
            score = cosine + (_WITHIN if alike else _ACROSS) * bm25
        hits.append(Hit(passage, reference, cosine, bm25, score))
    return sorted(hits, key=lambda h: (-h.score, h.passage.id))
