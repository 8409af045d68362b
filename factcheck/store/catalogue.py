"""The catalogue: which reports there are and where their sentences stand. One SQLite file.

What stands here is what is true. A report is `pending` until its vectors are in Chroma, and
`removing` until they are out of it; nothing of it is shown in either state. Vectors that are still
to be taken out of Chroma are `leftover`. Passages belong to an edition (how they were cut, and by
which model they were embedded); while a next one is built, the current one serves.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factcheck.models import Reference, content_id
from factcheck.store import postings
from factcheck.store.records import Editions, Filed, Record, Spot, restore, restore_header

SCHEMA = 2
_AT_ONCE = 500  # ids asked for in one query
_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS report (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, digest TEXT NOT NULL, state TEXT NOT NULL,
    starter INTEGER NOT NULL, header TEXT NOT NULL, sha256 TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS leftover (
    edition INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (edition, id)) WITHOUT ROWID;
"""
_EDITION = """
CREATE TABLE IF NOT EXISTS passage_{0} (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, report INTEGER NOT NULL,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, keys TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS passage_{0}_of ON passage_{0} (report, start);
CREATE TABLE IF NOT EXISTS done_{0} (report INTEGER PRIMARY KEY, digest TEXT NOT NULL);
"""


class Catalogue:
    """An open catalogue. Errors are sqlite3's own; whoever opened it names the store in them."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path, self.read_only = path, read_only
        self.db = _open_for_reading(path) if read_only else _open(path)
        self._scorers: dict[int, postings.Scorer] = {}
        self._owners: dict[int, NDArray[np.int64]] = {}

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """One transaction: all of it or nothing."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")
        self.forget()

    def forget(self) -> None:
        """Look again at what is kept in memory: something has changed."""
        self._scorers.clear()
        self._owners.clear()

    # ------------------------------------------------------------ meta and editions

    def meta(self, key: str) -> str | None:
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def metas(self) -> dict[str, str]:
        return dict(self.db.execute("SELECT key, value FROM meta"))

    def set_meta(self, key: str, value: str) -> None:
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def editions(self) -> Editions | None:
        """The editions of this store; None where nobody has written to it yet."""
        data = self.meta("editions")
        return Editions.loaded(data) if data else None

    def set_editions(self, editions: Editions) -> None:
        for edition in editions.all():
            self.make_edition(edition.number)
        self.set_meta("editions", editions.dumped())

    def make_edition(self, number: int) -> None:
        for statement in (_EDITION.format(number) + postings.tables(number)).split(";"):
            if statement.strip():
                self.db.execute(statement)

    def numbers(self) -> list[int]:
        """The editions that have tables, current or not."""
        rows = self.db.execute("SELECT name FROM sqlite_master WHERE name GLOB 'passage_[0-9]*'")
        return sorted({int(n.split("_")[1]) for (n,) in rows if n.split("_")[1].isdigit()})

    def drop_edition(self, number: int) -> None:
        for name in ("passage", "done", "posting", "length"):
            self.db.execute(f"DROP TABLE IF EXISTS {name}_{number}")
        self.db.execute("DELETE FROM leftover WHERE edition = ?", (number,))

    # ------------------------------------------------------------ writing reports

    def begin(self, records: Sequence[Record], editions: Editions) -> None:
        """Take reports up as pending; what an older version of one left is leftover from now on."""
        self._discard([r.id for r in records], editions)
        for record in records:
            reference = record.reference()
            self.db.execute(
                "INSERT INTO report (id, digest, state, starter, header, sha256, text)"
                " VALUES (?, ?, 'pending', ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                " digest = excluded.digest, state = excluded.state, starter = excluded.starter,"
                " header = excluded.header, sha256 = excluded.sha256, text = excluded.text",
                (
                    record.id,
                    record.digest,
                    int(record.starter),
                    _without_text(record.fields),
                    reference.sha256,
                    reference.text,
                ),
            )

    def removing(self, ids: Sequence[str], editions: Editions) -> int:
        """Mark reports as on their way out; how many there were."""
        self._discard(ids, editions)
        count = 0
        for id in ids:
            count += self.db.execute(
                "UPDATE report SET state = 'removing' WHERE id = ?", (id,)
            ).rowcount
        return count

    def removed(self) -> None:
        """Forget the reports that were on their way out."""
        self.db.execute("DELETE FROM report WHERE state = 'removing'")

    def _discard(self, ids: Sequence[str], editions: Editions) -> None:
        for edition in editions.all():
            gone: list[tuple[int, str, str]] = []
            for part in _parts(ids):
                marks = ",".join("?" * len(part))
                gone += self.db.execute(
                    f"SELECT p.row, p.id, p.keys FROM passage_{edition.number} p JOIN report r"  # noqa: S608
                    f" ON r.number = p.report WHERE r.id IN ({marks})",
                    part,
                )
                self.db.execute(
                    f"DELETE FROM done_{edition.number} WHERE report IN"  # noqa: S608
                    f" (SELECT number FROM report WHERE id IN ({marks}))",
                    part,
                )
            postings.remove(self.db, edition.number, ((row, keys.split()) for row, _, keys in gone))
            self.db.executemany(
                f"DELETE FROM passage_{edition.number} WHERE row = ?",  # noqa: S608
                [(row,) for row, _, _ in gone],
            )
            self.db.executemany(
                "INSERT OR IGNORE INTO leftover VALUES (?, ?)",
                [(edition.number, id) for _, id, _ in gone],
            )

    def next_row(self, edition: int) -> int:
        """The row that the next passage of an edition will have."""
        query = f"SELECT COALESCE(MAX(row) + 1, 0) FROM passage_{edition}"  # noqa: S608
        return int(self.db.execute(query).fetchone()[0])

    def publish(
        self,
        edition: int,
        reports: Sequence[tuple[str, str, Sequence[Filed]]],
        *,
        ready: bool = True,
    ) -> None:
        """File the passages of reports, (id, digest, passages), in the rows from `next_row` on, and call
        the reports ready.

        `ready=False` files them in an edition that does not serve yet.
        """
        row = self.next_row(edition)
        filed: list[tuple[int, Sequence[str]]] = []
        for id, digest, passages in reports:
            (number,) = self.db.execute("SELECT number FROM report WHERE id = ?", (id,)).fetchone()
            for p in passages:
                self.db.execute(
                    f"INSERT INTO passage_{edition} VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608
                    (row, p.id, number, p.start, p.stop, " ".join(p.keys)),
                )
                filed.append((row, " ".join(p.keys).split()))
                row += 1
            if ready:
                self.db.execute("UPDATE report SET state = 'ready' WHERE number = ?", (number,))
            self.db.execute(
                f"INSERT OR REPLACE INTO done_{edition} VALUES (?, ?)",  # noqa: S608
                (number, digest),
            )
        postings.add(self.db, edition, filed)

    def call_ready(self, ids: Sequence[str]) -> None:
        """Call pending reports ready whose passages are filed elsewhere already."""
        self.db.executemany("UPDATE report SET state = 'ready' WHERE id = ?", [(i,) for i in ids])

    def leftovers(self, edition: int) -> list[str]:
        """Vectors still to be taken out of Chroma; those that a passage uses again are none."""
        rows = self.db.execute(
            f"SELECT id FROM leftover WHERE edition = ? AND id NOT IN (SELECT id FROM passage_{edition})",  # noqa: S608
            (edition,),
        )
        return [id for (id,) in rows]

    def is_crowded(self, edition: int) -> bool:
        """Whether Chroma may hold vectors of an edition that belong to no passage."""
        query = (
            "SELECT EXISTS (SELECT 1 FROM leftover WHERE edition = ?)"
            " OR EXISTS (SELECT 1 FROM report WHERE state != 'ready')"
        )
        return bool(self.db.execute(query, (edition,)).fetchone()[0])

    def clear_leftovers(self, edition: int) -> None:
        self.db.execute("DELETE FROM leftover WHERE edition = ?", (edition,))

    def undone(self, edition: int) -> list[str]:
        """The ready reports that an edition being built does not hold yet."""
        rows = self.db.execute(
            f"SELECT r.id FROM report r LEFT JOIN done_{edition} d ON d.report = r.number"  # noqa: S608
            " WHERE r.state = 'ready' AND (d.digest IS NULL OR d.digest != r.digest) ORDER BY r.id"
        )
        return [id for (id,) in rows]

    # ------------------------------------------------------------ reading reports

    def count(self, state: str = "ready") -> int:
        query = "SELECT COUNT(*) FROM report WHERE state = ?"
        return int(self.db.execute(query, (state,)).fetchone()[0])

    def characters(self, state: str, lacking: int | None = None) -> int:
        """How much text the reports in a state have; `lacking`: those that an edition lacks."""
        missing = (
            "" if lacking is None else f" AND number NOT IN (SELECT report FROM done_{lacking})"  # noqa: S608
        )
        query = f"SELECT COALESCE(SUM(LENGTH(text)), 0) FROM report WHERE state = ?{missing}"  # noqa: S608
        return int(self.db.execute(query, (state,)).fetchone()[0])

    def is_empty(self) -> bool:
        return not self.db.execute("SELECT 1 FROM report LIMIT 1").fetchone()

    def ids(self, state: str = "ready") -> list[str]:
        rows = self.db.execute("SELECT id FROM report WHERE state = ? ORDER BY id", (state,))
        return [id for (id,) in rows]

    def digests(self, state: str = "ready") -> dict[str, str]:
        rows = self.db.execute(
            "SELECT id, digest FROM report WHERE state = ? ORDER BY id", (state,)
        )
        return dict(rows)

    def reference(self, id: str, state: str = "ready") -> Reference | None:
        row = self.db.execute(
            "SELECT header, text FROM report WHERE id = ? AND state = ?", (id, state)
        ).fetchone()
        return restore(*row) if row else None

    def references(self, ids: Sequence[str] | None = None) -> Iterator[Reference]:
        """The reports, or some of them, by id."""
        query = "SELECT header, text FROM report WHERE state = 'ready'"
        if ids is None:
            yield from (restore(*row) for row in self.db.execute(f"{query} ORDER BY id"))
        for part in _parts(ids or ()):
            marks = ",".join("?" * len(part))
            rows = self.db.execute(f"{query} AND id IN ({marks}) ORDER BY id", part)
            yield from (restore(*row) for row in rows)

    def headers(self) -> Iterator[Reference]:
        """The reports without their texts."""
        rows = self.db.execute(
            "SELECT header, sha256 FROM report WHERE state = 'ready' ORDER BY id"
        )
        return (restore_header(header, sha256) for header, sha256 in rows)

    def starters(self) -> set[str]:
        return {id for (id,) in self.db.execute("SELECT id FROM report WHERE starter = 1")}

    def fingerprint(self) -> str:
        """A hash over all reports."""
        return content_id(*(f"{i}:{d}" for i, d in self.digests().items()))

    # ------------------------------------------------------------ reading passages

    def passage_count(self, edition: int) -> int:
        return int(self.db.execute(f"SELECT COUNT(*) FROM passage_{edition}").fetchone()[0])  # noqa: S608

    def filed(self, edition: int, id: str) -> list[tuple[int, Filed]]:
        """The passages of a report with their rows, in order."""
        rows = self.db.execute(
            f"SELECT p.row, p.id, p.start, p.stop, p.keys FROM passage_{edition} p JOIN report r"  # noqa: S608
            " ON r.number = p.report WHERE r.id = ? ORDER BY p.start",
            (id,),
        )
        return [(row, Filed(i, a, b, tuple(keys.split()))) for row, i, a, b, keys in rows]

    def passages(self, edition: int, ids: Sequence[str]) -> list[Spot]:
        """Where passages stand; unknown ids are left out."""
        return self._spots(edition, "p.id", ids)

    def at_rows(self, edition: int, rows: Sequence[int]) -> list[Spot]:
        """The passages in some rows."""
        return self._spots(edition, "p.row", rows)

    def _spots(self, edition: int, by: str, values: Sequence[str] | Sequence[int]) -> list[Spot]:
        found: list[Spot] = []
        for part in _parts(values):
            marks = ",".join("?" * len(part))
            rows = self.db.execute(
                f"SELECT p.id, p.row, r.id, p.start, p.stop FROM passage_{edition} p JOIN report r"  # noqa: S608
                f" ON r.number = p.report WHERE {by} IN ({marks})",
                part,
            )
            found += map(Spot._make, rows)
        return found

    def scorer(self, edition: int) -> postings.Scorer:
        """BM25 over an edition's passages as they are now."""
        if edition not in self._scorers:
            self._scorers[edition] = postings.Scorer(self.db, edition)
        return self._scorers[edition]

    def allowed(self, edition: int, references: Iterable[str]) -> NDArray[np.bool_]:
        """For each row whether its passage is of one of some reports."""
        owners = self.owners(edition)
        numbers = {id: n for n, id in self.db.execute("SELECT number, id FROM report")}
        wanted = np.zeros(max(numbers.values(), default=0) + 1, np.bool_)
        wanted[[numbers[id] for id in references if id in numbers]] = True
        out: NDArray[np.bool_] = wanted[np.maximum(owners, 0)] & (owners >= 0)
        return out

    def owners(self, edition: int) -> NDArray[np.int64]:
        """For each row the number of the report that its passage is of; -1 for none."""
        if edition not in self._owners:
            rows = np.array(
                self.db.execute(f"SELECT row, report FROM passage_{edition}").fetchall(),  # noqa: S608
                np.int64,
            ).reshape(-1, 2)
            owners = np.full(int(rows[:, 0].max()) + 1 if len(rows) else 0, -1, np.int64)
            owners[rows[:, 0]] = rows[:, 1]
            self._owners[edition] = owners
        return self._owners[edition]


