"""Which format a file is in: by its first bytes, by what a server called it, by its name."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from factcheck.errors import InputError
from factcheck.readers.document import path

ENDINGS = {
    ".md": "markdown", ".markdown": "markdown", ".txt": "text", ".text": "text", ".html": "html",
    ".htm": "html", ".xhtml": "html", ".pdf": "pdf", ".docx": "docx", ".jsonl": "jsonl",
    ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv", ".eml": "eml",
}  # fmt: skip
TABLES = ("jsonl", "csv")  # formats that hold a report in each row
_TYPES = {
    "application/pdf": "pdf", "application/x-pdf": "pdf", "text/html": "html",
    "application/xhtml+xml": "html", "text/markdown": "markdown", "text/csv": "csv",
    "text/tab-separated-values": "csv", "message/rfc822": "eml", "application/x-ndjson": "jsonl",
    "application/ndjson": "jsonl", "application/jsonl": "jsonl", "application/jsonlines": "jsonl",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}  # fmt: skip
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|p|div|meta)\b", re.IGNORECASE)
# What begins so is none of ours, and what to do with it.
_OTHERS = (
    (b"\xd0\xcf\x11\xe0", "an old Office file", "Save it as .docx, .pdf or .csv."),
    (b"{\\rtf", "a rich text file", "Save it as .docx or .txt."),
    (b"\x89PNG", "a picture", "Run OCR over it and give the text."),
    (b"\xff\xd8\xff", "a picture", "Run OCR over it and give the text."),
    (b"GIF8", "a picture", "Run OCR over it and give the text."),
    (b"\x1f\x8b", "a compressed file", "Unpack it first."),
    (b"7z\xbc\xaf", "an archive", "Unpack it first."),
    (b"Rar!", "an archive", "Unpack it first."),
)


def ending(name: str) -> str:
    """The format that a file's or an address's ending stands for; "" for an unknown one."""
    where = path(name) if re.match(r"https?://", name) else name
    return ENDINGS.get(PurePosixPath(where.replace("\\", "/")).suffix.lower(), "")


def format_of(data: bytes, *, name: str, content_type: str | None = None) -> str:
    """The format of a file. Raises InputError for one that is not read, naming what it is."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data, name)
    for mark, what, hint in _OTHERS:
        if data.startswith(mark):
            raise InputError(f"{name} is not text: it is {what}", hint=hint)
    by_type = _TYPES.get((content_type or "").partition(";")[0].strip().lower(), "")
    by_name = ending(name)
    found = by_type or by_name
    if found in ("pdf", "docx"):
        raise _misnamed(name, found)
    if found in ("", "text") and _HTML.search(data[:2000]):
        return "html"
    return found or "text"


def _misnamed(name: str, format: str) -> InputError:
    what = {"pdf": "a PDF", "docx": "a Word file"}[format]
    return InputError(
        f"{name} is called {what} and is none", hint="Is it whole? Open it and save it again."
    )


def _zipped(data: bytes, name: str) -> str:
    if b"word/" in data[:4096] or b"word/document.xml" in data[-100_000:]:
        return "docx"
    what = (
        "a workbook" if b"xl/" in data[:4096] or b"xl/workbook" in data[-100_000:] else "an archive"
    )
    if what == "an archive" and ending(name) == "docx":
        raise _misnamed(name, "docx")
    raise InputError(
        f"{name} is not text: it is {what}",
        hint="Save it as .csv." if what == "a workbook" else "Unpack it first.",
    )
