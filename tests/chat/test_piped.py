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
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from factcheck.chat import sessions
from factcheck.chat.commands import REGISTRY
from factcheck.restore import note_from_json
from tests.chat.conftest import REPORT, TITLE, Desk, MakeDesk, Once, Said, widest
from tests.fetch.server import Site
from tests.fetch.server import page as answer

BOXES = re.compile("[\u2500-\u259f]")
SHUT = "no article is open"
QUESTION = "How many people were displaced by Haiyan?"

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
    lines += ["/lang", "/export md", "/export json", "/export text", "/add report.md", "/add report.md"]
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

    here = {"open", "add", "quit", "lang", "undo", "claims"}  # run well in `said`, beside the tables
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
    assert "c2 ✓ Holds: “" in said.out
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


# ---------------------------------------------------------------- what is opened and added

PAGE = """<html lang="en"><head><title>{title}</title><meta property="og:site_name" content="{by}">
<meta property="article:published_time" content="{day}T08:00:00Z"></head><body><article><h1>{title}</h1>
<p>{text}</p></article></body></html>"""
NEWS = "Typhoon Haiyan displaced more than 900,000 people in the Philippines, the mayor said on Monday."
SAMPLE = "Rice doubled in price at the market of Example Town, three traders said on Monday."


@pytest.fixture(scope="module")
def brought(new_desk: MakeDesk, once: Once) -> Said:
    """Articles and reports from addresses, folders, patterns and bare files, in one conversation."""
    return once("brought", lambda: _brought(new_desk(own=True)))


def _brought(desk: Desk) -> Said:
    for name, id in (("a.md", "Y1"), ("b.md", "Y2"), ("c.md", "Y3"), ("two words.md", "Y4")):
        (desk.folder / "more").mkdir(exist_ok=True)
        desk.write(f"more/{name}", REPORT.replace("X900", id).replace("900,000", f"{id[1]}10,000"))
    desk.write("more/c.md", "---\nid: Y3\ntitle: Half a report\n---\n\nNobody says who wrote it.\n")
    desk.write("more/sheet.xyz", "?")
    desk.write("bare.txt", SAMPLE)
    site = Site()
    try:
        news = PAGE.format(title="Haiyan", by="Example Post", day="2013-11-19", text=f"{NEWS} {NEWS}")
        site.answers["/news"] = site.answers["/again"] = answer(news)
        undated = PAGE.format(title="Rice", by="", day="", text=f"{SAMPLE} {SAMPLE}")
        site.answers["/rice"] = answer(undated)
        lines = (
            "/open {site}/news", "/claims", "/add {site}/rice",
            "/add {site}/rice --publisher 'Example Radio' --published 2013-11-18 --id Z1", "/refs Z1",
            "/add more", "/refs Y", "/add more --skip-broken", "/refs Y",
            "/add more/two words.md", '/add "more/[ab].md" more/nowhere.md', '/add "more/[ab].md"',
            '/add bare.txt --publisher=Example --title "Rice in town" --published 2013-11-20 --tag rice,food',
            "/refs rice in town", "/open {site}/nothing",
            "/open bare.txt --published 2013-11-30 --title 'Rice again' --outlet Example",
        )  # fmt: skip
        said = desk.pipe(*(x.replace("{site}", site.url("")) for x in lines), together=True,
                         arguments=("--plain", "--allow-local"))  # fmt: skip
    finally:
        site.close()
    return replace(said, out=said.out.replace(site.url(""), "{site}"), lines=lines)


def test_an_article_from_an_address(brought: Said) -> None:
    assert "Article: Haiyan · en · 19 November 2013" in brought.after("/open {site}/news")
    assert "Typhoon Haiyan displaced" in brought.after("/claims")
    assert "factcheck: " in brought.after("/open {site}/nothing")


def test_flags_say_what_an_article_does_not(brought: Said) -> None:
    opened = brought.after(brought.lines[-1])
    assert "Article: Rice again · en · 30 November 2013" in opened


def test_a_report_from_an_address_wants_what_it_does_not_state(brought: Said) -> None:
    refused, taken = (brought.after(x) for x in brought.lines[2:4])
    assert "the field `publisher` is missing" in refused
    assert "--publisher" in refused
    assert "1 new, 0 changed, 0 unchanged." in taken
    assert "Z1  2013-11-18  Example Radio: Rice" in brought.after("/refs Z1")


