"""The collection as its users know it: opened by settings, the starter loaded at first use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from factcheck import embed, index, refs
from factcheck.embed import CachedEmbedder
from factcheck.files import shipped
from factcheck.models import Reference
from factcheck.settings import Settings
from factcheck.store import Added, Progress, Store

_LOADED = "starter"


def open_store(settings: Settings) -> Store:
    """The store that the settings name; nothing is read or written yet."""
    return Store(settings.store, embedder_for(settings), index.entries)


def embedder_for(settings: Settings) -> CachedEmbedder:
    """The embedding model that the settings name, its vectors kept in the cache."""
    return embed.default(settings.cache)


def ensure_starter(
    store: Store,
    told: Callable[[str], None] = lambda _: None,
    progress: Progress | None = None,
) -> None:
    """Load the starter collection into a store that has never held anything.

    It is loaded once: references that were removed on purpose do not come back. Where the loading
    was broken off, the next one takes it up again.
    """
    if not _wanted(store):
        return
    references = refs.read_all([shipped("seeds") / "references"])
    told(
        f"First use: loading the starter collection of {len(references)} reports into {store.path}"
        " (once, under a minute)."
    )
    with store.writing():
        if _wanted(store):
            store.set_meta(_LOADED, "begun")
            store.add(references, starter=True, progress=progress)
            store.set_meta(_LOADED, "loaded")


def _wanted(store: Store) -> bool:
    state = store.meta(_LOADED)
    return state == "begun" or (state is None and store.is_new())


def add_files(
    store: Store, paths: Sequence[Path], progress: Progress | None = None
) -> tuple[Added, list[Reference]]:
    """Add reference files and folders. All are read before anything is stored."""
    references = refs.read_all(paths)
    return store.add(references, progress=progress), references
