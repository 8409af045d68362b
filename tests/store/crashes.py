"""What a process does that is about to be killed; run by test_crashes.py in processes of its own."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from factcheck.embed import CachedEmbedder
from factcheck.models import Reference
from factcheck.store import Store
from factcheck.store.catalogue import Catalogue
from factcheck.store.flat import Flat
from factcheck.store.vectors import Chroma
from tests.store.helpers import HashEmbedder, by_lines, by_pairs, report


def opened(folder: Path, layout: int = 1, name: str = "hash-1") -> Store:
    """A store of a layout, with a cache beside it."""
    embedder = CachedEmbedder(HashEmbedder(name), folder.parent / "vectors.sqlite3")
    return Store(folder, embedder, by_lines if layout % 2 else by_pairs, layout=layout)


def reports(turn: int, count: int = 6) -> list[Reference]:
    """Some that are new in each turn, and some that every turn changes."""
    new = [report(f"N{turn}-{i}", lines(f"turn {turn} report {i}", 5)) for i in range(count)]
    return [*new, *(report(f"C{i}", lines(f"common {i} in turn {turn}", 6)) for i in range(4))]


def lines(about: str, count: int) -> str:
    return "\n".join(f"{about}, line {n} of it." for n in range(count))


def work(folder: Path, what: str, turn: int, layout: int) -> None:
    """One command, as the command line runs it."""
    with opened(folder, layout) as store:
        if what == "add":
            store.add(reports(turn))
        elif what == "remove":
            for id in gone(turn):
                store.remove(id)
        else:
            store.reindex(force=True)


def gone(turn: int) -> list[str]:
    return [f"N{turn}-{i}" for i in range(2)]


def run(folder: Path, what: str, turn: int, layout: int, step: int, begun: Any) -> None:
    """Do it, and die before the `step`th write (0: never)."""
    if step:
        _die_at(step)
    begun.set()
    work(folder, what, turn, layout)


def _die_at(step: int) -> None:
    left = [step]

    def before(real: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)

        return wrapped

    for owner, name in (
        (Catalogue, "change"), (Catalogue, "publish"), (Catalogue, "begin"), (Flat, "write"),
        (Chroma, "upsert"), (Chroma, "delete"), (Chroma, "drop"), (Chroma, "collection"),
    ):  # fmt: skip
        setattr(owner, name, before(getattr(owner, name)))
