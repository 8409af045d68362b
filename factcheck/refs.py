"""A reference out of a document: who published it, when, under which title, of which kind.

What is known of a report comes from three places: what is given on the command line beats what
somebody wrote down beside it (front matter, a sidecar file, the row of a table), and that beats
what the document itself states. `publisher`, `title` and `published` are required; what cannot be
found is a ReferenceFileError that names the field and the file, and never a guess.

A Markdown or text file with front matter looks like this:

    ---
    id: F072
    publisher: OCHA via RFE/RL
    kind: un
    title: ...
    published: 2013-11-05
    language: en
    origins: [OCHA]
    form: digest
    ---
    The text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from factcheck.errors import ReferenceFileError
from factcheck.files import read_bytes
from factcheck.models import Reference, content_id
from factcheck.readers import TABLES, Document, limit, markdown
from factcheck.readers.document import code, day, host
from factcheck.readers.document import path as path_of
from factcheck.sources import Register
from factcheck.text.hidden import without_hidden
from factcheck.text.language import identify

KINDS = (
    "un", "monitor", "wire", "broadcaster", "newspaper", "state_media", "ngo", "academic", "other",
)  # fmt: skip
FORMS = ("report", "digest")
SIDECAR = ".meta.yaml"  # report.pdf.meta.yaml tells about report.pdf
UNDATED = "undated"  # what may stand for a date, written down by somebody who knows of none
_KNOWN = frozenset(
    "id publisher kind title url published event_date language original_language origins form "
    "licence tags country archive_url replaces".split()
)
_ID = re.compile(r"[A-Za-z0-9][\w.\-]{0,99}")
_ARABIC = ("ar", "fa", "ur", "ps", "ckb", "ug", "sd")  # languages written in Arabic letters
_WITH_MATTER = ("markdown", "text")  # formats that can hold front matter
_FLAGS = {"event_date": "--event-date", "country": "--country", "tags": "--tag"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is given by hand for all documents of a call; it beats every other source."""

    fields: Mapping[str, Any] = field(default_factory=dict)  # by the names of front matter
    allow_undated: bool = False
    encoding: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)  # field -> column of a table


def read(path: Path) -> Reference:
    """One reference out of a file with front matter. Raises ReferenceFileError (file and line)."""
    data = read_bytes(path, what="a reference", limit=limit(str(path)))
    return reference(markdown.read(data, name=str(path)), name=str(path))


def parse(text: str, *, name: str) -> Reference:
    """A reference out of the text of a file with front matter; `name` stands in errors."""
    return reference(markdown.read(text.encode(), name=name), name=name)


def collect(paths: Iterable[Path]) -> list[Path]:
    """Files as they are, and the Markdown files in folders."""
    return [f for p in paths for f in (sorted(p.rglob("*.md")) if p.is_dir() else [p])]


def read_all(paths: Iterable[Path]) -> list[Reference]:
    """All references of files with front matter, and of the Markdown files in folders; an id that
    stands in two files is an error."""
    seen: dict[str, str] = {}
    references = []
    for path in collect(paths):
        found = read(path)
        twice(seen, found.id, str(path))
        references.append(found)
    return references


def twice(seen: dict[str, str], id: str, place: str) -> None:
    """Note where an id stands. Raises ReferenceFileError where another report has it."""
    if id in seen:
        raise ReferenceFileError(
            f"id {id} stands in two files: {seen[id]} and {place}",
            hint="Give each report an id of its own.",
        )
    seen[id] = place


