"""Word files (.docx): paragraphs, headings and tables as lines, and pages where the file knows them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from factcheck.errors import InputError
from factcheck.readers import document
from factcheck.readers.document import Document
from factcheck.readers.limits import ZIP_ENTRIES, ZIP_PART, ZIP_RATIO, ZIP_TOTAL

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PAGE = "\f"  # a page break, until the text is put together
_LONG_PAGE = 8_000  # characters: more do not fit on a page, so breaks must be missing
_TINY = 4  # half points: smaller letters are there to be hidden
# Parts of a document that are not its text: what was deleted, and the same again for old programs.
_ASIDE = frozenset(
    {
        f"{_W}del",
        f"{_W}moveFrom",
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    }
)


def read(data: bytes, *, name: str) -> Document:
    """A document out of a Word file. Its properties may state a title, an author, a language; the
    days on which it was made and changed are no day of publication. Macros are not looked at.

    Raises InputError for what is no Word file, and for archives made to burst.
    """
    _look(data, name)
    import docx

    try:
        opened = docx.Document(io.BytesIO(data))
        body = opened.element.body
        lines = list(_blocks(body))
        properties = opened.core_properties
        titles = properties.title, _styled_title(opened)
        author, language = properties.author, properties.language
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"{name} cannot be read as a Word file:"
            f" {document.line(str(error), 200) or type(error).__name__}",
            hint="Open it and save it again as .docx, or give its text as .txt.",
        ) from error
    text, pages = _paged(lines)
    if not any(c.isalnum() for c in text):
        raise InputError(f"{name} has no text in it", hint="Is it pictures? Give its text as .txt.")
    return Document(
        text=text,
        format="docx",
        title=next(filter(None, map(document.metadata_title, titles)), None),
        author=document.line(author, 200),
        language=document.code(language or ""),
        pages=pages,
        place=name,
    )


def _look(data: bytes, name: str) -> None:
    """Refuse an archive that is none, that would burst, or whose XML defines entities."""

    def refused(why: str) -> InputError:
        return InputError(
            f"{name} is refused: {why}", hint="Open it in Word and save it again as .docx."
        )

    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise InputError(
            f"{name} cannot be read as a Word file: {error}", hint="Is it whole? Save it again."
        ) from error
    with archive:
        parts = archive.infolist()
        if "word/document.xml" not in archive.namelist():
            raise refused("there is no Word document in it")
        if len(parts) > ZIP_ENTRIES:
            raise refused(f"{len(parts):,} parts; a document may have {ZIP_ENTRIES:,}")
        if len({p.filename.lower() for p in parts}) < len(parts):
            raise refused("two parts have one name")
        if (total := sum(p.file_size for p in parts)) > ZIP_TOTAL:
            raise refused(f"unpacked it has {total / 1e6:,.0f} MB ({ZIP_TOTAL / 1e6:.0f} allowed)")
        for part in parts:
            if ".." in part.filename.split("/") or part.filename.startswith(("/", "\\")):
                raise refused("a part's name leads out of the archive")
            if part.file_size > 1e6 and part.file_size > ZIP_RATIO * max(1, part.compress_size):
                raise refused("a part is packed as no document is (a zip bomb?)")
            if part.filename.lower().endswith((".xml", ".rels")):
                _look_at_xml(archive, part, refused)


def _look_at_xml(archive: zipfile.ZipFile, part: zipfile.ZipInfo, refused: Any) -> None:
    if part.file_size > ZIP_PART:
        raise refused(f"its part {part.filename[:60]} has {part.file_size / 1e6:,.0f} MB")
    try:
        with archive.open(part) as file:
            xml = file.read(ZIP_PART + 1)
    except Exception as error:
        raise refused(f"its part {part.filename[:60]} is damaged") from error
    head = xml.replace(b"\0", b"")  # UTF-16 too
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise refused("its XML defines entities, as no Word file does")


# ---------------------------------------------------------------- text


def _blocks(parent: Any) -> Iterator[str]:
    """The lines of a body, a cell or a box in order: a paragraph each, a table's row each."""
    for element in parent:
        if element.tag == f"{_W}p":
            yield _paragraph(element)
            for box in element.iter(f"{_W}txbxContent"):
                own = next(box.iterancestors(f"{_W}p")) is element
                if own and not any(up.tag in _ASIDE for up in box.iterancestors()):
                    yield from _blocks(box)
        elif element.tag == f"{_W}tbl":
            for row in element.iter(f"{_W}tr"):
                if next(row.iterancestors(f"{_W}tbl")) is element:
                    yield _row(row)
        elif element.tag not in _ASIDE and isinstance(element.tag, str):
            yield from _blocks(element)


