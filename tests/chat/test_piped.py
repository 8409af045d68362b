"""The conversation with piped input and `--plain`: for scripts, screen readers and poor terminals.

One process runs every command of the registry, first badly and then well; most tests read what it
said.
"""

from __future__ import annotations

import csv
import json
import re
import select
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from factcheck.chat import sessions
from factcheck.chat.commands import REGISTRY
from factcheck.restore import note_from_json
from tests.chat.conftest import QUESTION, TITLE, Desk, MakeDesk, Once, Said

BOXES = re.compile("[\u2500-\u259f]")
SHUT = "no article is open"

# What must be refused before an article is open, and the words that say why.
CLOSED = {
    "/claims": SHUT,
    "/claim 1": SHUT,
    "/evidence 1": SHUT,
    "/why 1": SHUT,
    "/timeline 1": SHUT,
    "/origins 1": SHUT,
    "/quote 1.1": SHUT,
    "/recheck": SHUT,
    "/verdict 1 disputed they differ": SHUT,
    "/note 1 call Manila": SHUT,
    "/drop 1": SHUT,
    '/claim-add "Rice doubled in price."': SHUT,
    "/sign Night Desk": SHUT,
    "/export md": SHUT,
    "/undo": "nothing to undo",
    "/open": "which file?",
    "/open nowhere.txt": "nowhere.txt does not exist",
    "/open home": "is a folder",
    "/add": "which file?",
    "/add nowhere.md": "nowhere.md does not exist",
    "/add article.md": "article.md, line",
    "/add bare.txt": "`publisher` is missing, and so are `title` and `published`\nAdd `publisher:`, `title:`",
    "/add bare.txt --publisher": "--publisher needs a value",
    "/add bare.txt --colour red": "unknown flag `--colour`",
    "/add bare.txt --allow-local": "stands after `factcheck chat`",
    '/add bare.txt --publisher "Example': "a quotation mark is missing",
    "/add bare.txt --publisher P --title T --published yesterday": "--published: `yesterday` is no date",
    "/add bare.txt --map title": "--map title is no pair",
    "/add http://127.0.0.1:9/report": "say so: --allow-local",
    "/open http://127.0.0.1:9/article": "say so: --allow-local",
    "/open article.md report.md": "more than one article",
    "/open article.md --published soon": "`soon` is no date",
    "/search": "nothing to search for",
    "/refs nothing-like-it": "No report fits.",
    "/lang fr": "unknown language `fr`",
    "/analyst nobody": "unknown analyst `nobody`",
    "/save nowhere/x.json": "cannot write nowhere/x.json",
    "/edit": "needs a terminal",
    "/help nothing": "no command /nothing",
    "/e": "/e may be /edit, /evidence, /export",
    "/zzz": "no command /zzz",
    "/": "no command /",
}
# The same with an article of three claims open.
WRONG = {
    "/claims nothing-like-it": "No claim fits.",
    "/claim": "which claim?",
    "/claim 99": "there is no claim 99",
    "/claim x": "there is no claim x",
    "/evidence 99": "there is no claim 99",
    "/why 99": "there is no claim 99",
    "/timeline 99": "there is no claim 99",
    "/origins 99": "there is no claim 99",
    "/quote": "there is no claim",
    "/quote 99.1": "there is no claim 99",
    "/quote 2.99": "claim 2 has no quotation 99",
    "/recheck 99": "there is no claim 99",
    "/verdict": "unknown verdict",
    "/verdict 2 wrong because": "unknown verdict `wrong`",
    "/verdict 2 disputed": "needs a reason",
    "/verdict 99 disputed they differ": "there is no claim 99",
    "/note 2": "the remark is empty",
    "/note 99 call Manila": "there is no claim 99",
    "/drop 99": "there is no claim 99",
    "/claim-add": "the claim is empty",
    "/sign": "a signature needs a name",
    "/export": "unknown format",
    "/export pdf": "unknown format `pdf`",
    "/export md nowhere/x.md": "cannot write nowhere/x.md",
    "/export docx": "/export docx FILE",
    "/export html": "name a file\n/export html FILE",
    "/export claimreview": "not signed\n/sign NAME",
    "/export claimreview review.json": "not signed\n/sign NAME",
}
# What must work, and words that show that it did.
WELL = {
    "/claims supported": "  2 ",
    "/claim 2": "Said by: Benigno Aquino",
    "/ev 2": "c2.k1 supports",
    "/why 2": "verdict table",
    "/timeline 3": "2013-11-14  #",
    "/origins 2": "c2.k1",
    "/quote 2.1": "F087, characters",
    "/search displaced by Haiyan": "displaced",
    "/refs haiyan": "F087",
    "/recheck 2": "nothing changed",
    "/export md note.md": "Written: note.md",
    "/export json note.json": "Written: note.json",
    "/export text note.txt": "Written: note.txt",
    "/export html note.html": "Written: note.html",
    "/export docx note.docx": "Written: note.docx",
    "/export csv note.csv": "Written: note.csv",
    "/export csv": "c2,",
    "/export annotations": '"TextQuoteSelector"',
    "/cost": "Nothing was spent",
    "/model": "Analyst: local",
    "/analyst": "Analyst: local",
    "/analyst local": "Analyst: local",
    "/save copy.json": "Saved: copy.json",
    "/help": "/quit",
    "/help ev": "/evidence N",
    "/help add": "--published X",
    QUESTION: "[q1]",
}
# Each of the editor's decisions, what it says, and what `/undo` then says it took back.
DECISIONS = {
    "/verdict 2 disp they differ": ("your verdict is Disputed: they differ", "verdict"),
    "/note 2 call Manila": ("c2: noted.", "note"),
    "/drop 2 not ours": ("c2: dropped.", "drop"),
    "/sign The Night Desk": ("Signed by The Night Desk", "sign"),
    '/claim-add "The storm struck on Friday."': ("The storm struck on Friday.", "claim"),
    "/lang id": ("Bahasa: id", "lang"),
    "/recheck 3": ("3: nothing changed.", "recheck"),
}