def reference(document: Document, *, name: str, given: Given | None = None) -> Reference:
    """The reference that a document is. `name` is its file or address.

    Raises ReferenceFileError that names the field, the place and what to do.
    """
    given = given or Given()
    written = dict(document.fields)
    sheet = _Sheet(document, name, {**written, **given.fields}, set(given.fields))
    for key in written:
        if key not in _KNOWN:
            known = ", ".join(sorted(_KNOWN))
            raise sheet.fail(key, f"unknown field `{key}`", f"Known fields: {known}.")
    sheet.require(*_required(sheet, given.allow_undated))
    publisher, title = sheet.words("publisher"), sheet.words("title")
    published = sheet.published()
    text, pages = without_hidden(document.text.strip(), _stripped(document))
    if not any(c.isalnum() for c in text):
        raise sheet.fail("text", "the report has no text", "Put the text below the second ---.")
    url = sheet.word("url", document.url)
    return Reference(
        id=sheet.id() or _id(url, name, text),
        publisher=publisher,
        kind=sheet.one_of("kind", KINDS, _kind(publisher)),
        title=title,
        text=text,
        url=url,
        published=published,
        event_date=sheet.day("event_date", document.event_date),
        language=_language(sheet, text),
        origins=sheet.names("origins", strict=True),
        form=sheet.one_of("form", FORMS, "report"),
        licence=sheet.word("licence"),
        tags=sheet.names("tags"),
        countries=sheet.names("country"),
        pages=pages,
        archive_url=sheet.word("archive_url", document.archive_url),
        replaces=sheet.word("replaces"),
        source_sha256=document.sha256 or None,
    )


class _Sheet:
    """The fields of a document, read one by one; what is wrong with one is said with its place."""

    def __init__(
        self, document: Document, name: str, fields: Mapping[str, Any], flags: set[str]
    ) -> None:
        self.document, self.name = document, name
        self.fields = fields
        self.flags = flags

    def fail(self, key: str, what: str, hint: str) -> ReferenceFileError:
        place = self.document.places.get(key) or self.document.place
        if key in self.flags:
            place = _FLAGS.get(key, f"--{key}")
        return ReferenceFileError(f"{place}: {what}", hint=hint)

    def words(self, key: str) -> str:
        """A field that must be there: as written down, else as the document states it."""
        value = self.fields.get(key)
        if isinstance(value, (dict, list)):
            raise self.fail(key, f"`{key}` is no text", f"Write `{key}: words`.")
        found = str(value).strip() if value is not None else getattr(self.document, key)
        return without_hidden(str(found))[0]

    def published(self) -> date | None:
        if self.fields.get("published") == UNDATED:
            return None
        return self.day("published", self.document.published)

    def require(self, *keys: str) -> None:
        """Raise ReferenceFileError where nobody states some of the fields, for all of them at once."""
        lacking = [k for k in keys if not self._is_there(k)]
        if not lacking:
            return
        bare = self.document.format in _WITH_MATTER and not self.document.fields
        first, *others = (f"`{k}`" for k in lacking)
        told = "no front matter, and " if bare else ""
        told += f"the field {first} is missing"
        if others:
            told += f", and so {'is' if len(others) == 1 else 'are'} {_listed(others)}"
        raise self.fail(lacking[0], told, self._remedy(lacking))

    def _is_there(self, key: str) -> bool:
        value = self.fields.get(key)
        return bool(getattr(self.document, key) if value is None else str(value).strip())

    def _remedy(self, lacking: Sequence[str]) -> str:
        """How fields that are missing are given."""
        flags = _listed([f"--{k}" for k in lacking])
        written = _listed([f"`{k}:`" for k in lacking])
        if self.document.format in TABLES:
            columns = ",".join(f"{k}=COLUMN" for k in lacking)
            hint = (
                f"Fill it in, name its column with --map {columns}, or give {flags} for all rows."
            )
        elif self.document.format in _WITH_MATTER:
            hint = f"Add {written} to the front matter, or give {flags}."
        elif host(self.name):
            hint = f"Give {flags}."
        else:
            hint = f"Give {flags}, or write {written} into {sidecar_of(self.name)} beside it."
        undated = " A report without a date: --allow-undated." if "published" in lacking else ""
        return hint + undated

    def word(self, key: str, stated: str | None = None) -> str | None:
        value = self.fields.get(key)
        return str(value).strip() or None if value is not None else stated

    def day(self, key: str, stated: date | None = None) -> date | None:
        value = self.fields.get(key)
        if value is None or value == "":
            return stated
        if (found := day(value)) is None:
            raise self.fail(key, f"`{str(value)[:100]}` is no date", "Write it as YYYY-MM-DD.")
        return found

    def one_of(self, key: str, known: tuple[str, ...], otherwise: str) -> str:
        value = self.fields.get(key)
        if value is None or value == "":
            return otherwise
        if value not in known:
            told = f"unknown {key} `{str(value)[:100]}`"
            raise self.fail(key, told, f"One of: {', '.join(known)}.")
        return str(value)

    def id(self) -> str | None:
        value = self.fields.get("id")
        if value is None or value == "":
            return None
        if not _ID.fullmatch(str(value)):
            raise self.fail(
                "id", f"`{str(value)[:100]}` is no id", "Use letters, digits, '.', '_' and '-'."
            )
        return str(value)

    def names(self, key: str, *, strict: bool = False) -> tuple[str, ...]:
        """A list of names, or (not `strict`) one name. YAML reads the bare word NO as false."""
        value = self.fields.get(key)
        if isinstance(value, bool):
            raise self.fail(key, f"`{key}: {value}` is no name", 'Put it in quotes: "NO".')
        found = [value] if isinstance(value, str) and not strict else value or []
        if not isinstance(found, (list, tuple)) or not all(
            isinstance(n, str) and n.strip() for n in found
        ):
            raise self.fail(key, f"`{key}` is not a list of names", f"Write `{key}: [SOHR, AFP]`.")
        return tuple(n.strip() for n in found)


