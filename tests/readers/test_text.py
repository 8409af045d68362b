"""Markdown, plain text and the YAML beside it."""

from __future__ import annotations

from datetime import date

import pytest

from factcheck import readers
from factcheck.errors import FactcheckError, InputError, ReferenceFileError, UsageError
from factcheck.readers import limits, matter

BODY = "The council of Safira met on Friday.\n\nNobody was hurt.\n"


def test_markdown_with_front_matter() -> None:
    found = readers.read(
        f"---\ntitle: T\npublished: 2013-11-05\n---\n\n{BODY}".encode(), name="a.md"
    )
    assert (found.format, found.text) == ("markdown", BODY.rstrip())
    assert dict(found.fields) == {"title": "T", "published": date(2013, 11, 5)}
    assert found.places["published"] == "a.md, line 3"
    assert found.title is None  # what is written down is not what the document states


def test_a_first_heading_is_the_title() -> None:
    assert (
        readers.read(f"# Safira *today* #\n\n{BODY}".encode(), name="a.md").title
        == "Safira *today*"
    )
    assert readers.read(f"{BODY}# Later\n".encode(), name="a.md").title is None
    assert readers.read(f"# Safira\n\n{BODY}".encode(), name="a.txt").title is None


def test_text_is_kept_as_it_stands() -> None:
    text = "Erste Zeile.\r\n\r\n  Zweite Zeile\twith a tab.\r\n"
    assert readers.read(text.encode(), name="a.txt").text == text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_in_utf_16(encoding: str) -> None:
    text = ("\ufeff" if encoding.endswith("e") else "") + "قال المجلس المحلي إن البلدة خالية."
    assert readers.read(text.encode(encoding), name="a.txt").text == text.lstrip("\ufeff")


def test_an_encoding_given_by_hand_beats_every_sign() -> None:
    data = "Città di Safira".encode("mac-roman")
    assert readers.read(data, name="a.txt", encoding="mac-roman").text == "Città di Safira"
    with pytest.raises(UsageError, match="`klingon`"):
        readers.read(data, name="a.txt", encoding="klingon")
    with pytest.raises(UsageError, match="`hex`"):  # a codec, and none of text
        readers.read(b"616263", name="a.txt", encoding="hex")
    with pytest.raises(InputError, match="not in utf-8"):
        readers.read(data, name="a.txt", encoding="utf-8")


def test_what_a_server_calls_the_charset() -> None:
    data = "Città vuota, 35 € a testa".encode("cp1252")
    assert "35 €" in readers.read(data, name="a", content_type="text/plain", charset="cp1252").text
    utf8 = "Città vuota".encode()
    assert readers.read(utf8, name="a", charset="iso-8859-1").text == "Città vuota"
    assert readers.read(utf8, name="a", charset="nonsense").text == "Città vuota"


@pytest.mark.parametrize(
    ("yaml", "line", "says"),
    [
        ("a: 1\nb: !!python/object/apply:os.system ['true']", 3, "could not determine"),
        ("a: !!python/name:os.system", 2, "could not determine"),
        ("a: 1\nb: &x [1]\nc: *x", 3, "anchor"),
        ("a: &a [x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nd: [*c,*c,*c]", 2, "anchor"),
        ("title: one\nkind: un\ntitle: two", 4, "`title` is given twice"),
        ("a:\n  b: 1\n  b: 2", 4, "`b` is given twice"),
        ("a: [" * 30_000, 2, "more than"),
        ("[" * 3_000 + "]" * 3_000, 2, "nested too deep"),
        ("- " * 3_000, 2, "nested too deep"),
        ("a: " + "9" * 5_000, None, "digit"),
        ("a: \x00" + " " * 200, 1, "not valid YAML"),
        ("a: 1\n? [x]\n: y", 2, "unhashable"),
        ("a: 2013-13-45", None, "month"),
    ],
    ids=[
        "object", "name", "alias", "laughs", "twice", "twice-inside", "long", "deep", "deep-lists",
        "digits", "nul",
        "list-as-key", "no-date",
    ],
)  # fmt: skip
def test_yaml_that_is_refused(yaml: str, line: int | None, says: str) -> None:
    with pytest.raises(ReferenceFileError) as caught:
        readers.read(f"---\n{yaml}\n---\n{BODY}".encode(), name="a.md")
    message = str(caught.value)
    assert message.startswith(f"a.md, line {line}: " if line else "a.md")
    assert says in message and len(message) < 400
    assert caught.value.hint


