"""The reference store: reports, their sentences, vectors in Chroma, names and figures in FTS5.

    DIR/catalog.sqlite3   the reports and where their sentences stand: what is true
    DIR/chroma/           one vector a sentence (cosine, vectors of our own)
    DIR/write.lock        held by the one process that writes
    DIR/generation        a number that changes with every write, so that readers look again

The catalogue is written first and marks a report `pending` until its vectors are in Chroma; what a
crash left pending is finished by the next writer. Two processes that hold a Chroma client and
write lose vectors silently, so the lock is taken before the client exists and kept until after it
is closed. Chroma's metadata filters cost hundreds of milliseconds in a large store; callers fetch
more and filter in code.
"""

from __future__ import annotations

import dataclasses
import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factcheck.embed import CachedEmbedder
from factcheck.errors import StoreBusy, StoreError, StoreMismatch
from factcheck.models import Passage, Reference, content_id

SCHEMA = 1
_COLLECTION = "passages"
_BATCH = 4096  # Chroma takes at most 5461 at once
_LOCK_SECONDS = 30.0
_READ = 4000  # references kept in memory
_AT_ONCE = 500  # ids asked for in one query
_LOOK = 0.05  # seconds between looks at the generation file
_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS reference (
    id TEXT PRIMARY KEY, digest TEXT NOT NULL, state TEXT NOT NULL, starter INTEGER NOT NULL,
    fields TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS passage (
    id TEXT PRIMARY KEY, reference TEXT NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS passage_of ON passage (reference);
CREATE VIRTUAL TABLE IF NOT EXISTS lexical USING fts5 (
    id UNINDEXED, keys, tokenize = 'unicode61 remove_diacritics 0');
"""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """A sentence to be stored: its passage, the text to embed and the keys to index it under."""

    passage: Passage
    embed: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Added:
    new: int
    changed: int
    unchanged: int


class Within(frozenset[str]):
    """The reports, by id, that a search is narrowed to."""


class Store:
    """A folder of references. Reading needs no lock; `writing()` takes it.

    `index` turns a reference into its entries; it is given from above, since how a report is cut
    and keyed is not this door's business.
    """

    def __init__(
        self,
        path: Path,
        embedder: CachedEmbedder,
        index: Callable[[Reference], Sequence[Entry]],
    ) -> None:
        self.path = path
        self.embedder = embedder
        self._index = index
        self._client: Any = None
        self._vectors: Any = None
        self._db: sqlite3.Connection | None = None
        self._seen = ""
        self._look_again = 0.0
        self._writing = False
        self._read: dict[str, Reference] = {}  # references read since the store was opened

    # ------------------------------------------------------------ life

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of files; the store may be used again afterwards."""
        if self._client is not None:
            with suppress(Exception):
                self._client.close()
        self._client = self._vectors = None
        self._look_again = 0.0
        self._read.clear()
        if self._db is not None:
            self._db.close()
            self._db = None

    @contextmanager
    def writing(self, *, wait: float = _LOCK_SECONDS) -> Iterator[Store]:
        """Hold the write lock. Raises StoreBusy when another process keeps it for `wait` seconds."""
        from filelock import FileLock, Timeout

        if self._writing:
            yield self
            return
        self.close()
        self._make_folder()
        lock = FileLock(str(self.path / "write.lock"))
        try:
            lock.acquire(timeout=wait)
        except Timeout as error:
            raise StoreBusy(
                f"the store {self.path} is being written to by another process",
                hint="Wait until it is done, or use another one with --store DIR.",
            ) from error
        except OSError as error:
            raise self._failed("cannot be locked", error) from error
        try:
            self._writing = True
            self._open()
            self._finish_pending()
            yield self
        finally:
            self._writing = False
            self.close()
            with suppress(OSError):
                (self.path / "generation").write_text(str(self._generation_number() + 1))
            lock.release()

    def _make_folder(self) -> None:
        try:
            (self.path / "chroma").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._failed("cannot be created", error) from error

    def _generation_number(self) -> int:
        try:
            return int((self.path / "generation").read_text() or 0)
        except (OSError, ValueError):
            return 0

    def _open(self) -> sqlite3.Connection:
        """Open the catalogue and the vectors, again when somebody has written since."""
        if self._db is not None and (self._writing or time.monotonic() < self._look_again):
            return self._db
        seen = str(self._generation_number())
        self._look_again = time.monotonic() + _LOOK
        if self._db is not None and seen == self._seen:
            return self._db
        self.close()
        self._make_folder()
        try:
            self._db = sqlite3.connect(
                self.path / "catalog.sqlite3", timeout=10, check_same_thread=False
            )
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.executescript(_TABLES)
            self._db.execute("PRAGMA foreign_keys=ON")
        except sqlite3.Error as error:
            self._db = None
            raise self._failed("cannot be opened", error) from error
        self._check_meta()
        self._seen = seen
        return self._db

    def _check_meta(self) -> None:
        assert self._db
        meta = dict(self._db.execute("SELECT key, value FROM meta"))
        mine = {"embedding": self.embedder.name, "schema": str(SCHEMA)}
        if not meta:
            with self._db:
                self._db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", mine.items())
            return
        if meta.get("schema") != mine["schema"]:
            raise StoreMismatch(
                f"the store {self.path} has the layout {meta.get('schema')}, not {SCHEMA}",
                hint="Add the references again into a new store: --store DIR.",
            )
        if meta.get("embedding") != mine["embedding"]:
            raise StoreMismatch(
                f"the store {self.path} was built with the embedding model"
                f" {meta.get('embedding')}, not {mine['embedding']}",
                hint="Use a store of its own for each embedding model: --store DIR.",
            )

    def _collection(self) -> Any:
        """The Chroma collection; opened on first use, since that costs most of a second."""
        self._open()
        if self._vectors is not None:
            return self._vectors
        import chromadb
        from chromadb.config import Settings as ChromaSettings

        try:
            self._client = chromadb.PersistentClient(
                str(self.path / "chroma"), settings=ChromaSettings(anonymized_telemetry=False)
            )
            self._vectors = self._client.get_or_create_collection(
                _COLLECTION,
                embedding_function=None,
                metadata={"embedder": self.embedder.name},
                configuration={
                    "hnsw": {"space": "cosine", "ef_search": 300, "ef_construction": 200}
                },
            )
        except Exception as error:
            self.close()
            raise self._failed("cannot open its vectors", error) from error
        # Chroma keeps the configuration of a collection that exists, whatever is asked for.
        space = self._vectors.configuration["hnsw"]["space"]
        built_with = (self._vectors.metadata or {}).get("embedder")
        if space != "cosine" or built_with != self.embedder.name:
            self.close()
            raise StoreMismatch(
                f"the vectors in {self.path} were built with {built_with} ({space})",
                hint="Use a store of its own for each embedding model: --store DIR.",
            )
        return self._vectors

    def _failed(self, what: str, error: BaseException) -> StoreError:
        reason = getattr(error, "strerror", None) or str(error)
        return StoreError(
            f"the store {self.path} {what}: {reason}",
            hint="Check the folder and its permissions, or use another one with --store DIR.",
        )

    # ------------------------------------------------------------ writing

    def add(
        self,
        references: Sequence[Reference],
        *,
        starter: bool = False,
        progress: Progress | None = None,
    ) -> Added:
        """Store references; one whose content is already there costs nothing.

        A reference with a known id and other content replaces the old one. `progress(done, total)`
        counts passages. Raises StoreBusy, StoreError.
        """
        with self.writing():
            db = self._open()
            known = dict(db.execute("SELECT id, digest FROM reference WHERE state = 'ready'"))
            fresh = [r for r in references if known.get(r.id) != _digest(r)]
            changed = sum(r.id in known for r in fresh)
            self._catalogue(db, fresh, starter=starter)
            self._embed_pending(progress)
            return Added(len(fresh) - changed, changed, len(references) - len(fresh))

    def _catalogue(
        self, db: sqlite3.Connection, references: Sequence[Reference], *, starter: bool
    ) -> None:
        try:
            with db:
                for reference in references:
                    self._forget_vectors(db, reference.id)
                    db.execute(
                        "INSERT OR REPLACE INTO reference VALUES (?, ?, 'pending', ?, ?)",
                        (reference.id, _digest(reference), int(starter), _dump(reference)),
                    )
        except sqlite3.Error as error:
            raise self._failed("cannot be written", error) from error

    def _embed_pending(self, progress: Progress | None = None) -> None:
        """Give every pending report its passages and vectors, then call it ready."""
        db = self._open()
        rows = db.execute("SELECT fields FROM reference WHERE state = 'pending' ORDER BY id")
        pending = [_restore(row[0]) for row in rows]
        if not pending:
            return
        entries = [entry for reference in pending for entry in self._index(reference)]
        vectors = self.embedder.passages([e.embed for e in entries], progress)
        collection = self._collection()
        try:
            for i in range(0, len(entries), _BATCH):
                part = entries[i : i + _BATCH]
                collection.upsert(
                    ids=[e.passage.id for e in part],
                    embeddings=vectors[i : i + _BATCH],
                    metadatas=[{"reference": e.passage.reference} for e in part],
                )
        except Exception as error:
            raise self._failed("did not take the vectors", error) from error
        try:
            with db:
                for e in entries:
                    p = e.passage
                    db.execute(
                        "INSERT OR REPLACE INTO passage VALUES (?, ?, ?, ?)",
                        (p.id, p.reference, p.start, p.end),
                    )
                    db.execute("DELETE FROM lexical WHERE id = ?", (p.id,))
                    db.execute("INSERT INTO lexical VALUES (?, ?)", (p.id, " ".join(e.keys)))
                db.executemany(
                    "UPDATE reference SET state = 'ready' WHERE id = ?", [(r.id,) for r in pending]
                )
        except sqlite3.Error as error:
            raise self._failed("cannot be written", error) from error

    def _forget_vectors(self, db: sqlite3.Connection, reference: str) -> None:
        ids = [
            row[0] for row in db.execute("SELECT id FROM passage WHERE reference = ?", (reference,))
        ]
        if not ids:
            return
        collection = self._collection()
        for i in range(0, len(ids), _BATCH):
            collection.delete(ids=ids[i : i + _BATCH])
        db.executemany("DELETE FROM lexical WHERE id = ?", [(i,) for i in ids])
        db.execute("DELETE FROM passage WHERE reference = ?", (reference,))

    def _finish_pending(self) -> None:
        """What a crash left half done: removals are carried out, additions completed."""
        db = self._open()
        for (gone,) in db.execute("SELECT id FROM reference WHERE state = 'removing'").fetchall():
            with db:
                self._forget_vectors(db, gone)
                db.execute("DELETE FROM reference WHERE id = ?", (gone,))
        self._embed_pending()

    def remove(self, reference: str) -> bool:
        """Take a reference out of the store. False when it was not there."""
        with self.writing():
            db = self._open()
            with db:
                done = db.execute(
                    "UPDATE reference SET state = 'removing' WHERE id = ?", (reference,)
                ).rowcount
            self._finish_pending()
            return bool(done)

    # ------------------------------------------------------------ reading

    def is_new(self) -> bool:
        """Nothing has ever been stored here."""
        return self._value("SELECT COUNT(*) FROM reference") == 0

    def meta(self, key: str) -> str | None:
        row = self._open().execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def set_meta(self, key: str, value: str) -> None:
        with self.writing():
            db = self._open()
            with db:
                db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def reference(self, id: str) -> Reference | None:
        """One reference with its text, or None."""
        db = self._open()
        if id in self._read:
            return self._read[id]
        row = db.execute(
            "SELECT fields FROM reference WHERE id = ? AND state = 'ready'", (id,)
        ).fetchone()
        if row is None:
            return None
        reference = _restore(row[0])
        if not self._writing:
            if len(self._read) >= _READ:
                self._read.clear()
            self._read[id] = reference
        return reference

    def references(self) -> list[Reference]:
        """All references, by id."""
        rows = self._open().execute(
            "SELECT fields FROM reference WHERE state = 'ready' ORDER BY id"
        )
        return [_restore(row[0]) for row in rows]

    def passages_of(self, reference: Reference) -> list[Passage]:
        """The stored sentences of a reference, in order."""
        rows = self._open().execute(
            "SELECT id, start, stop FROM passage WHERE reference = ? ORDER BY start",
            (reference.id,),
        )
        return [
            Passage(id=i, reference=reference.id, start=a, end=b, text=reference.text[a:b])
            for i, a, b in rows
        ]

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Passages by id; unknown ids are left out."""
        db = self._open()
        found: dict[str, tuple[str, int, int]] = {}
        for i in range(0, len(ids), _AT_ONCE):
            part = list(ids[i : i + _AT_ONCE])
            marks = ",".join("?" * len(part))
            rows = db.execute(
                "SELECT p.id, p.reference, p.start, p.stop FROM passage p JOIN reference r"  # noqa: S608
                f" ON r.id = p.reference WHERE p.id IN ({marks}) AND r.state = 'ready'",
                part,
            )
            found.update({id: (name, start, end) for id, name, start, end in rows})
        out: dict[str, Passage] = {}
        for id in ids:
            if id not in found:
                continue
            name, start, end = found[id]
            reference = self.reference(name)
            text = reference.text[start:end] if reference else ""
            out[id] = Passage(id=id, reference=name, start=start, end=end, text=text)
        return out

    def dense(
        self, vectors: NDArray[np.float32], k: int, within: Within | None = None
    ) -> list[list[tuple[str, float]]]:
        """For each query vector the `k` nearest passages as (id, cosine), nearest first."""
        if not len(vectors):
            return []
        collection = self._collection()
        count = self._value("SELECT COUNT(*) FROM passage")
        if not count:
            return [[] for _ in vectors]
        try:
            found = collection.query(
                query_embeddings=vectors, n_results=min(k, count), include=["distances"]
            )
        except Exception as error:
            raise self._failed("cannot be searched", error) from error
        return [
            [(str(i), 1.0 - float(d)) for i, d in zip(ids, distances, strict=True)]
            for ids, distances in zip(found["ids"], found["distances"], strict=True)
        ]

    def lexical(
        self, keys: Sequence[str], k: int, within: Within | None = None
    ) -> list[tuple[str, float]]:
        """The `k` best passages that share some of `keys`, as (id, score), best first (BM25)."""
        wanted = list(
            dict.fromkeys('"' + key.replace('"', "") + '"' for key in keys if key.strip())
        )
        if not wanted:
            return []
        try:
            rows = self._open().execute(
                "SELECT id, -bm25(lexical) FROM lexical WHERE lexical MATCH ?"
                " ORDER BY bm25(lexical) LIMIT ?",
                (" OR ".join(wanted), k),
            )
            return [(str(i), float(s)) for i, s in rows]
        except sqlite3.Error as error:
            raise self._failed("cannot be searched", error) from error

    def vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The stored vectors of passages."""
        if not ids:
            return {}
        found = self._collection().get(ids=list(ids), include=["embeddings"])
        return {
            str(i): np.asarray(v, np.float32)
            for i, v in zip(found["ids"], found["embeddings"], strict=True)
        }

    def stats(self) -> dict[str, Any]:
        """Counts: references, passages, by kind and language, oldest and newest publication."""
        references = self.references()
        dated = [r.published for r in references if r.published]
        return {
            "store": str(self.path),
            "references": len(references),
            "passages": self._value("SELECT COUNT(*) FROM passage"),
            "starter": self._value("SELECT COUNT(*) FROM reference WHERE starter = 1"),
            "kinds": _count(r.kind for r in references),
            "languages": _count(r.language for r in references),
            "oldest": min(dated).isoformat() if dated else None,
            "newest": max(dated).isoformat() if dated else None,
            "undated": len(references) - len(dated),
            "embedding": self.meta("embedding"),
            "fingerprint": self.fingerprint(),
        }

    def fingerprint(self) -> str:
        """A hash over all references: two stores with the same one give the same evidence."""
        rows = self._open().execute(
            "SELECT id, digest FROM reference WHERE state = 'ready' ORDER BY id"
        )
        return content_id(*(f"{i}:{d}" for i, d in rows))

    def _value(self, query: str) -> int:
        try:
            return int(self._open().execute(query).fetchone()[0])
        except sqlite3.Error as error:
            raise self._failed("cannot be read", error) from error


def _count(values: Iterator[str]) -> dict[str, int]:
    out: dict[str, int] = {}
    for value in values:
        out[value] = out.get(value, 0) + 1
    return dict(sorted(out.items(), key=lambda kv: (-kv[1], kv[0])))


def _digest(reference: Reference) -> str:
    return content_id(_dump(reference))


def _dump(reference: Reference) -> str:
    """A report as JSON. What is empty of the later fields is left out: the hash of a report that
    was stored before they existed stays what it was."""
    fields = {
        f.name: getattr(reference, f.name)
        for f in dataclasses.fields(Reference)
        if f.name != "digest" and (f.name in _ALWAYS or getattr(reference, f.name) != f.default)
    }
    for key in ("published", "event_date"):
        fields[key] = fields[key].isoformat() if fields[key] else None
    return json.dumps(fields, ensure_ascii=False, sort_keys=True)


_ALWAYS = frozenset(
    "id publisher kind title text url published event_date language origins form licence".split()
)


def _restore(data: str) -> Reference:
    fields = json.loads(data)
    for key in ("published", "event_date"):
        fields[key] = date.fromisoformat(fields[key]) if fields[key] else None
    for key, value in fields.items():
        if isinstance(value, list):
            fields[key] = tuple(value)
    return Reference(**fields)
