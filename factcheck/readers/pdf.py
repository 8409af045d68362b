"""PDF: the text layer page by page, so that a quotation can name its page."""

from __future__ import annotations

import io
import logging
import re
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from factcheck.errors import InputError
from factcheck.readers import document, layout
from factcheck.readers.document import Document
from factcheck.readers.limits import PDF_FORMS, PDF_PAGES, PDF_STREAM, SECONDS

# Letter forms that stand for letters: ligatures, and Arabic letters as they are drawn.
_FORMS = re.compile("[\ufb00-\ufb06\ufb50-\ufdfb\ufe70-\ufefc]+")


def read(data: bytes, *, name: str) -> Document:
    """A document out of a PDF with a text layer.

    Its metadata may state a title, a language and (in XMP) a publisher and the day of publication;
    the day on which the file was made is none of it. Raises InputError for what is broken, locked,
    only scanned or too much.
    """
    import pypdf

    with (
        pypdf.apply_configuration(
            zlib_maximum_output_length=PDF_STREAM,
            lzw_maximum_output_length=PDF_STREAM,
            run_length_maximum_output_length=PDF_STREAM,
            xform_maximum_invocations_per_extraction=PDF_FORMS,
        ),
        _heard() as warnings,
    ):
        return _read(data, name, warnings)


def _read(data: bytes, name: str, warnings: list[str]) -> Document:
    import pypdf

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not _unlocked(reader):
            raise InputError(
                f"{name} is locked with a password", hint="Save a copy without the password."
            )
        count = len(reader.pages)
    except InputError:
        raise
    except Exception as error:
        raise _broken(name, error) from error
    if count > PDF_PAGES:
        raise InputError(
            f"{name} has {count:,} pages; a report may have {PDF_PAGES:,}", hint="Split it."
        )
    pages, remarks = _texts(reader, count, name, warnings)
    text, at = layout.text_of(pages)
    if not any(c.isalpha() for c in text):
        raise InputError(
            f"{name} has no text in it: its {count} pages are pictures (scanned?)"
            if not remarks else f"{name}: {remarks[0]}",
            hint="Run OCR over it first (for example: ocrmypdf in.pdf out.pdf)."
            if not remarks else "Open it and save it again, or give its text as .txt.",
        )  # fmt: skip
    bare = [n for n, page in enumerate(pages, 1) if not page.strip()]
    if bare:
        remarks.append(f"no text on {_numbers(bare)} (pictures, or scanned?)")
    said = _stated(reader)
    return Document(
        text=text, format="pdf", pages=at, place=name, remarks=tuple(remarks), **said
    )  # fmt: skip


def _unlocked(reader: Any) -> bool:
    """Many files are locked against changes only: the empty password opens them."""
    return bool(reader.decrypt("").value)


def _broken(name: str, error: Exception) -> InputError:
    return InputError(
        f"{name} cannot be read as a PDF: {document.line(str(error), 200) or type(error).__name__}",
        hint="Open it and save it again, or give its text as .txt.",
    )


@contextmanager
def _heard() -> Iterator[list[str]]:
    """What the library says meanwhile of content that it leaves out."""
    told: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            words = record.getMessage()
            if words.startswith(("Exceeded", "Impossible")):
                told.append(words)

    log, ear = logging.getLogger("pypdf"), Ear()
    log.addHandler(ear)
    before, log.propagate = log.propagate, False
    try:
        yield told
    finally:
        log.removeHandler(ear)
        log.propagate = before


def _texts(reader: Any, count: int, name: str, warnings: list[str]) -> tuple[list[str], list[str]]:
    """The text of each page; a page that cannot be read is empty and named."""
    end = time.monotonic() + 0.9 * SECONDS  # before the process is ended from without
    pages, remarks = [], []
    for n in range(count):
        if time.monotonic() > end:
            raise InputError(
                f"{name}: reading it took longer than {SECONDS:.0f} s (page {n + 1} of {count})",
                hint="Split it, or give its text as .txt.",
            )
        try:
            text = str(reader.pages[n].extract_text())
        except Exception as error:  # noqa: BLE001 - whatever a damaged page does to the library
            why = document.line(str(error), 200) or type(error).__name__
            remarks.append(f"page {n + 1} cannot be read: {why}")
            text = ""
        pages.append(_letters(text))
        if warnings:
            told = document.line(warnings[0], 300) or ""
            remarks.append(f"page {n + 1} is not read whole: {told}")
            warnings.clear()
    return pages, remarks


def _letters(text: str) -> str:
    """The text with letters for letter forms, and without halves of characters."""
    text = _FORMS.sub(lambda m: unicodedata.normalize("NFKC", m[0]), text)
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _numbers(pages: list[int]) -> str:
    shown = ", ".join(map(str, pages[:10]))
    return f"page{'s' if len(pages) > 1 else ''} {shown}" + (" …" if len(pages) > 10 else "")


def _stated(reader: Any) -> dict[str, Any]:
    """What the metadata says; anything odd in it counts as not said."""

    def of(get: Any) -> Any:
        try:
            return get()
        except Exception:  # noqa: BLE001 - metadata of any shape
            return None

    xmp = of(lambda: reader.xmp_metadata)
    titles = [
        of(lambda: next(iter((xmp.dc_title or {}).values()))),
        of(lambda: reader.metadata.title),
    ]
    return {
        "title": next((t for t in map(document.metadata_title, titles) if t), None),
        "author": document.line(of(lambda: reader.metadata.author), 200),
        "publisher": document.line(of(lambda: xmp.dc_publisher[0]), 200),
        "language": document.code(of(lambda: reader.trailer["/Root"]["/Lang"]) or ""),
        "published": of(lambda: _published(xmp)),
    }


def _published(xmp: Any) -> date | None:
    """The day of publication, where the metadata says that it is that (PRISM)."""
    for version in ("", "2.0/", "2.1/", "3.0/"):
        space = f"http://prismstandard.org/namespaces/basic/{version}"
        for element in xmp.get_element("", space, "publicationDate"):
            value = getattr(element, "value", None) or element.firstChild.nodeValue
            if found := document.day(value):
                return found
    return None