def test_plain_values_of_yaml_are_read() -> None:
    fields, lines = matter.parse("a: yes\nb: [1, 2]\n\nc: |\n  long\n  text\n", name="a")
    assert fields == {"a": True, "b": [1, 2], "c": "long\ntext\n"}
    assert lines == {"a": 1, "b": 2, "c": 4}
    assert matter.parse("", name="a") == ({}, {})


def test_front_matter_of_a_text_without_one() -> None:
    assert matter.front_matter("A text\n---\n", name="a") == ({}, "A text\n---\n", 1)


def test_front_matter_closed_by_dots_and_at_the_end() -> None:
    assert matter.front_matter("---\na: 1\n...\n\nText", name="a") == ({"a": 1}, "Text", 4)
    assert matter.front_matter("---\na: 1\n---", name="a")[:2] == ({"a": 1}, "")


# ---------------------------------------------------------------- which format


@pytest.mark.parametrize(
    ("data", "says", "hint"),
    [
        (b"PK\x03\x04" + b"\0" * 30 + b"xl/workbook.xml" + b"\0" * 90, "a workbook", ".csv"),
        (b"PK\x03\x04" + b"\0" * 200, "an archive", "Unpack"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 20, "old Office", ".docx"),
        (b"{\\rtf1 text}", "rich text", ".docx"),
        (b"\x89PNG\r\n\x1a\n" * 9, "a picture", "OCR"),
        (b"\xff\xd8\xff\xe0" * 9, "a picture", "OCR"),
        (b"\x1f\x8b\x08" * 9, "compressed", "Unpack"),
    ],
)
def test_other_files_are_named_for_what_they_are(data: bytes, says: str, hint: str) -> None:
    for name in ("a.txt", "a.md", "a", "a.csv"):
        with pytest.raises(InputError, match="not text") as caught:
            readers.read(data, name=name)
        assert says in str(caught.value) and hint in caught.value.hint


def test_an_archive_that_is_called_a_word_file() -> None:
    with pytest.raises(InputError, match=r"a\.docx is called a Word file and is none") as caught:
        readers.read(b"PK\x03\x04" + b"\0" * 200, name="a.docx")
    assert "save it again" in caught.value.hint


@pytest.mark.parametrize("name", ["a.pdf", "a.docx"])
def test_a_name_that_lies(name: str) -> None:
    with pytest.raises(InputError, match="is called a"):
        readers.read(b"Just some words.", name=name)


@pytest.mark.parametrize(
    ("name", "kind", "format"),
    [
        ("a.txt", None, "text"),
        ("a", None, "text"),
        ("https://x.example/a.md?b=c.pdf", None, "markdown"),
        ("https://x.example/report", "text/html; charset=utf-8", "html"),
        ("https://x.example/a.txt", "message/rfc822", "eml"),
        ("a.TSV", None, "csv"),
        ("a.ndjson", "text/plain", "jsonl"),
    ],
)
def test_the_format_is_told(name: str, kind: str | None, format: str) -> None:
    assert readers.format_of(b"some words", name=name, content_type=kind) == format


def test_a_text_that_is_a_page_or_a_pdf() -> None:
    assert readers.format_of(b"  <!DOCTYPE html><p>x", name="a.txt") == "html"
    assert readers.format_of(b"  <!DOCTYPE html><p>x", name="a.md") == "markdown"
    assert readers.format_of(b"\n%PDF-1.7 ...", name="a.txt") == "pdf"


def test_a_table_is_not_one_document() -> None:
    with pytest.raises(InputError, match="a table of reports"):
        readers.read(b"title,text\na,b\n", name="a.csv")


# ---------------------------------------------------------------- sizes


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.csv", "a.jsonl", "a.eml", "a"])
def test_more_bytes_than_allowed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for format in limits.BYTES:
        monkeypatch.setitem(limits.BYTES, format, 1_000)
    with pytest.raises(InputError, match="has more than") as caught:
        readers.read(b"word " * 201, name=name)
    assert caught.value.hint


def test_empty_files() -> None:
    for name in ("a.md", "a.pdf", "a.html", "a.csv"):
        with pytest.raises(InputError, match="is empty"):
            readers.read(b" \n\t", name=name)


def test_a_line_of_a_hundred_megabytes() -> None:
    data = b"word " * 20_000_000
    for name in ("a.html", "a.txt", "a.md", "a.eml"):
        with pytest.raises(FactcheckError, match="has more than"):
            readers.read(data, name=name)
