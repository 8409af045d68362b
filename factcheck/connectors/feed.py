"""Reports from an RSS or Atom feed: an item's text from the feed where that gives it in full, else
from the page that it links to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from factcheck.connectors import feedfile
from factcheck.connectors.base import Page, Patient, Skipped, heading, kind_of
from factcheck.connectors.feedfile import Entry, Feed
from factcheck.connectors.plain import document
from factcheck.errors import AddressRefused, FetchFailed, InputError
from factcheck.fetch import Fetched, is_address
from factcheck.models import Reference, content_id
from factcheck.readers.limits import TEXT
from factcheck.sources import Register
from factcheck.text.language import SERVED, identify

ACCEPT = (
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml",
    "text/xml", "text/html", "application/xhtml+xml", "text/plain",
)  # fmt: skip
PAGE = 10  # items that are stored at once
_TELLING = 150  # letters: a text of so many tells its language better than its feed
_WHOLE = 400  # characters: shorter "content" is an announcement of the page


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReports:
    """The items of a feed, newest first as the feed lists them. `known` gives a stored report by its
    id: what did not change since is not asked for again. `summaries` takes what the feed says where
    the page cannot be read. `publisher` and `kind` are the feed's own and the register's unless
    given; `prefix` begins every id."""

    patient: Patient
    url: str
    register: Register
    known: Callable[[str], Reference | None] = lambda id: None
    told: Callable[[str], None] = lambda message: None
    limit: int | None = None
    publisher: str = ""
    kind: str = ""
    summaries: bool = False
    prefix: str = "feed"

    @property
    def key(self) -> str:
        return f"{self.prefix} {content_id(self.url)}"

    def pages(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """Pages of ten. A feed has no place to go on from: what is stored is known by its id."""
        fetched = self.patient.get(self.url, accept=ACCEPT)
        feed = feedfile.parse(fetched.data, url=fetched.final_url, charset=fetched.charset)
        if feed.broken:
            self.told(f"The feed is broken ({feed.broken}); what could be read of it is taken.")
        if not feed.entries:
            raise InputError(f"{self.url} has no items", hint="Is it the feed that you meant?")
        entries = feed.entries[: self.limit]
        for i in range(0, len(entries), PAGE):
            found = [self._read(e, feed, fetched) for e in entries[i : i + PAGE]]
            yield Page(
                tuple(one for one in found if isinstance(one, Reference)),
                tuple(one for one in found if isinstance(one, Skipped)),
                tuple(one for one in found if isinstance(one, str)),
                total=len(entries),
            )

    def _read(self, entry: Entry, feed: Feed, fetched: Fetched) -> Reference | Skipped | str:
        """A report; why there is none; or the id of a stored one that did not change."""
        what = heading(entry.title or entry.link or entry.id or "an item without title or link")
        if not entry.id:
            return Skipped(what, "no id or link")
        if not entry.title:
            return Skipped(what, "no title")
        if entry.published is None:
            return Skipped(what, "no date", f"`{entry.when[:60]}`" if entry.when else "")
        id = f"{self.prefix}-{_stable(entry.id, fetched.final_url)}"
        stored = self.known(id)
        if stored is not None and _same(entry, stored):
            return id
        try:
            text, pages, page = self._text(entry)
        except (FetchFailed, AddressRefused, InputError) as error:
            return Skipped(what, "page not read", str(error))
        if not text:
            return Skipped(what, "no text")
        if len(text) > TEXT:
            return Skipped(what, "too long", f"{len(text)} characters")
        publisher = heading(self.publisher or entry.publisher or feed.title)
        if not publisher:
            return Skipped(what, "no publisher", "give it by --publisher")
        return Reference(
            id=id,
            publisher=publisher,
            kind=self.kind or kind_of(self.register, publisher) or "other",
            title=heading(entry.title),
            text=text,
            url=page.final_url if page else entry.link,
            published=entry.published,
            language=_language(entry.language, text),
            tags=entry.tags,
            pages=pages,
            retrieved=(page or fetched).retrieved,
            source_sha256=(page or fetched).sha256,
        )

    def _text(self, entry: Entry) -> tuple[str, tuple[int, ...], Fetched | None]:
        """The text, where its pages begin, and what it was read from if not from the feed."""
        if len(entry.content) >= _WHOLE or entry.link is None:
            return entry.content or entry.summary, (), None
        try:
            page = self.patient.get(entry.link)
            text, pages = document(page)
        except (FetchFailed, AddressRefused, InputError):
            if not self.summaries:
                raise
            return entry.content or entry.summary, (), None
        return text, pages, page


def _language(stated: str | None, text: str) -> str:
    """What the text is in, as far as we can tell languages apart: feeds often state what their
    software came with. Another language than those is believed."""
    if stated and stated not in SERVED:
        return stated
    return identify(text, default=stated or "und", least=_TELLING if stated else 25)


def _stable(id: str, url: str) -> str:
    """Twelve digits for an item, the same in every feed that names it by an address or a URN; by a
    bare number only within its own."""
    return content_id(id if is_address(id) or ":" in id else f"{url} {id}")


def _same(entry: Entry, stored: Reference) -> bool:
    """Nothing in the feed says that the item changed since it was stored."""
    if heading(entry.title) != stored.title or entry.published != stored.published:
        return False
    if entry.updated is None or stored.retrieved is None:
        return True
    changed = entry.updated if entry.updated.tzinfo else entry.updated.replace(tzinfo=UTC)
    try:
        return changed <= datetime.fromisoformat(stored.retrieved)
    except (ValueError, TypeError):
        return False
