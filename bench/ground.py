"""What every bench stands on: a loaded store, a cache that knows its sentences only, settings.

The vectors of the reports are kept in the temporary folder between runs; those of an article's
claims never are, so that an article can be met for the first time as often as it is wanted.
"""

from __future__ import annotations

import getpass
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from factcheck.collection import ensure_starter, open_store
from factcheck.settings import Settings

ROOT = Path(__file__).parent.parent
_VECTORS = "vectors.sqlite3"
_USERS = ("FACTCHECK_", "OPENAI_", "LANGSMITH", "LANGCHAIN")  # what a user's environment may set


@dataclass(frozen=True, slots=True)
class Ground:
    """A folder for one run of the benches."""

    folder: Path

    @property
    def store(self) -> Path:
        return self.folder / "store"

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    def forget(self) -> None:
        """Vectors of claims that were met so far; those of the reports stay."""
        for name in (_VECTORS, f"{_VECTORS}-wal", f"{_VECTORS}-shm"):
            (self.cache / name).unlink(missing_ok=True)
        shutil.copy(self.folder / "reports" / _VECTORS, self.cache / _VECTORS)

    def settings(self, url: str | None = None) -> Settings:
        """Settings that owe nothing to the user's: local rules, or the scripted model at `url`."""
        return Settings.load(
            store=self.store,
            cache=self.cache,
            analyst="llm" if url else "local",
            model="scripted" if url else None,
            api_key="none" if url else None,
            base_url=url,
            timeout=120.0,
            concurrency=8,
            retries=2,
            max_tokens=6000,
        )


@contextmanager
def ground() -> Iterator[Ground]:
    """A store with the starter collection, in a folder that is removed afterwards."""
    for name in [n for n in os.environ if n.startswith(_USERS)]:
        del os.environ[name]
    kept = Path(tempfile.gettempdir()) / f"factcheck-bench-{getpass.getuser()}"
    with tempfile.TemporaryDirectory(prefix="factcheck-bench-") as folder:
        made = Ground(Path(folder))
        with open_store(Settings.load(store=made.store, cache=kept)) as store:
            ensure_starter(store)
        (made.folder / "reports").mkdir()
        made.cache.mkdir()
        for readings in kept.glob("readings-*"):
            shutil.copy(readings, made.cache)
        shutil.copy(kept / _VECTORS, made.folder / "reports" / _VECTORS)
        made.forget()
        yield made
