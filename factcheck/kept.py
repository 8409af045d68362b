"""What was read out of reports, kept on disk so that it is read once: when a report is filed.

A file beside the vectors' in the cache folder, named after the rules that read: other rules find
nothing of what older ones read. It may be deleted at any time, and a damaged or locked one only
costs time.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from factcheck.cachefile import CacheFile

_AT_ONCE = 500
_TABLE = (
    "CREATE TABLE IF NOT EXISTS reading (key BLOB PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"
)
_UNUSED = 30 * 86_400  # seconds after which what other rules read is thrown away


class Shelf:
    """Texts by key, in `folder`; without one nothing is kept. `rules` names the makers of the texts."""

    def __init__(self, folder: Path | None = None, rules: Callable[[], str] = str) -> None:
        self._folder, self._rules = folder, rules
        self._opened: CacheFile | None = None

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

        file = self._file() if keys else None
        return file.use(work, {}) if file else {}

    def put(self, texts: Mapping[bytes, str]) -> None:
        def work(db: sqlite3.Connection) -> None:
            db.executemany("INSERT OR REPLACE INTO reading VALUES (?, ?)", list(texts.items()))

        if texts and (file := self._file()):
            file.use(work, None)

    def _file(self) -> CacheFile | None:
        if self._opened is None and self._folder is not None:
            path = self._folder / f"readings-{self._rules()}.sqlite3"
            if not path.exists():
                _throw_away(self._folder, path)
            self._opened = CacheFile(path, _TABLE)
        return self._opened


def _throw_away(folder: Path, current: Path) -> None:
    """What other rules read and nobody has used for long."""
    for file in folder.glob("readings-*.sqlite3*"):
        with suppress(OSError):
            if file.stem != current.stem and time.time() - file.stat().st_mtime > _UNUSED:
                file.unlink()