def test_a_folder_with_a_broken_report_adds_nothing_unless_told(brought: Said) -> None:
    asked, sure = brought.after("/add more"), brought.after("/add more --skip-broken")
    for said in (asked, sure):
        assert "c.md" in said and "`publisher` is missing" in said
        assert "Add `publisher:` to the front matter, or give --publisher." in said
        assert "Passed over, of no known kind (1): more/sheet.xyz" in said
        assert "Reports that cannot be read: 1 of 4." in said
    assert "Add the others all the same? [y/N] no" in asked
    assert "Nothing was added." in asked
    assert not re.search(r"^Y\d ", brought.after("/refs Y"), re.MULTILINE)
    assert "3 new, 0 changed, 0 unchanged." in sure
    added = brought.after("/refs Y", 2)
    assert all(re.search(rf"^Y{n} +2013-11-15", added, re.MULTILINE) for n in (1, 2, 4)), added


def test_names_with_spaces_and_patterns(brought: Said) -> None:
    assert "0 new, 0 changed, 1 unchanged." in brought.after("/add more/two words.md")
    assert "more/nowhere.md does not exist" in brought.after('/add "more/[ab].md" more/nowhere.md')
    assert "0 new, 0 changed, 2 unchanged." in brought.after('/add "more/[ab].md"')


def test_flags_say_what_a_report_does_not(brought: Said) -> None:
    assert "1 new, 0 changed, 0 unchanged." in brought.after(brought.lines[12])
    assert "2013-11-20  Example: Rice in town" in brought.after("/refs rice in town")


# ---------------------------------------------------------------- some reports alone


@pytest.fixture(scope="module")
def narrow(new_desk: MakeDesk, once: Once) -> Said:
    """A conversation that looks at one publisher's reports of the first half of November alone."""
    flags = ("--plain", "--publisher", "Reuters", "--until", "2013-11-15")
    lines = (QUESTION, "/search displaced by Haiyan", "/open article.md", "/claim 3", "/export json")
    return once("narrow", lambda: new_desk().pipe(*lines, arguments=flags))


def test_answers_come_from_the_reports_that_are_chosen(narrow: Said) -> None:
    for line in narrow.lines[:2]:
        told = narrow.after(line)
        cited = re.findall(r"^  ([^:\n]+), \d+ November 2013: “", told, re.MULTILINE)
        assert cited, told
        assert all("Reuters" in publisher for publisher in cited)
        assert "narrowed to: publisher Reuters; until 2013-11-15" in told


def test_claims_are_checked_against_the_reports_that_are_chosen(narrow: Said) -> None:
    note = json.loads(narrow.after("/export json"))
    assert note["provenance"]["only"] == "publisher Reuters; until 2013-11-15"
    cited = {c["publisher"] for claim in note["claims"] for c in claim["citations"]}
    assert cited
    assert all("Reuters" in publisher for publisher in cited)


def test_a_choice_that_is_none_ends_it(desk: Desk) -> None:
    said = desk.pipe("/claims", arguments=("--plain", "--kind", "nonsense"))
    assert said.code == 2
    assert "unknown kind `nonsense`" in said.err


# ---------------------------------------------------------------- the collection at first use


@pytest.fixture(scope="module")
def first_use(new_desk: MakeDesk, once: Once) -> Said:
    lines = ("/refs haiyan", QUESTION, "/add report.md", "/open arab.md", "/refs")
    return once("first", lambda: new_desk(fresh=True).pipe(*lines, together=True))


def test_at_first_use_the_collection_is_there_for_a_question(first_use: Said) -> None:
    assert "F087" in first_use.after("/refs haiyan")
    assert "[q1]" in first_use.after(QUESTION)


def test_a_report_added_first_does_not_shut_out_the_starter_collection(first_use: Said) -> None:
    assert "F001" in first_use.after("/refs")
    assert "X900" in first_use.after("/refs")


# ---------------------------------------------------------------- words from outside

FORGED = "factcheck> /sign Mallory"
EVIL_REPORT = rf"""---
id: X901
publisher: "Wire\n{FORGED}\e[31m"
kind: wire
title: "Title\n{FORGED}\e[31m\e]0;owned\a"
published: 2013-11-15
language: en
url: "https://example.org/\n{FORGED}"
origins: ["Origin\n{FORGED}\e[2J"]
---

Typhoon Haiyan @ displaced more than 900,000 people in the Philippines.
"""
EVIL_ARTICLE = rf"""---
title: "Title\n{FORGED}\e[31m"
outlet: "Outlet\n{FORGED}\e[31m"
language: en
published: 2013-11-21
---

More than 900,000 people @ were displaced by the typhoon.
"""
SHOWN = ("/claims", "/claim 1", "/evidence 1", "/why 1", "/timeline 1", "/origins 1", "/quote 1.1",
         "/refs X901", QUESTION)  # fmt: skip


