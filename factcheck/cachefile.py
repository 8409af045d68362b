"""A SQLite file in the cache folder. It may be deleted, damaged or locked at any time, which costs
time and nothing else: it is then done without."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

_WAIT = 5.0  # seconds for another process to be done with it
_Result = TypeVar("_Result")


class CacheFile:
    """The file at `path` with its `tables` (SQL that makes them where they are missing). Threads
    may share it.

    It is kept open from its first use on: opening it takes ten times as long as looking something up
    in it. One that was taken away meanwhile is made again.
    """

    def __init__(self, path: Path, tables: str) -> None:
        self._path, self._tables = path, tables
        self._lock = threading.RLock()
        self._db: sqlite3.Connection | None = None
        self._seen: tuple[int, int] | None = None  # which file is open
        self._closing: Callable[[], object] = lambda: None

    def use(self, work: Callable[[sqlite3.Connection], _Result], otherwise: _Result) -> _Result:
        """What `work` returns, done in one transaction; `otherwise` where the file cannot be used."""
        with self._lock:
            try:
                with self._opened() as db:
                    return work(db)
            except (sqlite3.Error, OSError):
                self._close()
                return otherwise

    def _opened(self) -> sqlite3.Connection:
        if self._db is not None and self._seen == self._there():
            return self._db
        self._close()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self._path, timeout=_WAIT, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")
            db.executescript(self._tables)
        except sqlite3.Error:
            db.close()
            raise
        self._db, self._seen = db, self._there()
        self._closing = closing = weakref.finalize(self, db.close)
        closing.atexit = False  # a thread may be in the middle of it: closing it there is a crash
        return db

    def _there(self) -> tuple[int, int] | None:
        """Which file lies at the path now; None for none."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _close(self) -> None:
        self._closing()
        self._db = self._seen = None