def _row(row: Any) -> str:
    cells = []
    for cell in row.iter(f"{_W}tc"):
        if next(cell.iterancestors(f"{_W}tr")) is row:
            words = " ".join(" ".join(_blocks(cell)).replace(_PAGE, " ").split())
            cells.append(words)
    return " | ".join(cells) if any(cells) else ""


def _paragraph(paragraph: Any) -> str:
    style = paragraph.find(f"{_W}pPr")
    before = style is not None and style.find(f"{_W}pageBreakBefore") is not None
    section = style is not None and _new_page(style.find(f"{_W}sectPr"))
    return (_PAGE if before else "") + "".join(_runs(paragraph)) + (_PAGE if section else "")


def _runs(parent: Any) -> Iterator[str]:
    """The words of a paragraph with its tabs, line breaks and page breaks."""
    for element in parent:
        tag = element.tag
        if tag == f"{_W}t":
            yield element.text or ""
        elif tag in (f"{_W}tab", f"{_W}ptab"):
            yield "\t"
        elif tag == f"{_W}noBreakHyphen":
            yield "-"
        elif tag == f"{_W}br":
            yield _PAGE if element.get(f"{_W}type") == "page" else "\n"
        elif tag == f"{_W}cr":
            yield "\n"
        elif tag == f"{_W}lastRenderedPageBreak":
            yield _PAGE
        elif tag in _ASIDE or tag in (f"{_W}pPr", f"{_W}rPr", f"{_W}txbxContent"):
            continue
        elif isinstance(tag, str) and not (tag == f"{_W}r" and _hidden(element)):
            yield from _runs(element)


def _hidden(run: Any) -> bool:
    """Words that Word does not show, or in letters that nobody can see."""
    look = run.find(f"{_W}rPr")
    if look is None:
        return False
    for name in ("vanish", "webHidden", "specVanish"):
        switch = look.find(f"{_W}{name}")
        if switch is not None and switch.get(f"{_W}val") not in ("0", "false", "off"):
            return True
    size = look.find(f"{_W}sz")
    return (
        size is not None
        and re.fullmatch(r"\d+", size.get(f"{_W}val") or "") is not None
        and (int(size.get(f"{_W}val")) <= _TINY)
    )


def _new_page(section: Any) -> bool:
    if section is None:
        return False
    kind = section.find(f"{_W}type")
    return kind is None or kind.get(f"{_W}val") in ("nextPage", "evenPage", "oddPage")


def _paged(lines: list[str]) -> tuple[str, tuple[int, ...]]:
    """The text, and where its pages begin.

    A Word file has no pages until it is printed. Breaks are in it where the author put them and
    where Word broke it when it last showed it; one after the other is one. Where what lies between
    two breaks cannot be one page, the pages are not known.
    """
    raw = re.sub(rf"{_PAGE}[\s{_PAGE}]*{_PAGE}", _PAGE, "\n\n".join(x.strip(" \t") for x in lines))
    raw = re.sub(rf"\n+{_PAGE}\n*", f"\n\n{_PAGE}", re.sub(r"[ \t]*\n[ \t]*", "\n", raw))
    raw = re.sub(r"\n{3,}", "\n\n", raw).strip()
    text, pages = "", []
    parts = raw.split(_PAGE)
    for part in parts:
        if text and not text[-1].isspace():
            text += "\n\n"
        pages.append(len(text))
        text += part
    known = len(parts) > 1 and all(len(part) <= _LONG_PAGE for part in parts)
    return text, tuple(pages) if known else ()


# ---------------------------------------------------------------- title


def _styled_title(opened: Any) -> str | None:
    """The one paragraph in the style Title."""
    found = [
        p.text for p in opened.paragraphs[:50] if p.style is not None and p.style.name == "Title"
    ]
    return found[0] if len(found) == 1 else None