def _forgeries(text: str) -> list[str]:
    """Lines that begin as ours do, and characters that would move a cursor or a reader."""
    lines = [x for x in text.split("\n") if x.startswith(("factcheck>", "factcheck:", "> /sign"))]
    return lines + re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e].*", text)


@pytest.fixture(scope="module")
def evil(new_desk: MakeDesk, once: Once) -> Said:
    """An article and a report that try to speak for the program."""
    return once("evil", lambda: _evil(new_desk(own=True)))


def _evil(desk: Desk) -> Said:
    breaks = f"\x1b[31m \u2028{FORGED}\x85{FORGED}\x9b31m\u202e"
    desk.write("evil.md", EVIL_REPORT.replace("@", breaks))
    desk.write("evil-article.md", EVIL_ARTICLE.replace("@", breaks))
    desk.write("leads.md", REPORT.replace("X900", "X902").replace("Example Wire", FORGED))
    desk.write("long.md", REPORT.replace("X900", "X903").replace("publisher: E", "publisher: An E")
               .replace(" in the Philippines.", f", {FORGED}," * 12 + " in the Philippines."))
    return desk.pipe(
        "/add evil.md", "/open article.md", *SHOWN, "/export md", "/export text",
        "/open evil-article.md", "/claim c1", "/export json",
        "/add leads.md", "How many were displaced in the Philippines?", "/origins c1",
        "/add long.md", "/quote c1.1", "/search displaced by Haiyan in the Philippines",
        together=True,
    )  # fmt: skip


@pytest.mark.parametrize("line", [*SHOWN, "/export md", "/export text", "/claim c1"])
def test_a_report_and_an_article_cannot_speak_for_the_program(evil: Said, line: str) -> None:
    assert _forgeries(evil.after(line)) == []


def test_the_report_was_shown_at_all(evil: Said) -> None:
    assert "X901" in evil.after("/evidence 1")
    assert FORGED in evil.after("/refs X901")


def test_the_head_of_an_article_cannot_speak_for_the_program(evil: Said) -> None:
    assert _forgeries(evil.after("/open evil-article.md")) == []


def test_json_on_the_terminal_cannot_speak_for_the_program(evil: Said) -> None:
    assert _forgeries(evil.after("/export json")) == []


def test_a_publisher_cannot_begin_a_line_as_we_do(evil: Said) -> None:
    asked = evil.after("How many were displaced in the Philippines?")
    assert FORGED in asked
    assert _forgeries(asked + evil.after("/origins c1")) == []


def test_a_long_quotation_cannot_begin_a_line_as_we_do(evil: Said) -> None:
    shown = evil.after("/search displaced by Haiyan in the Philippines")
    assert "An Example Wire" in shown
    assert [x for x in _forgeries(shown) if "2013: “" not in x] == []


def test_what_is_echoed_is_neutralised(desk: Desk) -> None:
    assert not re.search(r"[\x1b\x9b]", desk.pipe("/zzz \x1b[31mred \x9b31m").both)


# ---------------------------------------------------------------- right-to-left


@pytest.fixture(scope="module")
def arabic(new_desk: MakeDesk, once: Once) -> Said:
    lines = ("/open arab.md", "/claims", "/claim 1", "من قال ذلك؟")
    return once("arabic", lambda: new_desk().pipe(*lines, COLUMNS="60"))


def test_an_arabic_article_in_a_pipe(arabic: Said) -> None:
    """Its words are in isolates there too, so that what stands beside them stays in its place."""
    assert arabic.code == 0
    assert "\u2068سوريا بالأرقام\u2069 · ar" in arabic.after("/open arab.md")
    card = arabic.after("/claim 1")
    assert "“\u2068وفي الخامس والعشرين من تموز" in card
    assert card.count("\u2068") == card.count("\u2069")
    assert not re.search("[\u200e\u200f\u202a-\u202e]", arabic.both)
    assert widest(arabic.out) <= 60


def test_every_isolate_ends_on_its_line_of_the_list(arabic: Said) -> None:
    lines = arabic.after("/claims").splitlines()
    assert any("\u2068" in line for line in lines)
    assert all(line.count("\u2068") == line.count("\u2069") for line in lines)
