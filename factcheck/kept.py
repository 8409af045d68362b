"""What was read out of reports, kept on disk so that it is read once: when a report is filed.

A file beside the vectors' in the cache folder, named after the rules that read: other rules find
nothing of what older ones read. It may be deleted at any time, and a damaged or locked one only
costs time.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

_AT_ONCE = 500
_TABLE = (
    "CREATE TABLE IF NOT EXISTS reading (key BLOB PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"
)
_UNUSED = 30 * 86_400  # seconds after which what other rules read is thrown away


class Shelf:
    """Texts by key, in `folder`; without one nothing is kept. `rules` names the makers of the texts."""

    def __init__(self, folder: Path | None = None, rules: Callable[[], str] = str) -> None:
        self._folder, self._rules = folder, rules
        self._lock = threading.Lock()
        self._path: Path | None = None

    @property
    def keeps(self) -> bool:
        return self._folder is not None

    def get(self, keys: Sequence[bytes]) -> dict[bytes, str]:
        """The texts that are there."""

        def work(db: sqlite3.Connection) -> dict[bytes, str]:
            found: dict[bytes, str] = {}
            for i in range(0, len(keys), _AT_ONCE):
                part = list(keys[i : i + _AT_ONCE])
                marks = ",".join("?" * len(part))
                query = f"SELECT key, value FROM reading WHERE key IN ({marks})"  # noqa: S608
                found.update((bytes(k), v) for k, v in db.execute(query, part))
            return found

        found: dict[bytes, str] = self._use(work, {}) if keys else {}
        return found

    def put(self, texts: Mapping[bytes, str]) -> None:
        rows: Iterable[tuple[bytes, str]] = list(texts.items())
        if rows:
            self._use(
                lambda db: db.executemany("INSERT OR REPLACE INTO reading VALUES (?, ?)", rows), 0
            )

    def _use(self, work: Callable[[sqlite3.Connection], Any], otherwise: Any) -> Any:
        if self._folder is None:
            return otherwise
        try:
            with self._lock:
                db = self._open(self._folder)
                try:
                    with db:
                        return work(db)
                finally:
                    db.close()
        except (sqlite3.Error, OSError):
            return otherwise

    def _open(self, folder: Path) -> sqlite3.Connection:
        if self._path is None:
            self._path = folder / f"readings-{self._rules()}.sqlite3"
        if not self._path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _throw_away(folder, self._path)
        db = sqlite3.connect(self._path, timeout=5)
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")
            db.execute(_TABLE)
        except sqlite3.Error:
            db.close()
            raise
        return db


def _throw_away(folder: Path, current: Path) -> None:
    """What other rules read and nobody has used for long."""
    for file in folder.glob("readings-*.sqlite3*"):
        with suppress(OSError):
            if file.stem != current.stem and time.time() - file.stat().st_mtime > _UNUSED:
                file.unlink()
