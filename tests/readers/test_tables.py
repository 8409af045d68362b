"""CSV and JSON Lines: one report a row, and the line of each mistake."""

from __future__ import annotations

import csv as library
import io
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck import readers, refs
from factcheck.errors import InputError, ReferenceFileError
from factcheck.readers import limits, rows
from factcheck.readers.document import Document

HEAD = "title,publisher,published,text\n"
ROW = "Safira,Example Relief,2013-11-08,The town was empty.\n"


def read(text: str | bytes, name: str = "a.csv", /, **mapping: str) -> list[Document | InputError]:
    data = text.encode() if isinstance(text, str) else text
    return list(readers.read_many(data, name=name, mapping=mapping))


def good(text: str | bytes, name: str = "a.csv", /, **mapping: str) -> list[Document]:
    found = read(text, name, **mapping)
    assert all(isinstance(f, Document) for f in found), found
    return [f for f in found if isinstance(f, Document)]


def said(found: object) -> str:
    assert isinstance(found, InputError)
    assert found.hint
    return str(found)


# ---------------------------------------------------------------- columns


def test_a_row_is_a_report() -> None:
    found = good(HEAD + ROW)[0]
    assert found.text == "The town was empty."
    assert dict(found.fields) == {
        "title": "Safira", "publisher": "Example Relief", "published": "2013-11-08",
    }  # fmt: skip
    assert (found.place, found.format, len(found.sha256)) == ("a.csv, line 2", "csv", 64)
    made = refs.reference(found, name="a.csv")
    assert (made.title, made.published, made.kind) == ("Safira", date(2013, 11, 8), "other")


@pytest.mark.parametrize(
    "head",
    ["Headline,Source,Date,Body", "JUDUL,Sumber,tanggal,isi", "title,site name,published_at,full-text",
     "العنوان,المصدر,التاريخ,النص", "Titre,éditeur,publication date,contenu"],
)  # fmt: skip
def test_columns_go_by_many_names(head: str) -> None:
    found = good(f"{head}\n{ROW}")[0]
    assert set(found.fields) == {"title", "publisher", "published"}


def test_columns_are_mapped_by_hand() -> None:
    text = "a,b,c,title,d\nSafira,Relief,2013-11-08,wrong,The town was empty.\n"
    found = good(text, title="a", publisher="b", published="c", text="d")[0]
    assert (found.fields["title"], found.text) == ("Safira", "The town was empty.")
    assert found.remarks == ("title from `a`, publisher from `b`, published from `c`, text from `d`; "
                             "not read: `title`",)  # fmt: skip


def test_what_is_mapped_must_be_there() -> None:
    for mapping, says in (
        ({"text": "nope"}, "no column `nope`"),
        ({"author": "text"}, "no field `author`"),
    ):
        with pytest.raises(InputError, match=says) as caught:
            read(HEAD + ROW, **mapping)
        assert caught.value.hint
    with pytest.raises(InputError, match="no column for the text") as caught:
        read("title,publisher\na,b\n")
    assert "--map text=COLUMN" in caught.value.hint


def test_a_nested_value_is_reached_with_dots() -> None:
    line = json.dumps({"fields": {"body": "The town was empty.", "n": 3}, "title": "T"})
    found = good(line, "a.jsonl", text="fields.body")[0]
    assert found.text == "The town was empty."
    wrong = read(line, "a.jsonl", text="fields.n")
    assert said(wrong[0]) == "a.jsonl, line 1: `fields.n` is no text but int"


def test_lists_in_a_cell() -> None:
    text = 'text,origins,tags,country\nIt was so.,SOHR; AFP,"aid, camps",SY\n'
    found = good(text)[0]
    assert dict(found.fields) == {
        "origins": ["SOHR", "AFP"],
        "tags": ["aid", "camps"],
        "country": ["SY"],
    }