def _required(sheet: _Sheet, allow_undated: bool) -> list[str]:
    """The fields that somebody has to state. Front matter that leaves the date out says that there
    is none; whoever else knows of none has to say so."""
    document = sheet.document
    own = document.format in _WITH_MATTER and bool(document.fields)
    return ["publisher", "title", *([] if allow_undated or own else ["published"])]


def _listed(words: Sequence[str]) -> str:
    """ "a, b and c"."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def sidecar_of(name: str) -> str:
    """The name of the file that tells about another, which lies beside it."""
    return PurePosixPath(name.replace("\\", "/")).name + SIDECAR


def _kind(publisher: str) -> str:
    """The kind of a publisher whom the register of sources knows by this name."""
    source = Register.load().named(publisher)
    return source.kind if source and source.kind in KINDS else "other"


def _language(sheet: _Sheet, text: str) -> str:
    """The language as written down, else as the document states it in so far as its script can be
    that language's (templates of pages often name one for all articles), else that of the text."""
    written = sheet.word("language")
    if written:
        if (tag := code(written)) is None:
            told = f"`{written[:30]}` is no language code"
            raise sheet.fail("language", told, "Write a code such as id, en or ar.")
        return tag
    stated = sheet.document.language
    letters = [c for c in text[:4000] if c.isalpha()]
    arabic = sum("\u0600" <= c <= "\u06ff" for c in letters) > len(letters) / 2
    if stated and arabic == (stated in _ARABIC):
        return stated
    return identify(text)


def _stripped(document: Document) -> tuple[int, ...]:
    """Where the pages begin once the white space around the text is gone."""
    lead = len(document.text) - len(document.text.lstrip())
    end = len(document.text.strip())
    return tuple(min(max(0, at - lead), end) for at in document.pages)


def _id(url: str | None, name: str, text: str) -> str:
    """An id for a report that has none: of its address, else of its file's name and its text."""
    if url and host(url):
        where = PurePosixPath(path_of(url))
        words = _slug(f"{host(url)} {where.parent.name} {where.stem}")
        return f"{words[:70].strip('-.')}-{content_id('address', url)[:8]}"
    stem = _slug(PurePosixPath(name.replace("\\", "/")).stem) or "report"
    return f"{stem[:70].strip('-.')}-{content_id('text', text)[:8]}"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9.]+", "-", plain.lower()).strip("-.")
