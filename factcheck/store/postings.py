"""Which passages are filed under a key, and how well they fit some keys (BM25).

SQLite's own full-text index takes hundreds of milliseconds for forty keys of which some stand in
half of 100,000 passages: it scores row by row. Here the rows of a key are one array, and a search
adds a few arrays up. Rows are kept in blocks of 65,536, two bytes a row, so that filing something
new rewrites the last block alone. A key is filed once a passage.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
_BLOCK = 1 << 16
_K1, _B = 1.2, 0.75
_LEAST = 1e-6  # weight of a key that stands in more than half of all passages
_AT_ONCE = 500


def tables(edition: int) -> str:
    """The SQL that makes the tables of an edition."""
    return (
        f"CREATE TABLE IF NOT EXISTS posting_{edition} (key TEXT NOT NULL, block INTEGER NOT NULL,"
        " rows BLOB NOT NULL, PRIMARY KEY (key, block)) WITHOUT ROWID;"
        f"CREATE TABLE IF NOT EXISTS length_{edition} (block INTEGER PRIMARY KEY, lengths BLOB);"
    )


def add(db: sqlite3.Connection, edition: int, filed: Iterable[tuple[int, Sequence[str]]]) -> None:
    """File passages, given as (row, keys)."""
    _change(db, edition, filed, remove=False)


def remove(
    db: sqlite3.Connection, edition: int, filed: Iterable[tuple[int, Sequence[str]]]
) -> None:
    """Take passages out; `filed` names the keys that they were filed under."""
    _change(db, edition, filed, remove=True)


def _change(
    db: sqlite3.Connection,
    edition: int,
    filed: Iterable[tuple[int, Sequence[str]]],
    *,
    remove: bool,
) -> None:
    rows: dict[tuple[str, int], list[int]] = defaultdict(list)
    lengths: dict[int, dict[int, int]] = defaultdict(dict)
    for row, keys in filed:
        block, at = divmod(row, _BLOCK)
        lengths[block][at] = 0 if remove else min(len(keys), 65_534) + 1
        for key in keys:
            rows[key, block].append(at)
    for (key, block), ats in rows.items():
        found = db.execute(
            f"SELECT rows FROM posting_{edition} WHERE key = ? AND block = ?",  # noqa: S608
            (key, block),
        ).fetchone()
        old = np.frombuffer(found[0], "<u2") if found else np.empty(0, "<u2")
        mine = np.asarray(ats, "<u2")
        kept = np.setdiff1d(old, mine) if remove else np.union1d(old, mine)
        if len(kept):
            db.execute(
                f"INSERT OR REPLACE INTO posting_{edition} VALUES (?, ?, ?)",  # noqa: S608
                (key, block, kept.astype("<u2").tobytes()),
            )
        else:
            db.execute(
                f"DELETE FROM posting_{edition} WHERE key = ? AND block = ?",  # noqa: S608
                (key, block),
            )
    for block, changed in lengths.items():
        found = db.execute(
            f"SELECT lengths FROM length_{edition} WHERE block = ?",  # noqa: S608
            (block,),
        ).fetchone()
        values = np.frombuffer(found[0], "<u2") if found else np.empty(0, "<u2")
        size = max(len(values), max(changed) + 1)
        values = np.concatenate([values, np.zeros(size - len(values), "<u2")])
        values[list(changed)] = list(changed.values())
        db.execute(
            f"INSERT OR REPLACE INTO length_{edition} VALUES (?, ?)",  # noqa: S608
            (block, values.astype("<u2").tobytes()),
        )


class Scorer:
    """BM25 over the passages of one edition as they are now."""

    def __init__(self, db: sqlite3.Connection, edition: int) -> None:
        self._db, self._edition = db, edition
        parts = list(db.execute(f"SELECT block, lengths FROM length_{edition}"))  # noqa: S608
        last = max((b for b, _ in parts), default=-1)
        lengths = np.zeros((last + 1) * _BLOCK, np.int64)
        for block, data in parts:
            values = np.frombuffer(data, "<u2")
            lengths[block * _BLOCK : block * _BLOCK + len(values)] = values
        self._there = lengths > 0
        lengths = np.maximum(lengths - 1, 0)
        self.count = int(self._there.sum())
        average = max(lengths.sum() / max(self.count, 1), 1e-9)
        self._norm = (_K1 + 1) / (1 + _K1 * (1 - _B + _B * lengths / average))

    def search(
        self, keys: Sequence[str], k: int, allowed: Mask | None = None
    ) -> list[tuple[int, float]]:
        """The `k` best rows that are filed under some of `keys`, as (row, score), best first.

        `allowed` has one value a row; rows past its end are not allowed.
        """
        scores = np.zeros(len(self._there))
        for _, blocks in self._postings(list(dict.fromkeys(k.casefold() for k in keys))):
            count = sum(len(rows) for _, rows in blocks)
            weight = max(_LEAST, np.log((self.count - count + 0.5) / (count + 0.5)))
            for block, rows in blocks:
                part = scores[block * _BLOCK : (block + 1) * _BLOCK]
                if len(part):  # else filed by another process since this was made
                    np.add.at(part, rows.astype(np.intp), weight)
        scores *= self._norm
        if allowed is not None:
            size = min(len(allowed), len(scores))
            scores[:size][~allowed[:size]] = 0.0
            scores[size:] = 0.0
        hits = np.flatnonzero(scores > 0)
        if len(hits) > k:
            hits = hits[np.argpartition(-scores[hits], k - 1)[:k]]
        order = np.lexsort((hits, -scores[hits]))
        return [(int(row), float(scores[row])) for row in hits[order]]

    def _postings(
        self, keys: Sequence[str]
    ) -> Iterator[tuple[str, list[tuple[int, NDArray[Any]]]]]:
        for i in range(0, len(keys), _AT_ONCE):
            part = keys[i : i + _AT_ONCE]
            marks = ",".join("?" * len(part))
            found: dict[str, list[tuple[int, NDArray[Any]]]] = defaultdict(list)
            for key, block, rows in self._db.execute(
                f"SELECT key, block, rows FROM posting_{self._edition}"  # noqa: S608
                f" WHERE key IN ({marks})",
                list(part),
            ):
                found[key].append((block, np.frombuffer(rows, "<u2")))
            yield from sorted(found.items())