def _parts(values: Sequence[str] | Sequence[int]) -> Iterator[list[Any]]:
    for i in range(0, len(values), _AT_ONCE):
        yield list(values[i : i + _AT_ONCE])


def _without_text(fields: str) -> str:
    data = json.loads(fields)
    data["text"] = ""
    return json.dumps(data, ensure_ascii=False, sort_keys=True)


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=10, check_same_thread=False, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("BEGIN IMMEDIATE")
    for statement in _TABLES.split(";"):
        if statement.strip():
            db.execute(statement)
    db.execute("COMMIT")
    return db


def _open_for_reading(path: Path) -> sqlite3.Connection:
    """A catalogue in a folder that cannot be written: with what its last writer left in the log
    where SQLite can read that, else as the last writer closed it."""
    quoted = str(path.resolve()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    last: sqlite3.Error | None = None
    for how in ("mode=ro", "mode=ro&immutable=1"):
        db = sqlite3.connect(
            f"file:{quoted}?{how}", uri=True, check_same_thread=False, isolation_level=None
        )
        try:
            db.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        except sqlite3.Error as error:
            db.close()
            last = error
        else:
            return db
    assert last is not None
    raise last


def old_reports(db: sqlite3.Connection) -> list[tuple[str, int]]:
    """The reports of a store of layout 1, as (fields, starter): it kept them in one JSON each."""
    rows = db.execute("SELECT fields, starter FROM reference WHERE state != 'removing' ORDER BY id")
    return [(str(fields), int(starter)) for fields, starter in rows]


def drop_old(db: sqlite3.Connection) -> None:
    """Take the tables of layout 1 away."""
    for name in ("reference", "passage", "lexical"):
        db.execute(f"DROP TABLE IF EXISTS {name}")
