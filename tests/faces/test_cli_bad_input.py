"""What is wrong is said in one message and a hint, with its exit code, and nothing is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Refused = Callable[..., Any]
Cli = Callable[..., Any]

REFERENCE = """---
id: X1
publisher: Example Wire
kind: wire
title: A title
---
One sentence of text.
"""


# ---------------------------------------------------------------- as a process


@pytest.mark.parametrize(
    ("code", "args", "says"),
    [
        (2, ("check", "article.md", "--format", "xml"), "`xml`"),
        (4, ("check", "missing.txt", "-o", "note.txt"), "missing.txt does not exist"),
        (4, ("check", "article.md", "-o", "missing/note.txt"), "cannot write"),
        (4, ("refs", "add", "wrong.md"), "wrong.md, line 3: "),
        (4, ("refs", "show", "F999"), "`F999`"),
        (5, ("refs", "stats", "--store", "article.md"), "article.md"),
    ],
    ids=["usage", "missing", "output", "reference", "id", "store"],
)
def test_the_program_leaves_with_its_code(
    refused: Refused, process: Cli, article: Path, code: int, args: tuple[str, ...], says: str
) -> None:
    (article.parent / "wrong.md").write_text("---\nid: A\ntitle: a: b\n---\nText.\n")
    refused(code, *args, says=says, via=process)


def test_the_program_leaves_with_3_for_settings(refused: Refused, process: Cli) -> None:
    refused(3, "refs", "list", FACTCHECK_LANG="xx", says="FACTCHECK_LANG", via=process)


# ---------------------------------------------------------------- articles


def test_a_missing_article(refused: Refused) -> None:
    refused(4, "check", "missing.txt", says="missing.txt does not exist")


def test_a_folder(refused: Refused, work: Path) -> None:
    (work / "folder").mkdir()
    refused(4, "check", "folder", says="folder is a folder")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b" \n\t\r\n ", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 30, "article.txt"),
        (b"\x7fELF\x02\x01\x01\0" * 60, "not text"),
        (bytes((i * i * 7 + i) % 251 for i in range(6000)), "article.txt"),
        (b"12345 ... !!!\n", "no words"),
        ("٢٠١٣ ،؛؟ — … ؟\n".encode(), "no words"),
        (b"a" * 10_000_000, "10.0 MB"),
        (b"---\ntitle: 'x\n---\nA sentence.\n", "line 2"),
        (b"---\ntitle: x\nA sentence.\n", "not closed"),
        (b"---\ntitle: x\npublished: soon\n---\nA sentence stood here.\n", "no date"),
        (b"---\ntitle: x\n---\n\n", "no words"),
        (b"<html><body></body></html>", "no article text"),
    ],
    ids=[
        "empty", "blank", "png", "elf", "noise", "numbers", "arabic-numbers", "10MB",
        "yaml", "unclosed", "date", "no-body", "empty-html",
    ],
)  # fmt: skip
def test_what_is_no_article(refused: Refused, work: Path, data: bytes, says: str) -> None:
    (work / "article.txt").write_bytes(data)
    refused(4, "check", "article.txt", "--format", "json", "-o", "note.json", says=says)
    assert not (work / "note.json").exists()


def test_empty_standard_input(refused: Refused) -> None:
    refused(4, "check", "-", stdin=b"  \n", says="standard input is empty")


def test_a_huge_standard_input(refused: Refused) -> None:
    refused(4, "check", "-", stdin=b"word " * 1_100_000, says="standard input has more than")


# ---------------------------------------------------------------- options


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--format", "xml", "`xml`"),
        ("--format", "JSON", "`JSON`"),
        ("--published", "3rd of May", "`3rd of May`"),
        ("--published", "2013-02-30", "`2013-02-30`"),
        ("--published", "", "``"),
        ("--lang", "xx", "`xx`"),
        ("--analyst", "gpt", "`gpt`"),
        ("--fail-on", "wrong", "`wrong`"),
        ("--fail-on", ",", "`,`"),
    ],
)
def test_a_bad_option(refused: Refused, article: Path, option: str, value: str, says: str) -> None:
    refused(2, "check", article.name, option, value, says=says)


def test_a_bad_value_in_the_environment_is_named(refused: Refused, article: Path) -> None:
    ran = refused(3, "check", article.name, FACTCHECK_LANG="xx", says="FACTCHECK_LANG")
    assert "en, id" in ran.err


def test_a_broken_configuration_file_is_named(
    refused: Refused, article: Path, tmp_path: Path
) -> None:
    file = tmp_path / "home" / "config" / "factcheck" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('api_key = "sk-do-not-print"\n')
    ran = refused(3, "check", article.name, says=str(file))
    assert "sk-do-not-print" not in ran.err
    file.write_text("lang = \n")
    refused(3, "refs", "list", says=str(file))


@pytest.mark.parametrize(
    "args",
    [
        ("check",),
        ("check", "a", "b"),
        ("check", "a", "--no-such-option"),
        ("nosuchcommand",),
        ("refs", "nosuch"),
        ("refs", "show"),
        ("verify",),
    ],
    ids=" ".join,
)
def test_a_wrong_call(cli: Cli, args: tuple[str, ...]) -> None:
    ran = cli(*args)
    assert ran.code == 2
    assert ran.out == ""
    assert "Error: " in ran.err
    assert "-h" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("place", ["missing/note.json", "folder"])
def test_an_output_that_cannot_be_written(
    refused: Refused, article: Path, work: Path, place: str
) -> None:
    (work / "folder").mkdir()
    refused(4, "check", article.name, "-o", place, says=f"cannot write {place}")
    assert list((work / "folder").iterdir()) == []


def test_an_output_under_a_file(refused: Refused, article: Path) -> None:
    refused(4, "check", article.name, "-o", f"{article.name}/note.txt", says="cannot write")


def test_a_failed_check_leaves_the_old_output(refused: Refused, work: Path) -> None:
    (work / "note.txt").write_text("old")
    refused(4, "check", "missing.txt", "-o", "note.txt")
    assert (work / "note.txt").read_text() == "old"


def test_a_store_that_cannot_be(refused: Refused, article: Path) -> None:
    ran = refused(5, "check", article.name, "--store", article.name, says=article.name)
    assert "--store" in ran.err
    refused(5, "refs", "list", "--store", f"{article.name}/x", says="cannot be created")


def test_a_store_in_ruins(refused: Refused, own_cli: Cli, own_store: Path) -> None:
    for file in own_store.glob("catalog.sqlite3*"):
        file.unlink()
    (own_store / "catalog.sqlite3").write_bytes(b"no database\n" * 900)
    refused(5, "refs", "stats", says=str(own_store), via=own_cli)


# ---------------------------------------------------------------- references


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("No front matter.\n", 1, "no front matter"),
        (REFERENCE.replace("---\nOne", "One"), 1, "not closed"),
        (REFERENCE.replace("A title", "a: b: c"), 5, "broken front matter"),
        (REFERENCE.replace("kind: wire", "kind: blog"), 4, "`blog`"),
        (REFERENCE.replace("kind: wire", "kind: wire\norigin: [A]"), 5, "`origin`"),
        (REFERENCE.replace("title: A title\n", ""), 1, "`title`"),
        (REFERENCE.replace("A title", "!!python/name:os.system"), 5, "broken front matter"),
    ],
    ids=["none", "unclosed", "yaml", "kind", "field", "title", "tag"],
)
def test_a_broken_reference_is_named_with_its_line(
    refused: Refused, work: Path, text: str, line: int, says: str
) -> None:
    (work / "good.md").write_text(REFERENCE.replace("X1", "X0"))
    (work / "wrong.md").write_text(text)
    ran = refused(4, "refs", "add", "good.md", "wrong.md", says=f"wrong.md, line {line}: ")
    assert says in ran.err


def test_nothing_is_added_when_one_file_is_broken(
    refused: Refused, own_cli: Cli, work: Path
) -> None:
    (work / "good.md").write_text(REFERENCE)
    (work / "wrong.md").write_text("nothing")
    refused(4, "refs", "add", ".", via=own_cli)
    refused(4, "refs", "show", "X1", says="`X1`", via=own_cli)


def test_one_id_in_two_files(refused: Refused, work: Path) -> None:
    (work / "a.md").write_text(REFERENCE)
    (work / "b.md").write_text(REFERENCE)
    ran = refused(4, "refs", "add", ".", says="X1")
    assert "a.md" in ran.err
    assert "b.md" in ran.err


def test_paths_that_hold_no_reference(refused: Refused, work: Path) -> None:
    refused(4, "refs", "add", "missing.md", says="missing.md does not exist")
    (work / "empty").mkdir()
    refused(4, "refs", "add", "empty", says="no .md files")


@pytest.mark.parametrize("command", ["show", "remove"])
def test_an_id_nobody_knows(refused: Refused, own_cli: Cli, command: str) -> None:
    ran = refused(4, "refs", command, "F999", says="`F999`", via=own_cli)
    assert "refs list" in ran.err


def test_an_id_cannot_paint_the_terminal(refused: Refused) -> None:
    ran = refused(4, "refs", "show", "\x1b[31mred\x07\nfactcheck: all is well")
    assert "\x1b" not in ran.err
    assert "\x07" not in ran.err
    assert len([x for x in ran.err.splitlines() if x.startswith("factcheck:")]) == 1


# ---------------------------------------------------------------- notes


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("A text, no JSON.", "line 1: not JSON"),
        ('{"schema":\n "x",,}', "line 2: not JSON"),
        ('{"schema": "someone.else/3"}', "someone.else/3"),
        ('{"claims": []}', "not a note"),
        ("[1, 2]", "not a note"),
        ('"factcheck.note/1"', "not a note"),
        ("", "is empty"),
        ('{"schema": "factcheck.note/1"}', "article"),
        ('{"schema": "factcheck.note/2"}', "factcheck.note/2"),
    ],
    ids=["text", "comma", "other", "none", "list", "string", "empty", "bare", "newer"],
)
def test_what_is_no_note(refused: Refused, work: Path, text: str, says: str) -> None:
    (work / "note.json").write_text(text)
    refused(4, "verify", "note.json", says=says)


def test_a_missing_note(refused: Refused) -> None:
    refused(4, "verify", "missing.json", says="does not exist")


def test_a_note_with_a_changed_type(refused: Refused, note: Path) -> None:
    raw = json.loads(note.read_text())
    raw["claims"][0]["start"] = str(raw["claims"][0]["start"])
    note.write_text(json.dumps(raw))
    refused(4, "verify", note.name, says="claims.0.start")


def test_verify_in_a_format_nobody_knows(refused: Refused, note: Path) -> None:
    refused(2, "verify", note.name, "--format", "xml", says="`xml`")


def test_labels_that_are_none(refused: Refused, work: Path, article: Path) -> None:
    (work / "gold.jsonl").write_text("no JSON\n")
    refused(4, "eval", "notes", "gold.jsonl", article.name, says="gold.jsonl")
    refused(4, "eval", "notes", "missing.jsonl", article.name, says="does not exist")
