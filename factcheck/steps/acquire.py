"""Step 1: a file, an address or standard input becomes an Article: text, title, outlet, date,
language. The readers read it; what only an article needs is done here."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from factcheck import readers
from factcheck.errors import InputError
from factcheck.files import read_bytes
from factcheck.models import Article
from factcheck.readers import Document
from factcheck.readers.document import code, day
from factcheck.text.dates import dates
from factcheck.text.language import identify
from factcheck.text.split import sentences

_DATELINE = 200  # characters at the head of an article where its dateline stands
_HEADLINE, _LETTERS = 160, 8  # characters of a headline at most, and letters at least
_END = re.compile(r"[.!?。！？؟।۔:;,…][\"'”’»)]*$")
_DASH = re.compile(r"[^\n.]{0,40}?[)\s][-–—]{1,2}\s")  # "GENEVA, 13 November 2013 (Agency) –"
_OUTLET = re.compile(r"^[^\n(]{2,40}\(([\w.\- ]{3,40})\)\s*[–—-]")
_BYLINE = re.compile(r"\([\w.\- ]{2,30}/([\w.\-]{3,30}\.\w{2,6})\)\s*$")


def acquire(
    source: str | Path,
    *,
    title: str | None = None,
    outlet: str | None = None,
    published: date | None = None,
    allow_local: bool = False,
) -> Article:
    """Read the article at `source`: a path, a web address, or "-" for standard input.

    Every format that `readers` knows is read. What is given by argument beats what somebody wrote
    down in front matter, and that beats what the document states. Without any date the latest full
    date in the text is taken and marked as inferred: the article is no older than that.
    `allow_local` lets an address lead to this machine or its network.

    Raises InputError when there is nothing readable.
    """
    document, data, name = _document(source, allow_local)
    fields, places = document.fields, document.places
    return article(
        document.text,
        data=data,
        name=name,
        title=title or _text(fields, "title") or document.title,
        outlet=outlet
        or _text(fields, "outlet", "publisher", "source", "site")
        or document.publisher,
        url=_text(fields, "url", "link") or document.url,
        published=published or _day(fields, places, name) or document.published,
        language=_code(fields, name) or document.language,
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
        title=title or _headline(text),
        outlet=outlet or _outlet(text),
        url=url,
        published=published or latest,
        published_inferred=latest is not None,
        language=language,
    )


def _document(source: str | Path, allow_local: bool) -> tuple[Document, bytes, str]:
    """The document at `source`, its bytes, and what it is called in errors."""
    from factcheck.fetch import Fetcher, is_address

    name = str(source)
    if is_address(name):
        with Fetcher(allow_local=allow_local) as fetcher:
            got = fetcher.get(name)
        found = readers.read(
            got.data, name=name, content_type=got.content_type, charset=got.charset,
            address=got.final_url,
        )  # fmt: skip
        return found, got.data, name
    if name == "-":
        name = "standard input"
        data = sys.stdin.buffer.read(readers.limit(name) + 1)
        if not data.strip():
            raise InputError("standard input is empty", hint="Pipe an article in, or name a file.")
    else:
        data = read_bytes(Path(source), what="an article", limit=readers.limit(name))
    return readers.read(data, name=name), data, name


def _text(fields: Mapping[str, Any], *keys: str) -> str | None:
    for key in keys:
        if fields.get(key):
            return str(fields[key]).strip()
    return None


def _code(fields: Mapping[str, Any], name: str) -> str | None:
    """The language that front matter states, as a code. Raises InputError where it is none."""
    stated = _text(fields, "language", "lang")
    if stated and code(stated) is None:
        raise InputError(
            f"{name}: `language: {stated[:30]}` is no language code",
            hint="Write a code such as id, en or ar, or leave it out.",
        )
    return code(stated) if stated else None


def _day(fields: Mapping[str, Any], places: Mapping[str, str], name: str) -> date | None:
    for key in ("published", "date", "published_at"):
        if value := fields.get(key):
            if (found := day(value)) is None:
                raise InputError(
                    f"{places.get(key, name)}: the field `{key}` is no date: {str(value)[:100]}",
                    hint="Write YYYY-MM-DD.",
                )
            return found
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


def _headline(text: str) -> str | None:
    """The first line, where it stands by itself and is no sentence and no dateline; it stays part of
    the text."""
    line, _, rest = text.lstrip("\ufeff \t\r\n").partition("\n")
    line = line.strip()
    alone = rest.replace("\r", "").startswith("\n") and len(line) <= _HEADLINE
    if not alone or _END.search(line) or _OUTLET.match(line) or _DASH.match(line + " "):
        return None
    return line if len(re.findall(r"[^\W\d_]", line)) >= _LETTERS else None


def _outlet(text: str) -> str | None:
    """The outlet named in a dateline ("CITY (Outlet.com) –") or a byline at the end."""
    m = _OUTLET.match(text.lstrip()) or _BYLINE.search(text.rstrip())
    return m.group(1).strip() if m else None
