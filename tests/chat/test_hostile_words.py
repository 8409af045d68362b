"""Words from outside cannot speak for the program, whichever way they are written."""

from __future__ import annotations

import re

import pytest

from tests.chat.conftest import QUESTION, REPORT, Desk, MakeDesk, Once, Said, widest

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
    desk.write(
        "long.md",
        REPORT.replace("X900", "X903")
        .replace("publisher: E", "publisher: An E")
        .replace(" in the Philippines.", f", {FORGED}," * 12 + " in the Philippines."),
    )
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