@pytest.fixture(scope="module")
def said(new_desk: MakeDesk, once: Once) -> Said:
    """Every command of the registry in one conversation, errors where they were said."""
    desk = new_desk(own=True)
    desk.write("bare.txt", "Rice doubled in price at the market of Example Town on Monday.")
    lines = [*CLOSED, "/open article.md", *WRONG, *WELL]
    for decision in DECISIONS:
        lines += [decision, "/claim c2", "/undo", "/claim c2"]
    lines += [
        "/lang",
        "/export md",
        "/export json",
        "/export text",
        "/add report.md",
        "/add report.md",
    ]
    lines += ["/verdict 2 disp they differ", "/drop 3 not ours", "/sign Our Own Desk", "/claims"]
    lines += ["/export md published.md", "/export claimreview review.json", "/quit"]
    return once("said", lambda: desk.pipe(*lines, together=True))


def test_the_whole_conversation_ends_well_and_on_one_line_each(said: Said) -> None:
    assert said.code == 0
    for line in said.lines:
        said.after(line)  # each was read and echoed, in order


@pytest.mark.parametrize("line", [*CLOSED, *WRONG])
def test_a_wrong_line_is_refused_in_words(said: Said, line: str) -> None:
    words = CLOSED.get(line) or WRONG[line]
    assert words in said.after(line)


@pytest.mark.parametrize("line", WELL)
def test_a_right_line_does_its_work(said: Said, line: str) -> None:
    assert WELL[line] in said.after(line)
    assert "factcheck: " not in said.after(line)


def test_no_command_is_left_out() -> None:
    """A command that is added must be tried here, well and badly."""

    def tried(lines: list[str]) -> set[str]:
        words = [x.split()[0][1:] for x in lines if x.startswith("/") and x != "/"]
        return {name for w in words for name in REGISTRY if name == w or
                [n for n in REGISTRY if n.startswith(w)] == [name]}  # fmt: skip

    here = {
        "open",
        "add",
        "quit",
        "lang",
        "undo",
        "claims",
    }  # run well in `said`, beside the tables
    elsewhere = {"paste", "edit"}  # these want a terminal, or lines of their own: see below
    assert set(REGISTRY) - tried([*WELL, *DECISIONS]) - here == elsewhere
    harmless = {"model", "cost", "quit", "paste"}  # nothing that one may type is wrong here
    assert set(REGISTRY) - tried([*CLOSED, *WRONG]) == harmless


@pytest.mark.parametrize("line", DECISIONS)
def test_a_decision_is_said_kept_and_taken_back(said: Said, line: str) -> None:
    words, what = DECISIONS[line]
    nth = list(DECISIONS).index(line) + 1
    assert words in said.after(line)
    assert said.after("/undo", nth + 1) == f"Taken back: {what}.\n"  # the first had nothing to undo
    untouched = said.after("/claim 2")
    assert said.after("/claim c2", 2 * nth) == untouched
    if what in ("verdict", "note", "drop"):
        assert "editor: " in said.after("/claim c2", 2 * nth - 1)


