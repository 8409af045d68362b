"""Word files: text, tables, pages, what they state, and archives made to hurt."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from factcheck import readers
from factcheck.errors import InputError
from factcheck.readers import docx, limits
from tests.readers import build
from tests.readers.build import LINES, part, rezipped

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def read(data: bytes) -> readers.Document:
    return docx.read(data, name="a.docx")


def body(inside: str) -> bytes:
    """A Word file whose body is this XML."""
    data = build.docx("x")
    xml = part(data).decode()
    start, end = xml.index("<w:body>") + 8, xml.index("</w:body>")
    return rezipped(data, {"word/document.xml": (xml[:start] + inside + xml[end:]).encode()})


def p(words: str, run: str = "", look: str = "") -> str:
    look = f"<w:pPr>{look}</w:pPr>" if look else ""
    run = f"<w:rPr>{run}</w:rPr>" if run else ""
    return f"<w:p>{look}<w:r>{run}<w:t>{words}</w:t></w:r></w:p>"


# ---------------------------------------------------------------- text


def test_paragraphs_headings_and_tables() -> None:
    def edit(document: Any) -> None:
        document.add_heading("Figures", 1)
        table = document.add_table(2, 3)
        for cell, words in zip(
            table._cells, ["Town", "Dead", "Left", "Safira", "12", "1,200"], strict=True
        ):
            cell.text = words
        table.cell(1, 1).merge(table.cell(1, 2))
        document.add_paragraph("The end.")

    assert read(build.docx(*LINES, edit=edit)).text.split("\n\n") == [
        *LINES, "Figures", "Town | Dead | Left", "Safira | 12 1,200", "The end.",
    ]  # fmt: skip


def test_a_table_in_a_table_and_a_box() -> None:
    inner = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>inner</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    outer = f"<w:tbl><w:tr><w:tc>{p('outer')}{inner}</w:tc><w:tc>{p('next')}</w:tc></w:tr></w:tbl>"
    box = f"<w:p><w:r><w:t>Before</w:t><w:pict><w:txbxContent>{p('boxed')}</w:txbxContent></w:pict></w:r></w:p>"
    control = f"<w:sdt><w:sdtContent>{p('a title in a field')}</w:sdtContent></w:sdt>"
    found = read(body(outer + box + control)).text
    assert found.split("\n\n") == ["outer inner | next", "Before", "boxed", "a title in a field"]


@pytest.mark.parametrize(
    "aside",
    [
        p("SECRET", run="<w:vanish/>"),
        p("SECRET", run='<w:sz w:val="2"/>'),
        "<w:p><w:del><w:r><w:delText>SECRET</w:delText></w:r></w:del></w:p>",
        "<w:p><w:moveFrom><w:r><w:t>SECRET</w:t></w:r></w:moveFrom></w:p>",
        "<w:p><w:r><w:instrText>DDEAUTO c:\\\\x SECRET</w:instrText></w:r></w:p>",
    ],
)
def test_what_word_does_not_show_is_not_read(aside: str) -> None:
    found = read(body(p("Shown words.") + aside + p("More.", run='<w:vanish w:val="0"/>')))
    assert found.text == "Shown words.\n\nMore."


def test_words_with_breaks_in_them() -> None:
    run = "<w:p><w:r><w:t>One</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t><w:noBreakHyphen/><w:t>four</w:t></w:r></w:p>"  # noqa: E501
    assert read(body(run)).text == "One\ttwo\nthree-four"


# ---------------------------------------------------------------- pages

BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
SHOWN = "<w:r><w:lastRenderedPageBreak/></w:r>"


def on(found: readers.Document) -> list[str]:
    ends = [*found.pages[1:], len(found.text)]
    return [found.text[a:b].strip() for a, b in zip(found.pages, ends, strict=True)]


@pytest.mark.parametrize(
    ("inside", "pages"),
    [
        (p("One.") + BREAK + p("Two.") + BREAK + p("Three."), ["One.", "Two.", "Three."]),
        (p("One.") + p("Two.", look="<w:pageBreakBefore/>"), ["One.", "Two."]),
        (p("One.", look="<w:sectPr/>") + p("Two."), ["One.", "Two."]),
        (p("One.", look='<w:sectPr><w:type w:val="continuous"/></w:sectPr>') + p("Two.") + BREAK + p("Three."),
         ["One.\n\nTwo.", "Three."]),
        # the author's break, and Word's record that there it broke the page, are one
        (p("One.") + BREAK + f"<w:p>{SHOWN}<w:r><w:t>Two.</w:t></w:r></w:p>", ["One.", "Two."]),
        (f"<w:p><w:r><w:t>A sentence </w:t></w:r>{SHOWN}<w:r><w:t>that runs on.</w:t></w:r></w:p>",
         ["A sentence", "that runs on."]),
        (BREAK + p("One.") + BREAK, []),
        (p("One.") + p("Two."), []),
    ],
)  # fmt: skip
def test_pages_as_far_as_the_file_knows_them(inside: str, pages: list[str]) -> None:
    found = read(body(inside))
    assert (on(found) if found.pages else []) == pages


def test_pages_that_cannot_be_pages_are_not_known() -> None:
    long = p("This report goes on and on for many pages. " * 400)
    found = read(body(p("Cover") + BREAK + long))
    assert found.pages == () and "Cover" in found.text


# ---------------------------------------------------------------- what it states


def test_properties() -> None:
    def edit(document: Any) -> None:
        document.core_properties.author = "A. Writer"
        document.core_properties.language = "en-GB"

    found = read(build.docx(*LINES, title="Safira in November", edit=edit))
    assert (found.title, found.author, found.language) == ("Safira in November", "A. Writer", "en")
    assert found.published is None  # the days on which it was made and saved are no such day
    assert read(build.docx(*LINES, title="Document1")).title is None


def test_the_style_of_a_title() -> None:
    found = read(
        build.docx(edit=lambda d: (d.add_heading("Safira in November", 0), d.add_paragraph("x y")))
    )
    assert found.title == "Safira in November"


# ---------------------------------------------------------------- made to hurt


def packed(*parts: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    return out.getvalue()


def refused(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        read(data)
    assert str(caught.value).startswith("a.docx") and caught.value.hint


GOOD = build.docx(*LINES)


@pytest.mark.parametrize(
    "name", ["word/media/picture.bin", "word/document2.xml", "customXml/x.xml"]
)
def test_a_part_that_bursts(name: str) -> None:
    refused(rezipped(GOOD, None, (name, b"\0" * 40_000_000)), "zip bomb")


def test_many_parts_that_burst_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx, "ZIP_TOTAL", 3_000_000)
    data = rezipped(GOOD, None, *((f"word/media/{n}.bin", b"\0" * 990_000) for n in range(5)))
    refused(data, "unpacked it has")


def test_sizes_that_lie() -> None:
    """The directory says one megabyte, the data say a hundred: what is beyond is never unpacked."""
    data = rezipped(GOOD, {"word/document.xml": part(GOOD) + b" " * 100_000_000})
    size = (len(part(GOOD)) + 100_000_000).to_bytes(4, "little")
    assert data.count(size) == 2
    refused(data.replace(size, (900_000).to_bytes(4, "little")), "damaged")


def test_too_many_parts() -> None:
    refused(rezipped(GOOD, None, *((f"a{n}", b"") for n in range(limits.ZIP_ENTRIES))), "parts")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["word/document.xml", "WORD/Document.xml", "word/styles.xml"])
def test_two_parts_of_one_name(name: str) -> None:
    refused(rezipped(GOOD, None, (name, part(GOOD))), "one name")


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "word/../../x", "\\x"])
def test_names_that_lead_out(name: str) -> None:
    refused(rezipped(GOOD, None, (name, b"x")), "leads out")


LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">',
        LAUGHS + "]>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities(doctype: str, encoding: str) -> None:
    xml = part(GOOD).decode().partition("?>")[2].replace(LINES[0][:9], "&x;", 1)
    text = f"<?xml version='1.0' encoding='{encoding}'?>{doctype}{xml}"
    refused(rezipped(GOOD, {"word/document.xml": text.encode(encoding)}), "entities")


def test_macros_are_not_looked_at() -> None:
    data = rezipped(GOOD, None, ("word/vbaProject.bin", b"\xd0\xcf\x11\xe0 Sub AutoOpen()"))
    assert read(data).text == "\n\n".join(LINES)


def test_a_link_to_a_template_elsewhere_is_not_followed() -> None:
    rels = part(GOOD, "word/_rels/document.xml.rels").replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'attachedTemplate" Target="http://127.0.0.1:9/evil.dotm" TargetMode="External"/></Relationships>',
    )
    assert read(rezipped(GOOD, {"word/_rels/document.xml.rels": rels})).text == "\n\n".join(LINES)


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 word/document.xml",
        GOOD[:3000],
        GOOD[:-30],
        packed(("word/document.xml", b"<x/>")),
        packed(("word/other.xml", b"<x/>")),
        rezipped(GOOD, {"word/document.xml": b"<w:document " + W.encode() + b"/>"}),
        rezipped(GOOD, {"word/document.xml": b"not xml"}),
        rezipped(GOOD, {"word/document.xml": f"<w:a {W}>{'<w:p>' * 5_000}".encode()}),
        rezipped(GOOD, {"[Content_Types].xml": b""}),
        rezipped(GOOD, {"docProps/core.xml": b"<broken"}),
        body(""),
        body(p("") + p("  ")),
    ],
)
def test_broken_files(data: bytes) -> None:
    refused(data, r"a\.docx")


def test_deep_nesting_is_no_crash() -> None:
    deep = "<w:sdt><w:sdtContent>" * 120 + p("deep") + "</w:sdtContent></w:sdt>" * 120
    try:
        assert read(body(deep)).text == "deep"
    except InputError as error:
        assert error.hint


def test_it_is_read_apart_too() -> None:
    assert readers.read(GOOD, name="a.docx").text == "\n\n".join(LINES)
