"""What a reader makes of a file: its text, and what the file itself states about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

# Titles that programs write where nobody wrote one.
_NO_TITLE = re.compile(
    r"(?i)(?:(?:microsoft (?:word|powerpoint|excel)|untitled|layout|slide|document|title|print|page|doc)"
    r"\b[\s\d_]*)+(?:-.*)?|.*\.(?:docx?|pdf|indd|qxp|qxd|pptx?|xlsx?|rtf|odt|tex|dvi|pages|ai|eps|html?)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document as read. Nothing in it is guessed: what the file does not state is None.

    `pages` are the offsets at which the pages of a paged document begin, so that
    `text[pages[n]:pages[n + 1]]` is page n, counted from 0. `fields` is what somebody wrote down
    about the document (front matter, a sidecar file, the row of a table) under the names of a
    reference's fields; it beats what the document states. `places` says where each of them stands
    ("a.md, line 4"), `place` where the document itself does ("b.csv, line 7"). `remarks` tell what
    was left out. `sha256` is of the bytes that were read.
    """

    text: str
    format: str
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    archive_url: str | None = None
    language: str | None = None
    published: date | None = None
    event_date: date | None = None
    pages: tuple[int, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    place: str = ""
    remarks: tuple[str, ...] = ()
    sha256: str = ""


def day(value: object) -> date | None:
    """A day out of a date, an ISO 8601 date or time ("2013-11-05T08:00Z"); None where it is none.

    Days written with slashes are not read: nobody can tell 5/11 from 11/5.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    m = re.match(r"\s*(\d{4})-?(\d\d)-?(\d\d)(?=$|[T\s])", str(value))
    if m is None:
        return None
    try:
        return date(int(m[1]), int(m[2]), int(m[3]))
    except ValueError:
        return None


def code(value: object) -> str | None:
    """The language of a tag such as "en-GB" or "pt_BR" in lower case; None where it is no tag."""
    m = re.fullmatch(r"\s*([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*\s*", str(value))
    return m[1].lower() if m else None


def line(value: object, longest: int = 500) -> str | None:
    """Words on one line; None where there are none, or far too many for a name or a title."""
    words = " ".join(str(value).split()) if isinstance(value, str) else ""
    return words if any(c.isalnum() for c in words) and len(words) <= longest else None


def metadata_title(value: object) -> str | None:
    """A title out of a file's properties: of two words at least, and not a program's stopgap."""
    title = line(value, 300)
    words = sum(any(c.isalpha() for c in word) for word in (title or "").split())
    return title if title and words > 1 and not _NO_TITLE.fullmatch(title) else None


def address(value: object) -> str | None:
    """An http or https address; None where it is none."""
    text = str(value).strip()
    return text if re.fullmatch(r"https?://[^\s<>\"'`\\]{3,2000}", text) else None


def host(url: str) -> str:
    """An address's host without "www."; "" where it has none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # brackets around what is no IPv6 address
        return ""


def path(url: str) -> str:
    """An address's path, with its escapes read."""
    try:
        return unquote(urlsplit(url).path)
    except ValueError:
        return ""


def joined(base: str, link: str) -> str | None:
    """Where a link on the page at `base` leads, if it is an http or https address."""
    try:
        return address(urljoin(base, link.strip())) if link.strip() else None
    except ValueError:
        return None