def test_missing_fields_name_row_field_and_flag() -> None:
    found = good(HEAD + ROW.replace("2013-11-08", ""))[0]
    with pytest.raises(
        ReferenceFileError, match=r"a\.csv, line 2: the field `published` is missing"
    ) as caught:
        refs.reference(found, name="a.csv")
    assert "--published" in caught.value.hint and "--allow-undated" in caught.value.hint
    wrong = good(HEAD + ROW.replace("2013-11-08", "08/11/2013"))[0]
    with pytest.raises(ReferenceFileError, match="line 2: `08/11/2013` is no date"):
        refs.reference(wrong, name="a.csv")


# ---------------------------------------------------------------- CSV


def test_cells_with_breaks_and_the_lines_after_them() -> None:
    text = HEAD + 'A,P,2013-11-08,"One.\nTwo.\n\nThree."\n\n  \n' + ROW + "B,P,2013\n"
    found = read(text)
    assert [getattr(f, "place", "") for f in found[:2]] == ["a.csv, line 2", "a.csv, line 8"]
    assert isinstance(found[0], Document) and found[0].text == "One.\nTwo.\n\nThree."
    assert said(found[2]) == "a.csv, line 9: 3 cells, where the head has 4"


def test_ragged_rows_are_named_and_the_others_read() -> None:
    found = read(HEAD + "A,P\n" + ROW + ROW.strip() + ",more\n" + ROW)
    assert [type(f) for f in found] == [InputError, Document, InputError, Document]
    assert said(found[0]).startswith("a.csv, line 2: 2 cells")
    assert said(found[2]).startswith("a.csv, line 4: 5 cells")


def test_a_quotation_mark_that_is_not_closed() -> None:
    found = read(HEAD + ROW + 'A,P,2013-11-08,"It never ends.\n' + ROW * 3)
    assert isinstance(found[0], Document)
    assert said(found[1]).startswith("a.csv, line 3: a quotation mark opens")
    assert len(found) == 2


@pytest.mark.parametrize(
    "formula", ['=HYPERLINK("http://x.example")', "@SUM(A1)", "+1+cmd|' /C calc'!A0", "-2"]
)
def test_a_formula_is_its_letters(formula: str) -> None:
    out = io.StringIO()
    library.writer(out).writerows([["title", "text"], [formula, f"{formula} it said."]])
    found = good(out.getvalue())[0]
    assert (found.fields["title"], found.text) == (formula, f"{formula} it said.")


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_and_encodings(mark: str, encoding: str) -> None:
    text = (HEAD + ROW).replace(",", mark).replace("\n", "\r\n").replace("Safira", "السفيرة")
    assert good(text.encode(encoding))[0].fields["title"] == "السفيرة"


def test_a_cell_of_fifty_megabytes() -> None:
    found = read(HEAD + ROW + "A,P,2013-11-08," + "x " * 25_000_000 + "\n")
    assert isinstance(found[0], Document)
    assert "a.csv, line 3: field larger than field limit" in said(found[1])


def test_nul_bytes() -> None:
    found = good(HEAD + ROW.replace("empty", "em\0pty") + ROW * 9)
    made = refs.reference(found[0], name="a.csv")
    assert made.text == "The town was em pty."


def test_heads_that_are_none() -> None:
    for text in (
        "\n" + HEAD + ROW,
        ",,,\n",
        "a" + ",b" * limits.COLUMNS + "\n1\n",
        "text,text\na,b\n",
    ):
        with pytest.raises(InputError, match=r"columns|column") as caught:
            read(text)
        assert caught.value.hint
    assert read(HEAD) == []


def test_more_rows_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    from factcheck.readers import csv, jsonl

    monkeypatch.setattr(csv, "ROWS", 3)
    monkeypatch.setattr(jsonl, "ROWS", 3)
    assert "more than 3 lines" in said(read(HEAD + ROW * 9)[-1])
    assert "more than 3 lines" in said(read('{"text": "It was so."}\n' * 9, "a.jsonl")[-1])


# ---------------------------------------------------------------- JSON Lines

