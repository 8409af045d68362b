"""Readers: bytes in, documents out. One module a format; what a file states, and nothing guessed.

    read        one document: Markdown, text, HTML, PDF, Word, e-mail (the message alone)
    read_many   all documents of a file: a table's rows, an e-mail with its attachments

Every file may be hostile. What is too much, broken or made to burst is an InputError; the limits
and their reasons stand in `limits`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from factcheck.errors import InputError
from factcheck.readers import limits
from factcheck.readers.document import Document
from factcheck.readers.formats import ENDINGS, TABLES, ending, format_of

__all__ = [
    "ENDINGS",
    "TABLES",
    "Document",
    "ending",
    "format_of",
    "limit",
    "read",
    "read_many",
]


def limit(name: str) -> int:
    """How many bytes a file of this name may have."""
    return limits.BYTES[ending(name) or "text"] if ending(name) else max(limits.BYTES.values())


def read(
    data: bytes,
    *,
    name: str,
    content_type: str | None = None,
    charset: str | None = None,
    encoding: str | None = None,
    address: str | None = None,
) -> Document:
    """The one document that a file holds; of an e-mail, the message.

    `name` is a path or an address and stands in errors. `content_type` and `charset` are what a
    server called it, `address` where it came from; `encoding` is given by hand and beats every
    other sign. Raises InputError for what cannot be read, and for a table of several reports.
    """
    format = _format(data, name, content_type)
    if format in TABLES:
        raise InputError(
            f"{name} is a table of reports, not one document",
            hint="Add it to the collection: factcheck refs add.",
        )
    if format == "eml":
        from factcheck.readers import eml

        for found in eml.read_many(data, name=name, read=_attached):
            if isinstance(found, InputError):
                raise found
            return _finished(found, data)
    return _one(data, format, name, charset, encoding, address)


def read_many(
    data: bytes,
    *,
    name: str,
    content_type: str | None = None,
    charset: str | None = None,
    encoding: str | None = None,
    address: str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Iterator[Document | InputError]:
    """All documents of a file, and for each that cannot be read its error, in order.

    `mapping` says which column of a table holds which field. Raises InputError where the file as
    a whole cannot be read.
    """
    format = _format(data, name, content_type)
    if format == "csv":
        from factcheck.readers import csv

        yield from csv.read_many(data, name=name, mapping=mapping or {}, encoding=encoding)
    elif format == "jsonl":
        from factcheck.readers import jsonl

        yield from jsonl.read_many(data, name=name, mapping=mapping or {}, encoding=encoding)
    elif format == "eml":
        from factcheck.readers import eml

        for found in eml.read_many(data, name=name, read=_attached):
            yield found if isinstance(found, InputError) else _finished(found, data)
    else:
        yield _one(data, format, name, charset, encoding, address)


def _format(data: bytes, name: str, content_type: str | None) -> str:
    if not data.strip():
        raise InputError(f"{name} is empty", hint="Give a file with text in it.")
    format = format_of(data, name=name, content_type=content_type)
    most = limits.BYTES[format]
    if len(data) > most:
        raise InputError(f"{name} has more than {most / 1e6:.0f} MB", hint="Split it.")
    return format


def _one(
    data: bytes,
    format: str,
    name: str,
    charset: str | None,
    encoding: str | None,
    address: str | None,
) -> Document:
    from factcheck.readers import apart, markdown

    if format == "html":
        found = apart.read(
            data, format=format, name=name, encoding=encoding, charset=charset, base=address
        )
    elif format in ("pdf", "docx"):
        found = apart.read(data, format=format, name=name)
        found = replace(found, url=found.url or address)
    else:
        found = markdown.read(
            data, name=name, encoding=encoding, charset=charset, markdown=format == "markdown"
        )
        found = replace(found, url=address)
    return _finished(found, data)


def _attached(data: bytes, name: str) -> Document:
    """A part of an e-mail as a document."""
    return read(data, name=name)


def _finished(found: Document, data: bytes) -> Document:
    if len(found.text) > limits.TEXT:
        raise InputError(
            f"{found.place} has {len(found.text) / 1e6:.1f} million characters of text;"
            f" {limits.TEXT / 1e6:.0f} are allowed",
            hint="Split it.",
        )
    return replace(found, sha256=hashlib.sha256(data).hexdigest())
