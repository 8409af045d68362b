"""RSS (0.9x, 1.0, 2.0) and Atom as they are found in the wild: bytes in, entries out.

Nothing in a feed makes the parser fetch or unfold anything: a document with declarations is refused,
HTML's names for letters (&eacute;) are read by a table. What breaks off in the middle is
read up to there, and `broken` says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from html.entities import html5
from typing import Any

from factcheck.connectors.plain import plain, tidy
from factcheck.errors import InputError
from factcheck.fetch import is_address, joined
from factcheck.files import decode
from factcheck.text.scrub import one_line

_OWN = frozenset((
    "", "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/",
    "http://channel.netscape.com/rdf/simple/0.9/", "http://backend.userland.com/rss2",
    "http://backend.userland.com/rss", "http://blogs.law.harvard.edu/tech/rss",
    "http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#",
))  # fmt: skip
_DC = frozenset(("http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"))
_CONTENT = frozenset(("http://purl.org/rss/1.0/modules/content/",))
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_BARE = re.compile(r"&(?!#\d{1,7};|#[xX][0-9A-Fa-f]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RULES = re.compile(r"<!DOCTYPE(?:[^>\[\"']|\"[^\"]*\"|'[^']*')*\[", re.IGNORECASE)
_FIVE = {"<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;", "'": "&apos;"}
_MOST = 5000  # entries of one feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed. `content` is the whole text as the feed gives it, "" where it gives none,
    `summary` what it says instead; both are plain. `when` is the date as it is written."""

    id: str
    link: str | None
    title: str
    content: str
    summary: str
    published: date | None
    updated: datetime | None
    when: str
    language: str | None
    publisher: str | None
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    title: str
    language: str | None
    entries: tuple[Entry, ...]
    broken: str | None  # what is wrong with it, where it could not be read to the end


def parse(data: bytes, *, url: str, charset: str | None = None) -> Feed:
    """Read a feed. Raises InputError where it is none, or one that is not safe to read."""
    from lxml import etree

    text = _ILLEGAL.sub(" ", _decoded(data, charset, url))
    if _RULES.search(text):
        raise InputError(
            f"{url} brings declarations of its own and is not read", hint="Is it really a feed?"
        )
    text = re.sub(r"\A\s*<\?xml.*?\?>", "", text, count=1, flags=re.DOTALL)
    text = _BARE.sub("&amp;", _ENTITY.sub(_letter, text))
    parser = etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(text.strip().encode(), parser)
    except etree.XMLSyntaxError as error:
        raise InputError(f"{url} is no feed: {error}", hint="Give a feed's address.") from error
    if root is None or _local(root) not in ("rss", "rdf", "feed", "channel"):
        raise InputError(
            f"{url} is no RSS or Atom feed",
            hint="Look on the page for a link to its feed, and give that address.",
        )
    head = root if _local(root) in ("feed", "channel") else next(_all(root, "channel"), root)
    language = _language(_words(_one(head, "language", _OWN | _DC)) or root.get(f"{_XML}lang"))
    fatal = next((e for e in parser.error_log if e.level_name == "FATAL"), None)
    broken = f"line {fatal.line}: {one_line(fatal.message)[:100]}" if fatal else None
    items = [
        e for e in root.iter(etree.Element) if _local(e) in ("item", "entry") and _space(e) in _OWN
    ]
    if len(items) > _MOST:
        broken = broken or f"{len(items)} items, of which {_MOST} are read"
    return Feed(
        title=_title(_one(head, "title", _OWN)),
        language=language,
        entries=tuple(_entry(e, url, language) for e in items[:_MOST]),
        broken=broken,
    )


def _decoded(data: bytes, charset: str | None, url: str) -> str:
    """Text in the encoding that fits; the document may name its own."""
    stated = re.match(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:\-]{1,40})", data[:300])
    return decode(data, name=url, called=(charset, stated[1].decode() if stated else None))


def _letter(m: re.Match[str]) -> str:
    """The letter that HTML calls &eacute;; what XML knows stays, what nobody knows is text."""
    letter = html5.get(m[1] + ";", "")
    return _FIVE.get(letter, letter) or f"&amp;{m[1]};"


# ------------------------------------------------------------ entries


