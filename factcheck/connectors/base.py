"""What all connectors share: pages, patience, where a pull goes on, and storing what came.

A pull is idempotent: a report has the id that its service gives it, and one that says the same as the
stored one leaves it as it is, with the origins that an editor may have set. Where a pull stands is
kept in the store beside the reports, so that both are always of one time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import sleep
from typing import Any, Protocol

from factcheck import collection
from factcheck.errors import FactcheckError, FetchFailed
from factcheck.fetch import DOCUMENTS, Fetched, Fetcher
from factcheck.models import Reference
from factcheck.refs import KINDS
from factcheck.sources import Register
from factcheck.store import Store
from factcheck.text.scrub import one_line

INTERVAL = 1.0  # seconds between two requests to one host
PAUSES = (2.0, 8.0, 30.0)  # before each further try of a request that may succeed later
LONGEST_WAIT = 120.0  # seconds that a service may ask to wait; one that asks for more is left alone
TITLE = 300  # characters


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was not taken: what it is called, why not in two words, and in more."""

    what: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Reports that came together. `kept` are ids of stored ones that did not have to be asked for
    again, `cursor` where the next pull goes on, `total` how many items there are, if known."""

    references: tuple[Reference, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    kept: tuple[str, ...] = ()
    cursor: Mapping[str, Any] = field(default_factory=dict)
    total: int | None = None

    def __len__(self) -> int:
        return len(self.references) + len(self.skipped) + len(self.kept)


class Connector(Protocol):
    """A source of pages. `key` names the query: two pulls with one key go on from each other."""

    @property
    def key(self) -> str: ...

    def pages(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """The pages from `cursor` on ({}: from the beginning). Raises FetchFailed, AddressRefused."""
        ...


@dataclass(slots=True)
class Pulled:
    """What a pull came to. `error` is what ended it early, `went_on` whether an earlier pull of the
    same query was continued."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    went_on: bool = False
    interrupted: bool = False
    error: FactcheckError | None = None

    def line(self) -> str:
        """`12 new, 3 unchanged, 1 skipped (no date).`"""
        parts = [f"{self.new} new"]
        if self.changed:
            parts.append(f"{self.changed} changed")
        parts.append(f"{self.unchanged} unchanged")
        if self.skipped:
            reasons: dict[str, int] = {}
            for one in self.skipped:
                reasons[one.reason] = reasons.get(one.reason, 0) + 1
            told = ", ".join(
                reason if len(reasons) == 1 else f"{n} {reason}" for reason, n in reasons.items()
            )
            parts.append(f"{len(self.skipped)} skipped ({told})")
        return ", ".join(parts) + "."


def pull(
    connector: Connector,
    store: Store,
    *,
    restart: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Pulled:
    """Pull until the connector has no more, store each page before the next is asked for.

    Never raises a FactcheckError or KeyboardInterrupt: both are in the outcome, with what was stored
    before. `progress(done, total)` counts items.
    """
    out = Pulled()
    done = 0
    try:
        key = f"pull {connector.key}"
        cursor: Mapping[str, Any] = {} if restart else json.loads(store.meta(key) or "{}")
        out.went_on = bool(cursor)
        for page in connector.pages(cursor):
            if page.references or page.cursor != cursor:
                with store.writing():
                    wanted = [_merged(r, store.reference(r.id)) for r in page.references]
                    added = collection.add(store, wanted)
                    store.set_meta(key, json.dumps(dict(page.cursor), sort_keys=True))
                out.new += added.new
                out.changed += added.changed
                out.unchanged += added.unchanged
                cursor = page.cursor
            out.unchanged += len(page.kept)
            out.skipped += page.skipped
            done += len(page)
            progress(done, max(page.total or done, done))
    except KeyboardInterrupt:
        out.interrupted = True
    except FactcheckError as error:
        out.error = error
    return out


_STATED = (
    "publisher", "kind", "title", "text", "url", "published", "language", "countries", "tags", "pages",
)  # fmt: skip


def _merged(fresh: Reference, stored: Reference | None) -> Reference:
    """The stored report where the fresh one says the same; else the fresh one, with what an editor
    decided about its origins."""
    if stored is None:
        return fresh
    if all(getattr(fresh, name) == getattr(stored, name) for name in _STATED):
        return stored
    if stored.origins_from == "edited":
        return replace(fresh, origins=stored.origins, origins_from="edited")
    return fresh


class Patient:
    """Asks again where a service is busy or a connection breaks, and waits as long as it is told to."""

    def __init__(
        self, fetcher: Fetcher, told: Callable[[str], None] = lambda message: None
    ) -> None:
        self._fetcher, self._told = fetcher, told

    def get(self, url: str, *, accept: Sequence[str] = DOCUMENTS, robots: bool = True) -> Fetched:
        """As `Fetcher.get`, with up to three further tries. Raises what the last one raised."""
        for pause in PAUSES:
            try:
                return self._fetcher.get(url, accept=accept, robots=robots)
            except FetchFailed as error:
                if not error.passing:
                    raise
                wait = max(pause, error.wait or 0.0)
                if wait > LONGEST_WAIT:
                    raise FetchFailed(
                        str(error),
                        hint=f"The service asks to wait {wait / 60:.0f} minutes: give the same"
                        " command again then.",
                        status=error.status,
                        wait=error.wait,
                        said=error.said,
                    ) from error
                self._told(f"{one_line(str(error))}; asking again in {wait:.0f} seconds.")
                sleep(wait)
        return self._fetcher.get(url, accept=accept, robots=robots)


def kind_of(register: Register, *names: str) -> str | None:
    """The kind of the first publisher that the register knows, if a report may be of that kind."""
    for name in names:
        source = register.named(name)
        if source is not None:
            return source.kind if source.kind in KINDS else "other"
    return None


def heading(text: str) -> str:
    """A title on one line, without markup or control characters."""
    return one_line(text)[:TITLE].strip()
