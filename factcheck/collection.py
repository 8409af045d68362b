"""The collection as its users know it: opened by settings, the starter loaded at first use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from factcheck import embed, index, refs
from factcheck.files import shipped
from factcheck.gather import gather
from factcheck.models import Reference
from factcheck.settings import Settings
from factcheck.store import Added, Progress, Store

_LOADED = "starter"


def open_store(settings: Settings) -> Store:
    """The store that the settings name; nothing is read or written yet."""
    return Store(settings.store, embed.default(settings.cache), index.entries)


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
    store: Store,
    paths: Sequence[Path | str],
    progress: Progress | None = None,
    *,
    given: refs.Given | None = None,
    allow_local: bool = False,
) -> tuple[Added, list[Reference]]:
    """Add reports out of files, folders, patterns and addresses. All are read before anything is
    stored; the first that cannot be read is raised."""
    found = gather([str(p) for p in paths], given, allow_local=allow_local)
    if found.errors:
        raise found.errors[0]
    return add(store, found.references, progress), list(found.references)


def add(store: Store, references: Sequence[Reference], progress: Progress | None = None) -> Added:
    """Store reports. One that was fetched again and says the same is unchanged."""
    kept = []
    for reference in references:
        known = store.reference(reference.id)
        same = known and replace(
            reference, retrieved=known.retrieved, source_sha256=known.source_sha256
        )
        kept.append(known if known and same == known else reference)
    return store.add(kept, progress=progress)
