"""Where a store is kept, and who may write to it at a time: a folder (server.py: a server)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from factcheck.errors import StoreBusy
from factcheck.store import vectors
from factcheck.store.catalogue import Catalogue
from factcheck.store.faults import failed
from factcheck.store.records import Editions, Filed, Record


class Place(Protocol):
    """Where a store is kept.

    The catalogue is a file on this machine in any case. Where it only follows what is kept
    elsewhere, `follow` brings it up to date, and what is written is told here first.
    """

    name: str  # as people call it
    look: float  # seconds between two looks at the generation
    limit: int  # records that Chroma takes or gives at once
    cloud: bool
    mirrored: bool  # the catalogue follows what is kept elsewhere

    @property
    def folder(self) -> Path:
        """The folder of the catalogue."""

    @property
    def read_only(self) -> bool: ...

    def make(self) -> None:
        """Make the folder. Raises StoreError."""

    def connect(self) -> Any:
        """A Chroma client: a new one for a folder, always the same for a server."""

    def writing(self, wait: float) -> AbstractContextManager[None]:
        """Be the only writer. Raises StoreBusy after `wait` seconds, StoreError."""

    def generation(self) -> str:
        """What changes with every writing."""

    def follow(self, catalogue: Catalogue) -> None:
        """Bring the catalogue up to date."""

    def set_meta(self, key: str, value: str) -> None: ...

    def begin(self, records: Sequence[Record]) -> None: ...

    def publish(
        self, edition: int, reports: Sequence[tuple[str, str, Sequence[Filed]]], *, ready: bool
    ) -> None: ...

    def removing(self, ids: Sequence[str]) -> None: ...

    def removed(self, ids: Sequence[str]) -> None: ...

    def switch(self, editions: Editions) -> None: ...

    def close(self) -> None: ...


class Folder:
    """A folder:

    catalog.sqlite3   the reports and where their sentences stand: what is true
    chroma/           one vector a sentence (cosine, vectors of our own)
    vectors-N.f32     the same vectors, row by row
    write.lock        held by the one process that writes
    generation        a number that changes with every writing, so that readers look again
    """

    look = 0.05
    limit = 4096  # Chroma takes at most 5461 at once
    cloud = False
    mirrored = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)

    @property
    def folder(self) -> Path:
        return self.path

    @property
    def read_only(self) -> bool:
        """Whether there is a store that can be read and not written."""
        return (self.path / "catalog.sqlite3").exists() and not (
            os.access(self.path, os.W_OK) and os.access(self.path / "catalog.sqlite3", os.W_OK)
        )

    def make(self) -> None:
        try:
            (self.path / "chroma").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise failed(self.name, "cannot be created", error) from error

    def connect(self) -> Any:
        return vectors.embedded(self.path / "chroma")

    @contextmanager
    def writing(self, wait: float) -> Iterator[None]:
        from filelock import FileLock, Timeout

        self.make()
        lock = FileLock(str(self.path / "write.lock"))
        try:
            lock.acquire(timeout=wait)
        except Timeout as error:
            raise StoreBusy(
                f"the store {self.path} is being written to by another process",
                hint="Wait until it is done, or use another one with --store DIR.",
            ) from error
        except OSError as error:
            raise failed(self.name, "cannot be locked", error) from error
        try:
            yield
        finally:
            with suppress(OSError):
                number = int(self.generation() or 0) + 1
                (self.path / "generation").write_text(str(number))
            lock.release()

    def generation(self) -> str:
        try:
            text = (self.path / "generation").read_text()
        except OSError:
            return ""
        return text if text.isdigit() else ""

    def follow(self, catalogue: Catalogue) -> None:
        """The catalogue in the folder is what is true."""

    def set_meta(self, key: str, value: str) -> None:
        pass

    def begin(self, records: Sequence[Record]) -> None:
        pass

    def publish(
        self, edition: int, reports: Sequence[tuple[str, str, Sequence[Filed]]], *, ready: bool
    ) -> None:
        pass

    def removing(self, ids: Sequence[str]) -> None:
        pass

    def removed(self, ids: Sequence[str]) -> None:
        pass

    def switch(self, editions: Editions) -> None:
        pass

    def close(self) -> None:
        pass