def test_a_new_report_is_followed_by_a_recheck_of_what_it_touches(said: Said) -> None:
    first, second = said.after("/add report.md"), said.after("/add report.md", 2)
    assert "1 new, 0 changed, 0 unchanged." in first
    assert "Claims that it may touch: " in first
    assert "Check them again? [Y/n] yes" in first
    assert "c1: Not enough evidence → Supported; new: X900" in first
    assert second == "0 new, 0 changed, 1 unchanged.\n"


def test_what_is_exported_to_a_file(said: Said) -> None:
    note = json.loads((said.folder / "note.json").read_text(encoding="utf-8"))
    assert len(note_from_json(note).assessments) == 3
    assert "# Verification note" in (said.folder / "note.md").read_text(encoding="utf-8")
    assert TITLE in (said.folder / "note.txt").read_text(encoding="utf-8")
    copy = json.loads((said.folder / "copy.json").read_text(encoding="utf-8"))
    assert copy["schema"] == "factcheck.session/1"


def test_what_other_programs_open_is_what_they_expect(said: Said) -> None:
    """A web page, a Word file and a table, each whole and about the same three claims."""
    html = (said.folder / "note.html").read_text(encoding="utf-8")
    assert html.startswith("<!DOCTYPE html>")
    assert all(f'id="c{n}"' in html for n in (1, 2, 3))
    with zipfile.ZipFile(said.folder / "note.docx") as word:
        assert TITLE in word.read("word/document.xml").decode()
    with (said.folder / "note.csv").open(encoding="utf-8", newline="") as file:
        assert [row["claim"] for row in csv.DictReader(file)] == ["c1", "c2", "c3"]


def test_a_review_without_a_newsroom_says_where_to_name_it(said: Said) -> None:
    refused = said.after("/export claimreview review.json", 2)
    assert "no newsroom is set" in refused
    assert "[newsroom]" in refused
    assert not (said.folder / "review.json").exists()


HOUSE = """[newsroom]
name = "Example Desk"
[newsroom.labels]
supported = "Holds"
disputed = "Contested here"
"""


def test_a_newsroom_speaks_its_own_words(new_desk: MakeDesk) -> None:
    desk = new_desk()
    config = desk.home / "config" / "factcheck" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(HOUSE, encoding="utf-8")
    lines = ("/open article.md", "/claim 2", "/why 2", "is claim 2 true?", "/verdict 2 contested they differ",
             "/claims", "/claim c2", "/sign Our Own Desk", "/export claimreview review.json",
             "/export claimreview")  # fmt: skip
    said = desk.pipe(*lines, together=True)
    assert "c2 ✓ Holds (one origin" in said.out
    assert "c2 ✓ Holds" in said.after("/claim 2")
    assert "c2: Holds, by the row" in said.after("/why 2")
    assert "c2: Holds." in said.after("is claim 2 true?")
    assert "c2: your verdict is Contested here: they differ" in said.out
    assert "  2 ✓ Contested here (editor)" in said.after("/claims")
    assert "Contested here they differ" in said.after("/claim c2")
    assert "Supported" not in said.out
    reviews = json.loads((desk.folder / "review.json").read_text(encoding="utf-8"))
    assert {r["editor"]["name"] for r in reviews} == {"Our Own Desk"}
    assert "Contested here" in {r["reviewRating"]["alternateName"] for r in reviews}
    assert json.loads(said.after("/export claimreview")) == reviews


def test_what_is_exported_to_standard_output_is_whole(said: Said) -> None:
    assert len(json.loads(said.after("/export json"))["claims"]) == 3


def test_a_dropped_claim_and_a_signature_reach_the_published_note(said: Said) -> None:
    text = (said.folder / "published.md").read_text(encoding="utf-8")
    assert "Our Own Desk" in text
    assert "they differ" in text
    assert "The typhoon killed at least 4,460" not in text


def test_reports_are_listed_with_their_dates(said: Said) -> None:
    assert "F087  2013-11-12  Reuters" in said.after("/refs haiyan")


def test_the_editors_verdict_stands_in_the_list(said: Said) -> None:
    assert re.search(r"^  2 . Disputed \(editor\)", said.after("/claims", 2), re.MULTILINE)


def test_plain_means_plain(said: Said) -> None:
    """No escape sequence, no carriage return, no drawn box (the text export is looked at below)."""
    text = said.out  # but for what is exported whole, for other programs
    for kind in ("text", "json", "md", "csv", "annotations"):
        text = text.replace(said.after(f"/export {kind}"), "")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
    assert not BOXES.search(text)


