"""Reference files: what is read, and that every mistake is named with its file and line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from factcheck import refs
from factcheck.errors import InputError, ReferenceFileError
from factcheck.readers import limits

GOOD = """---
id: F072
publisher: OCHA via RFE/RL
kind: un
title: "Amos: 9.3 million in need"
url: https://example.org/a
published: 2013-11-05
event_date: 2013-11-04
language: en
origins: [OCHA, RFE/RL]
form: digest
licence: CC0
---

First line.

Second --- line.
"""


def test_a_good_file(tmp_path: Path) -> None:
    path = tmp_path / "F072.md"
    path.write_text(GOOD, encoding="utf-8")
    r = refs.read(path)
    assert r.id == "F072"
    assert r.publisher == "OCHA via RFE/RL"
    assert r.kind == "un"
    assert r.title == "Amos: 9.3 million in need"
    assert r.url == "https://example.org/a"
    assert (r.published, r.event_date) == (date(2013, 11, 5), date(2013, 11, 4))
    assert r.origins == ("OCHA", "RFE/RL")
    assert (r.form, r.licence, r.language) == ("digest", "CC0", "en")
    assert r.text == "First line.\n\nSecond --- line."


def test_what_may_be_left_out(tmp_path: Path) -> None:
    r = refs.parse("---\nid: A\npublisher: P\nkind: other\ntitle: T\n---\nText", name="a.md")
    assert (r.url, r.published, r.event_date, r.licence) == (None, None, None, None)
    assert (r.language, r.origins, r.form, r.text) == ("und", (), "report", "Text")


@pytest.mark.parametrize("kind", refs.KINDS)
def test_every_kind_is_taken(kind: str) -> None:
    assert refs.parse(GOOD.replace("kind: un", f"kind: {kind}"), name="a.md").kind == kind


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("Just a text.\n", 1, "no front matter"),
        ("\n" + GOOD, 1, "no front matter"),
        ("---\n---\nText\n", 1, "no front matter"),
        ("---\n# only a comment\n---\nText\n", 1, "no front matter"),
        (GOOD.replace("licence: CC0\n---\n", "licence: CC0\n"), 1, "not closed"),
        (GOOD.replace('title: "Amos: 9.3 million in need"', "title: Amos: 9.3"), 5, "broken"),
        (GOOD.replace("kind: un", "kind: 'un"), 4, "broken"),
        (GOOD.replace("form: digest", "form: [digest"), 11, "broken"),
        (GOOD.replace("language: en", "\tlanguage: en"), 9, "broken"),
        (GOOD.replace("publisher: OCHA via RFE/RL\n", ""), 1, "`publisher`"),
        (GOOD.replace("publisher: OCHA via RFE/RL", "publisher: '  '"), 3, "`publisher`"),
        (GOOD.replace('title: "Amos: 9.3 million in need"\n', ""), 1, "`title`"),
        (GOOD.replace("licence: CC0", "license: CC0"), 12, "`license`"),
        (GOOD.replace("kind: un", "kind: blog"), 4, "`blog`"),
        (GOOD.replace("kind: un", "kind: UN"), 4, "`UN`"),
        (GOOD.replace("form: digest", "form: summary"), 11, "`summary`"),
        (GOOD.replace("id: F072", "id: ../etc"), 2, "`../etc`"),
        (GOOD.replace("id: F072", "id: a b"), 2, "`a b`"),
        (GOOD.replace("id: F072", f"id: {'a' * 101}"), 2, "no id"),
        (GOOD.replace("published: 2013-11-05", "published: November 5"), 7, "`November 5`"),
        (GOOD.replace("published: 2013-11-05", "published: 05/11/2013"), 7, "`05/11/2013`"),
        (GOOD.replace("event_date: 2013-11-04", "event_date: soon"), 8, "`soon`"),
        (GOOD.replace("[OCHA, RFE/RL]", "OCHA"), 10, "`origins`"),
        (GOOD.replace("[OCHA, RFE/RL]", "[1, 2]"), 10, "`origins`"),
        (GOOD.replace("[OCHA, RFE/RL]", "['']"), 10, "`origins`"),
        (GOOD.replace("[OCHA, RFE/RL]", "{a: b}"), 10, "`origins`"),
        (GOOD.split("\n\n", 1)[0] + "\n", 14, "no text"),
        (GOOD.split("\n\n", 1)[0] + "\n\n  \n", 14, "no text"),
        ("---\n- a\n- b\n---\nText\n", 2, "not a list"),
        ("---\njust words\n---\nText\n", 2, "not a list"),
    ],
    ids=range(30),
)
def test_a_mistake_is_named_with_file_and_line(
    tmp_path: Path, text: str, line: int, word: str
) -> None:
    path = tmp_path / "wrong.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReferenceFileError) as caught:
        refs.read(path)
    message = str(caught.value)
    assert message.startswith(f"{path}, line {line}: ")
    assert word in message
    assert caught.value.hint
    assert caught.value.exit_code == 4


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(ReferenceFileError, match=r"a\.md.*month") as caught:
        refs.parse(GOOD.replace("2013-11-05", "2013-13-45"), name="a.md")
    assert "YYYY-MM-DD" in caught.value.hint


@pytest.mark.parametrize(
    "value",
    [
        "!!python/object/apply:os.system ['true']",
        "!!python/object:factcheck.models.Span {}",
        "!!python/name:os.system",
        "!!python/tuple [a]",
        "!thing x",
    ],
)
def test_tags_that_make_objects_are_refused(value: str) -> None:
    with pytest.raises(ReferenceFileError, match=r"a\.md, line 5: broken front matter"):
        refs.parse(GOOD.replace('"Amos: 9.3 million in need"', value), name="a.md")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("line_break", [b"\n", b"\r\n"])
def test_line_breaks_and_marks_of_other_systems(
    tmp_path: Path, mark: bytes, line_break: bytes
) -> None:
    path = tmp_path / "F072.md"
    path.write_bytes(mark + GOOD.encode().replace(b"\n", line_break))
    r = refs.read(path)
    assert (r.id, r.licence, r.origins) == ("F072", "CC0", ("OCHA", "RFE/RL"))
    assert r.text.split() == ["First", "line.", "Second", "---", "line."]


def test_an_arabic_file_in_an_old_encoding_keeps_its_words(tmp_path: Path) -> None:
    text = "قال المرصد السوري لحقوق الإنسان إن القتال استمر في حلب يوم الجمعة. " * 5
    path = tmp_path / "a.md"
    path.write_bytes(
        f"---\nid: A\npublisher: P\nkind: wire\ntitle: عنوان\n---\n{text}".encode("cp1256")
    )
    r = refs.read(path)
    assert r.title == "عنوان"
    assert r.text == text.strip()


# ---------------------------------------------------------------- several files


def put(folder: Path, name: str, id: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(GOOD.replace("F072", id), encoding="utf-8")
    return path


def test_one_id_in_two_files(tmp_path: Path) -> None:
    a, b = put(tmp_path, "a.md", "SAME"), put(tmp_path, "b.md", "SAME")
    with pytest.raises(ReferenceFileError, match="SAME") as caught:
        refs.read_all([a, b])
    assert str(a) in str(caught.value)
    assert str(b) in str(caught.value)


def test_empty_binary_and_oversized_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b" \n")
    with pytest.raises(InputError, match="is empty"):
        refs.read(path)
    path.write_bytes(bytes(range(256)) * 20)
    with pytest.raises(InputError):
        refs.read(path)
    monkeypatch.setitem(limits.BYTES, "markdown", 100)
    path.write_text(GOOD)
    with pytest.raises(InputError, match="MB"):
        refs.read(path)