def _entry(e: Any, url: str, language: str | None) -> Entry:
    base = e.base if e.base and is_address(joined(url, e.base)) else url
    base = joined(url, base)
    id = _words(_one(e, "guid", _OWN)) or _words(_one(e, "id", _OWN)) or e.get(f"{_RDF}about") or ""
    link = _link(e, id, base)
    content = _one(e, "encoded", _CONTENT)
    if content is None:
        content = _one(e, "content", _OWN)
    summary = _one(e, "description", _OWN)
    if summary is None:
        summary = _one(e, "summary", _OWN)
    source = _one(e, "source", _OWN)
    first = _first_date(e, "pubdate", "published", "issued", "created", "date")
    last = _first_date(e, "updated", "modified")
    when = first[0] or last[0]
    return Entry(
        id=one_line(id) or (link or ""),
        link=link,
        title=_title(_one(e, "title", _OWN)),
        content=_body(content),
        summary=_body(summary),
        published=when.date() if when else None,
        updated=last[0],
        when=first[1] or last[1],
        language=_language(_words(_one(e, "language", _DC)) or e.get(f"{_XML}lang")) or language,
        publisher=_publisher(source) or one_line(_words(_one(e, "publisher", _DC))) or None,
        tags=tuple(dict.fromkeys(t for t in map(_tag, _all(e, "category")) if t))[:20],
    )


def _link(e: Any, id: str, base: str) -> str | None:
    """Where the item stands in full: its own link, an Atom link to the page, or its id."""
    links = list(_all(e, "link"))
    atom = [x for x in links if x.get("href") and x.get("rel", "alternate") == "alternate"]
    atom.sort(key=lambda x: x.get("type", "text/html") != "text/html")
    guid = _one(e, "guid", _OWN)
    permanent = guid is None or guid.get("isPermaLink", "true").lower() == "true"
    original = next((x for x in e if _local(x) == "origlink"), None)
    for found in (
        _words(original),
        *(_words(x) for x in links),
        *(x.get("href") for x in atom),
        id if permanent else "",
    ):
        full = joined(base, found) if found and (found is not id or is_address(found)) else ""
        if is_address(full):
            return full
    return None


def _first_date(e: Any, *names: str) -> tuple[datetime | None, str]:
    """The first date that can be read among elements of these names, and the first as written."""
    written = ""
    for name in names:
        for element in _all(e, name, _OWN | _DC):
            text = one_line(_words(element))
            written = written or text
            when = read_date(text)
            if when:
                return when, text
    return None, written


def read_date(text: str) -> datetime | None:
    """A date as mail and RSS write it, or in ISO 8601, in the time zone that it states."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    if re.fullmatch(r"(?:\w+, *)?\d{1,2} \w{3} \d{4}", text):
        text += " 00:00"
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _body(e: Any) -> str:
    if e is None:
        return ""
    kind = (e.get("type") or "").lower()
    if kind == "text" or kind.startswith("text/plain"):
        return tidy(_words(e))
    return plain(_inner(e) if len(e) else _words(e))


def _title(e: Any) -> str:
    """A title in plain words; many feeds put markup into what should be text."""
    if e is None:
        return ""
    text = _inner(e) if len(e) else _words(e)
    marked = len(e) or re.search(r"</?[A-Za-z][^<>]*>|&#?\w+;", text)
    return one_line(plain(text) if marked else text)


def _inner(e: Any) -> str:
    """The markup inside an element, as XHTML stands in Atom."""
    from lxml import etree

    inside = [etree.tostring(x, encoding="unicode") for x in e if isinstance(x.tag, str)]
    whole = (e.text or "") + "".join(inside)
    return re.sub(r"<(/?)\w+:", r"<\1", whole)  # <xhtml:p> is a paragraph too


def _publisher(e: Any) -> str | None:
    """RSS names the feed that an item was taken from in `source`, Atom in `source/title`."""
    if e is None:
        return None
    return (_title(_one(e, "title", _OWN)) or one_line(_words(e))) or None


def _tag(e: Any) -> str:
    return one_line(e.get("label") or e.get("term") or _words(e))[:80]


def _language(text: str | None) -> str | None:
    m = re.match(r"\s*([A-Za-z]{2})(?![A-Za-z])", text or "")
    return m[1].lower() if m else None


# ------------------------------------------------------------ the tree


def _local(e: Any) -> str:
    return str(e.tag).rpartition("}")[2].lower() if isinstance(e.tag, str) else ""


def _space(e: Any) -> str:
    return str(e.tag)[1:].partition("}")[0] if str(e.tag).startswith("{") else ""


def _all(e: Any, name: str, spaces: frozenset[str] = _OWN) -> Iterator[Any]:
    return (x for x in e if _local(x) == name and _space(x) in spaces)


def _one(e: Any, name: str, spaces: frozenset[str]) -> Any:
    return next(_all(e, name, spaces), None)


def _words(e: Any) -> str:
    return "".join(e.itertext()).strip() if e is not None else ""