def test_plain_holds_for_the_exported_text(said: Said) -> None:
    assert not BOXES.search(said.after("/export text"))


# ---------------------------------------------------------------- pipes


def test_the_example_of_the_manual(desk: Desk) -> None:
    """Results on stdout, errors on stderr, and the end of the input is the end."""
    said = desk.pipe("/open article.md", "/claims", "/claim 99", "/paste", ".", "/paste", "...", ".",
                     "/paste", "Rebels took Base 80.")  # fmt: skip
    assert said.code == 0
    assert "nothing was pasted" in said.err
    assert "has no words in it" in said.err
    assert re.search(r"^  2 ✓ Supported", said.out.partition("> /claims\n")[2], re.MULTILINE)
    assert "there is no claim 99" in said.err
    assert "there is no claim 99" not in said.out
    assert "1 ✓ Supported Rebels took Base 80." in said.out, "the pasted article was checked"
    (kept,) = list((desk.home / "sessions").glob("*.json"))
    listed = desk.pipe(arguments=("--list",))
    assert listed.out.startswith(f"{kept.stem}  1 claims, 0 questions  Rebels took")
    gone = desk.pipe(arguments=("--resume", "1999"))
    assert (gone.code, gone.out) == (4, "")
    assert "no conversation `1999`" in gone.err


@pytest.mark.parametrize("option", [("--analyst", "nobody"), ("--lang", "xx")])
def test_settings_that_do_not_fit_end_it(desk: Desk, option: tuple[str, str]) -> None:
    said = desk.pipe("/claims", "/claims", arguments=("--plain", *option))
    assert said.code == 2
    assert said.err.count("factcheck: unknown") == 1


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(b"/open ~no-such-user/a.txt\n", id="nobody's home"),
        pytest.param(b"/open a\0b\n", id="a null byte"),
        pytest.param("what about caf\u00e9s in Aleppo?\n".encode("latin-1"), id="an old encoding"),
    ],
)
def test_no_line_ends_the_conversation(desk: Desk, given: bytes) -> None:
    said = desk.pipe(given=given + b"/refs haiyan\n")
    assert said.code == 0
    assert "F087" in said.out


def test_the_end_of_input_is_the_end_even_where_nothing_can_be_saved(desk: Desk) -> None:
    """The folder of conversations vanishes; to ask for ever would fill a disk with questions."""
    process = subprocess.Popen(
        [sys.executable, "-m", "factcheck", "chat", "--plain"], cwd=desk.folder, env=desk.variables,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        try:
            assert process.stdin and process.stdout and process.stderr
            process.stdout.readline()  # it is up: the folder is there
            (desk.home / "sessions").rmdir()
            process.stdin.write(f"{QUESTION}\n")
            process.stdin.close()
            questions = 0
            while line := process.stdout.readline():
                questions += "Leave all the same?" in line
                assert questions < 2, "it asked again"
            assert "not saved" in process.stderr.read()
            assert process.wait(20) != 0
        finally:
            process.kill()


def test_a_place_that_cannot_hold_conversations_is_an_error_of_ours(desk: Desk) -> None:
    desk.write("file", "")
    said = desk.pipe("/claims", FACTCHECK_SESSIONS=str(desk.folder / "file" / "sessions"))
    assert said.code == 4
    assert "factcheck: " in said.err


def test_two_conversations_of_one_second_are_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two terminals, and a script that starts many: none may write over another's file."""

    class Still(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime(2013, 11, 21, 9, 30)

    monkeypatch.setenv("FACTCHECK_SESSIONS", str(tmp_path))
    monkeypatch.setattr(sessions, "datetime", Still)
    names = set()
    for process in (11, 12):
        monkeypatch.setattr("os.getpid", lambda process=process: process)
        names.add(sessions.new_path())
    assert len(names) == 2


def test_a_reader_that_leaves_early_is_no_error(desk: Desk) -> None:
    """`factcheck chat | head -1`: it ends, with nothing on stderr."""
    process = subprocess.Popen(
        [sys.executable, "-m", "factcheck", "chat", "--plain"], cwd=desk.folder, env=desk.variables,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    with process:
        assert process.stdin and process.stdout and process.stderr
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write(b"/help\n" * 3)
        process.stdin.close()
        assert select.select([process.stderr], [], [], 20)[0], "it did not end"
        assert process.stderr.read() == b""
        assert process.wait(20) == 0