LINE = '{"title": "Safira", "text": "The town was empty."}'


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{broken", "no JSON at character 2"),
        ("[1, 2]", "it is no object"),
        ('"words"', "it is no object"),
        ('{"text": "a", "text": "b"}', "`text` is given twice"),
        ('{"text": "It was so.", "x": {"y": 1, "y": 2}}', "`y` is given twice"),
        ('{"text": "It was so.", "n": NaN}', "NaN is no JSON value"),
        ('{"text": "It was so.", "n": -Infinity}', "-Infinity is no JSON value"),
        ('{"text": "It was so.", "n": ' + "9" * 5_000 + "}", "no JSON that can be read"),
        (
            '{"text": "It was so.", "n": ' + "[" * 100_000 + "]" * 100_000 + "}",
            "nested deeper than 100",
        ),
        ('{"text": ' + '{"a":' * 300 + "1" + "}" * 301, "nested deeper than 100"),
        ('{"text": ["It was so."]}', "is no text but list"),
        ('{"text": 12}', "is no text but int"),
        ('{"text": " - "}', "the report has no text"),
        ('{"title": "T"}', "the report has no text"),
        ('{"text": "It was so.", "published": {"a": 1}}', "is no single value"),
    ],
    ids=range(15),
)
def test_a_bad_line_is_named_and_the_others_read(line: str, says: str) -> None:
    found = read(
        f"{LINE}\n\n{line}\n{LINE}\n",
        "a.jsonl",
    )
    assert [type(f) for f in found] == [Document, InputError, Document]
    assert said(found[1]).startswith("a.jsonl, line 3: ") and says in said(found[1])


def test_brackets_in_words_are_no_nesting() -> None:
    text = "It said [sic] so {twice}. " * 500
    assert good(json.dumps({"text": text}), "a.jsonl")[0].text == text.strip()


def test_a_line_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    from factcheck.readers import jsonl

    monkeypatch.setattr(jsonl, "ROW", 1000)
    found = read(f'{{"text": "{"word " * 300}"}}\n{LINE}', "a.jsonl")
    assert "million characters" in said(found[0]) and isinstance(found[1], Document)


def test_only_a_newline_ends_a_line() -> None:
    text = "One.\u2028Two.\x85Three.\x0bFour."
    found = good(json.dumps({"text": text}, ensure_ascii=False), "a.jsonl")
    assert len(found) == 1


def test_a_file_without_a_good_line() -> None:
    found = read("{broken\n[]\n", "a.jsonl")
    assert [said(f).split(":")[0] for f in found] == ["a.jsonl, line 1", "a.jsonl, line 2"]


def test_values_that_are_not_text() -> None:
    row = {"text": "It was so.", "id": 12, "published": "2013-11-08T10:00:00Z", "title": "T",
           "publisher": "P", "tags": ["a"], "url": None}  # fmt: skip
    made = refs.reference(good(json.dumps(row), "a.jsonl")[0], name="a.jsonl")
    assert (made.id, made.published, made.tags, made.url) == ("12", date(2013, 11, 8), ("a",), None)


# ---------------------------------------------------------------- there and back

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(
    lambda t: any(c.isalpha() for c in t)
)


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=5), st.booleans())
def test_rows_come_back(pairs: list[tuple[str, str]], as_csv: bool) -> None:
    if as_csv:
        out = io.StringIO()
        library.writer(out).writerows([("title", "text"), *pairs])
        text, name = out.getvalue(), "a.csv"
    else:
        dumped = (json.dumps({"title": a, "text": b}, ensure_ascii=False) for a, b in pairs)
        text, name = "\n".join(dumped), "a.jsonl"
    found = good(text.encode(), name)
    assert [(f.fields["title"].split(), f.text) for f in found] == [
        (title.split(), words.strip()) for title, words in pairs
    ]


def test_every_field_of_front_matter_has_a_column() -> None:
    assert set(rows.COLUMNS) == refs._KNOWN | {"text"}
    names = [n for synonyms in rows.COLUMNS.values() for n in synonyms]
    assert len(names) == len(set(names))
    assert all(rows._plain(n) == n for n in names)
