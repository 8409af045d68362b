"""Finding, measured on labelled data: a folder with queries.jsonl, corpus.jsonl and qrels.tsv.

A query has `id` and `text` (and `lang`); a document `id` and `text` (and `lang`, `title`, `source`,
`date`); a line of qrels.tsv is query, document, score, below one line of headings. The documents
become reports of a store of their own, cut, embedded and filed as any others, and are found by the
search that a check uses; a document stands where its best sentence stands.

Beside the three modes of our search stand two plain ones: `bm25` (whole documents by their words,
k1 .9, b .4) and `e5` (whole documents by the embedding model alone).
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from factcheck import index
from factcheck.embed import CachedEmbedder
from factcheck.errors import InputError, UsageError
from factcheck.evaluate import measures, rows
from factcheck.files import decode, read_bytes
from factcheck.models import Reference, content_id
from factcheck.search import MODES, looked_for, search
from factcheck.store import Store
from factcheck.text.language import identify
from factcheck.text.words import tokens

BASELINES = ("bm25", "e5")
ALL = (*MODES, *BASELINES)
_DEPTH = 10  # documents of one query that count
_WHOLE = 2000  # characters of a document that the plain embedding reads
_AT_ONCE = 64  # queries searched for together

Progress = Callable[[int, int], None]
Ranking = list[str]  # document ids, best first


@dataclass(frozen=True, slots=True)
class Query:
    id: str
    text: str
    language: str


@dataclass(frozen=True)
class Task:
    """A labelled search: queries, documents, and which documents answer which query."""

    name: str
    queries: tuple[Query, ...]
    documents: tuple[Reference, ...]
    names: dict[str, str]  # report id -> document id
    relevant: dict[str, frozenset[str]]  # query id -> document ids
    data: dict[str, Any]


def read(folder: Path, *, limit: int | None = None, seed: int = 0) -> Task:
    """Read a folder. Queries without a relevant document are left out, as are half lines.

    Raises InputError naming file and line.
    """
    if not folder.is_dir():
        raise InputError(
            f"{folder} is no folder",
            hint="Give a folder with queries.jsonl, corpus.jsonl and qrels.tsv.",
        )
    corpus = rows.read(folder / "corpus.jsonl")
    asked = rows.read(folder / "queries.jsonl")
    relevant = _qrels(folder / "qrels.tsv")
    known = {str(row.get("id")) for row in corpus.rows}
    relevant = {q: docs & known for q, docs in relevant.items() if docs & known}
    queries = [
        Query(str(row["id"]), text := rows.text_of(asked, row, "text"), _language(row, text))
        for row in asked.rows
        if str(row.get("id")) in relevant
    ]
    if not queries:
        raise InputError(
            f"{folder}: no query has a relevant document", hint="Do the ids in qrels.tsv fit?"
        )
    documents, names = [], {}
    for number, row in enumerate(corpus.rows):
        text = rows.text_of(corpus, row, "text")
        id = f"d{number}"
        names[id] = str(row.get("id"))
        documents.append(
            Reference(
                id=id,
                publisher=str(row.get("source") or "corpus"),
                kind="other",
                title=str(row.get("title") or ""),
                text=text,
                published=_day(row.get("date")),
                language=_language(row, text),
            )
        )
    kept = rows.sample(queries, limit, seed)
    data = {
        "folder": folder.name,
        "sha256": content_id(corpus.sha256, asked.sha256),
        "corpus_sha256": corpus.sha256,
        "queries": len(queries),
        "used": len(kept),
        "documents": len(documents),
        "limit": limit,
        "seed": seed,
    }
    return Task(folder.name, tuple(kept), tuple(documents), names, relevant, data)


def _language(row: rows.Row, text: str) -> str:
    return str(row.get("lang") or "") or identify(text)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def _qrels(path: Path) -> dict[str, frozenset[str]]:
    text = decode(read_bytes(path, what="relevance labels", limit=rows.LIMIT), name=str(path))
    found: dict[str, set[str]] = defaultdict(set)
    for number, line in enumerate(text.splitlines()[1:], 2):
        if not line.strip():
            continue
        cells = line.split("\t")
        try:
            query, document, score = cells[0], cells[-2], float(cells[-1])
        except (IndexError, ValueError) as error:
            raise rows.wrong(path, number, "not `query<TAB>document<TAB>score`") from error
        if score > 0:
            found[query].add(document)
    return {query: frozenset(documents) for query, documents in found.items()}


# ---------------------------------------------------------------- measuring


def measure(
    task: Task, mode: str, embedder: CachedEmbedder, cache: Path, progress: Progress
) -> dict[str, Any]:
    """hit@1, recall@5, recall@10, mrr@10 and ms_per_query of one mode.

    The time is that of a query from its words to its documents, embedding included (vectors that
    the cache holds are not computed again). Raises UsageError for an unknown mode.
    """
    if mode not in ALL:
        raise UsageError(f"unknown mode `{mode}`", hint=f"One of: {', '.join(ALL)}.")
    ranked: Iterator[list[Ranking]]
    if mode == "bm25":
        ranked = _by_words(task)
    elif mode == "e5":
        ranked = _by_meaning(task, embedder)
    else:
        ranked = _by_search(task, mode, embedder, cache, progress)
    next(ranked)  # made ready
    started = time.monotonic()
    rankings = next(ranked)
    seconds = time.monotonic() - started
    return {
        **_figures(task, rankings),
        "ms_per_query": round(1000 * seconds / len(task.queries), 2),
    }


def _figures(task: Task, rankings: Sequence[Ranking]) -> dict[str, float]:
    hit, five, ten, reciprocal = [], [], [], []
    for query, ranking in zip(task.queries, rankings, strict=True):
        wanted = task.relevant[query.id]
        found = [document in wanted for document in ranking[:_DEPTH]]
        hit.append(float(any(found[:1])))
        five.append(sum(found[:5]) / len(wanted))
        ten.append(sum(found) / len(wanted))
        reciprocal.append(next((1 / n for n, ok in enumerate(found, 1) if ok), 0.0))
    names = ("hit@1", "recall@5", "recall@10", "mrr@10")
    return {
        name: round(float(np.mean(values)), 4)
        for name, values in zip(names, (hit, five, ten, reciprocal), strict=True)
    }


def _by_search(
    task: Task, mode: str, embedder: CachedEmbedder, cache: Path, progress: Progress
) -> Iterator[list[Ranking]]:
    """Our own search over a store that is made once for each corpus."""
    folder = cache / "eval" / f"{task.data['corpus_sha256'][:12]}-{embedder.name}"
    with Store(folder, embedder, index.entries) as store:
        store.add(task.documents, progress=progress)
        search([looked_for(["ready"], "en", embedder)], store)
        yield []
        rankings: list[Ranking] = []
        for i in range(0, len(task.queries), _AT_ONCE):
            part = task.queries[i : i + _AT_ONCE]
            wanted = [looked_for([q.text], q.language, embedder) for q in part]
            for hits in search(wanted, store, mode=mode):  # type: ignore[arg-type]
                best = dict.fromkeys(h.reference.id for h in hits)
                rankings.append([task.names[id] for id in best])
            progress(len(rankings), len(task.queries))
        yield rankings


def _by_meaning(task: Task, embedder: CachedEmbedder) -> Iterator[list[Ranking]]:
    texts = [f"{d.title}. {d.text}" if d.title else d.text for d in task.documents]
    vectors = embedder.passages([t[:_WHOLE] for t in texts])
    yield []
    cosines = embedder.queries([q.text for q in task.queries]) @ vectors.T
    yield [_best(task, row) for row in cosines]


def _by_words(task: Task) -> Iterator[list[Ranking]]:
    bags = [_words(f"{d.title} {d.text}") for d in task.documents]
    ranking = measures.Bm25(bags)
    holders: dict[str, list[int]] = defaultdict(list)
    for number, bag in enumerate(bags):
        for word in set(bag):
            holders[word].append(number)
    counts = [Counter(bag) for bag in bags]
    yield []
    out = []
    for query in task.queries:
        scores = np.zeros(len(bags))
        for word in set(_words(query.text)):
            for number in holders.get(word, ()):
                scores[number] += ranking.part(word, counts[number][word], len(bags[number]))
        out.append(_best(task, scores))
    yield out


def _best(task: Task, scores: Any) -> Ranking:
    order = np.argsort(-scores, kind="stable")[:_DEPTH]
    return [task.names[task.documents[int(i)].id] for i in order]


def _words(text: str) -> list[str]:
    return [w.casefold() for w, _, _ in tokens(text)]


def table(results: dict[str, dict[str, dict[str, Any]]]) -> str:
    """The figures of several folders and modes for people."""
    names = ("hit@1", "recall@5", "recall@10", "mrr@10", "ms_per_query")
    out = [f"{'':<24}{'mode':<10}" + "".join(f"{n:>14}" for n in names)]
    for folder, by_mode in results.items():
        for mode, figures in by_mode.items():
            cells = "".join(
                f"{figures[n]:>14.1f}" if n == "ms_per_query" else f"{figures[n]:>14.3f}"
                for n in names
            )
            out.append(f"{folder[:23]:<24}{mode:<10}{cells}")
    return "\n".join(out)


__all__ = ["ALL", "Query", "Task", "measure", "read", "table"]
