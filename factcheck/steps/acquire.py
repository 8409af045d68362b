"""Step 1: a file or standard input becomes an Article: text, title, outlet, date, language."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from factcheck.errors import InputError
from factcheck.files import decode, read_bytes
from factcheck.models import Article
from factcheck.refs import front_matter
from factcheck.text.dates import dates
from factcheck.text.language import identify
from factcheck.text.split import sentences
from factcheck.webpage import visible

LIMIT = 5_000_000  # bytes of one article
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|article|p|div|meta)\b", re.IGNORECASE)
_DATELINE = 200  # characters at the head of an article where its dateline stands
_DASH = re.compile(r"[^\n.]{0,40}?[)\s][-–—]{1,2}\s")  # "GENEVA, 13 November 2013 (Agency) –"
_OUTLET = re.compile(r"^[^\n(]{2,40}\(([\w.\- ]{3,40})\)\s*[–—-]")
_BYLINE = re.compile(r"\([\w.\- ]{2,30}/([\w.\-]{3,30}\.\w{2,6})\)\s*$")


@dataclass(frozen=True, slots=True)
class _Found:
    text: str
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    published: date | None = None
    language: str | None = None


def acquire(
    source: str | Path,
    *,
    title: str | None = None,
    outlet: str | None = None,
    published: date | None = None,
) -> Article:
    """Read the article at `source`: a path, or "-" for standard input.

    Plain text, Markdown (with or without front matter) and HTML are told apart by name and
    content. What is given by argument beats what the document states. Without any date the latest
    full date in the text is taken and marked as inferred: the article is no older than that.

    Raises InputError when there is nothing readable.
    """
    name = str(source)
    if name == "-":
        data = sys.stdin.buffer.read(LIMIT + 1)
        if len(data) > LIMIT:
            raise InputError(f"standard input has more than {LIMIT / 1e6:.0f} MB", hint="Split it.")
        if not data.strip():
            raise InputError("standard input is empty", hint="Pipe an article in, or name a file.")
        name = "standard input"
    else:
        data = read_bytes(Path(source), what="an article", limit=LIMIT)
    found = _document(decode(data, name=name), name)
    return article(
        found.text,
        data=data,
        name=name,
        title=title or found.title,
        outlet=outlet or found.outlet,
        url=found.url,
        published=published or found.published,
        language=found.language,
    )


def article(
    text: str,
    *,
    data: bytes | None = None,
    name: str = "the text",
    title: str | None = None,
    outlet: str | None = None,
    url: str | None = None,
    published: date | None = None,
    language: str | None = None,
) -> Article:
    """An Article from text in hand; what is missing is read off the text where it states it."""
    if not any(c.isalpha() for c in text):
        raise InputError(f"{name} has no words in it", hint="Give an article with sentences.")
    language = language or identify(text)
    if not sentences(text, language):
        raise InputError(f"{name} has no sentence in it", hint="Give an article with sentences.")
    latest = None if published else _latest_date(text, language)
    return Article(
        text=text,
        sha256=hashlib.sha256(data if data is not None else text.encode()).hexdigest(),
        title=title,
        outlet=outlet or _outlet(text),
        url=url,
        published=published or latest,
        published_inferred=latest is not None,
        language=language,
    )


def _document(text: str, name: str) -> _Found:
    suffix = Path(name).suffix.lower()
    if suffix in (".html", ".htm", ".xhtml") or (
        suffix not in (".md", ".markdown") and _HTML.search(text[:2000])
    ):
        return _html(text, name)
    fields, body, _ = front_matter(text, name=name)
    if not fields:
        heading = re.match(r"#\s+([^\n]+)\n", text) if suffix in (".md", ".markdown") else None
        return _Found(text, title=heading.group(1).strip() if heading else None)
    return _Found(
        body.rstrip(),
        title=_text(fields, "title"),
        outlet=_text(fields, "outlet", "publisher", "source", "site"),
        url=_text(fields, "url", "link"),
        published=_day(fields, "published", "date", "published_at", name=name),
        language=_code(fields, name=name),
    )


def _html(text: str, name: str) -> _Found:
    import trafilatura

    parsed: Any = trafilatura.bare_extraction(
        visible(text), with_metadata=True, include_comments=False, favor_recall=True
    )
    if parsed is None or not (parsed.text or "").strip():
        raise InputError(
            f"no article text was found in {name}",
            hint="Save the article's text alone as a .txt file.",
        )
    when = None
    if parsed.date:
        try:
            when = date.fromisoformat(str(parsed.date)[:10])
        except ValueError:
            when = None
    return _Found(
        str(parsed.text),
        title=parsed.title or None,
        outlet=parsed.sitename or None,
        url=parsed.url or None,
        published=when,
    )


def _text(fields: Mapping[str, Any], *keys: str) -> str | None:
    for key in keys:
        if fields.get(key):
            return str(fields[key]).strip()
    return None


def _code(fields: Mapping[str, Any], *, name: str) -> str | None:
    """The language that front matter states, as a code. Raises InputError where it is none."""
    stated = _text(fields, "language", "lang")
    if stated and not re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", stated):
        raise InputError(
            f"{name}: `language: {stated[:30]}` is no language code",
            hint="Write a code such as id, en or ar, or leave it out.",
        )
    return stated.lower().split("-")[0] if stated else None


def _day(fields: Mapping[str, Any], *keys: str, name: str) -> date | None:
    for key in keys:
        value = fields.get(key)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if value:
            try:
                return date.fromisoformat(str(value)[:10])
            except ValueError as error:
                raise InputError(
                    f"{name}: the field `{key}` is no date: {value}", hint="Write YYYY-MM-DD."
                ) from error
    return None


def _latest_date(text: str, language: str) -> date | None:
    """The day of the dateline, else the latest day in the text: full dates first, then short ones
    read in the light of them."""
    for when in dates(text[:_DATELINE], language):
        if when.explicit and when.grain == "day" and _DASH.match(text, when.end):
            return when.first
    full = [w.first for w in dates(text, language) if w.explicit and w.first]
    if not full:
        return None
    base = max(full)
    short = [w.last for w in dates(text, language, base) if w.grain == "day" and w.last]
    return max([base, *short])


def _outlet(text: str) -> str | None:
    """The outlet named in a dateline ("CITY (Outlet.com) –") or a byline at the end."""
    m = _OUTLET.match(text.lstrip()) or _BYLINE.search(text.rstrip())
    return m.group(1).strip() if m else None
