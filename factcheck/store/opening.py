"""A catalogue when it is opened: brought up to date where it is of an older make, refused where it
is of another model or of a make that is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factcheck.errors import StoreMismatch
from factcheck.store import filling
from factcheck.store.catalogue import SCHEMA, Catalogue, drop_old, old_reports
from factcheck.store.records import Edition, Editions, Record, restore

if TYPE_CHECKING:
    from factcheck.store.door import Store


def is_old(store: Store, catalogue: Catalogue) -> bool:
    """Whether the store is of an older make; whoever holds the lock has it brought up to date by
    this. Raises StoreMismatch for one that cannot be."""
    schema = catalogue.meta("schema")
    if schema == str(SCHEMA):
        return False
    if schema is None and not catalogue.read_only:
        with catalogue.change():
            catalogue.set_meta("schema", str(SCHEMA))
        return False
    if schema != "1" or catalogue.read_only:
        raise StoreMismatch(
            f"the store {store.path} has the layout {schema}, not {SCHEMA}",
            hint="Add the references again into a new store: --store DIR.",
        )
    if store._writing:
        _upgrade(store, catalogue)
    return True


def _upgrade(store: Store, catalogue: Catalogue) -> None:
    """Take the reports of a store of layout 1 over; their passages are filed again."""
    with catalogue.change():
        made = Edition(1, catalogue.meta("embedding") or store.embedder.name, store.layout)
        catalogue.set_editions(Editions(made))
        records = [
            Record.of(restore(fields), starter=bool(starter))
            for fields, starter in old_reports(catalogue.db)
        ]
        catalogue.begin(records, Editions(made))
        drop_old(catalogue.db)
        catalogue.set_meta(filling.STALE, "yes")
        catalogue.set_meta("schema", str(SCHEMA))


def editions_of(store: Store, catalogue: Catalogue, *, any_embedding: bool) -> Editions:
    """The editions as the catalogue states them. Raises StoreMismatch for another model's, unless
    `any_embedding` will do."""
    own = store.embedder.name
    editions = catalogue.editions()
    if editions is None:
        if not catalogue.read_only:
            catalogue.make_edition(1)
        return Editions(Edition(1, own, store.layout))
    built = editions.current.embedding
    if built != own and not any_embedding:
        raise StoreMismatch(
            f"the store {store.path} was built with the embedding model {built}, not {own}",
            hint=f"Set FACTCHECK_EMBEDDING={built}, embed it again with `factcheck refs reindex"
            f" --embedding {own}`, or use another one with --store DIR.",
        )
    return editions
