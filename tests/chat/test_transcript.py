"""The conversation in the README is what the program says."""

from __future__ import annotations

from bench.transcript import BEGIN, END, README, SAID, transcript, written
from tests.chat.conftest import Desk


def test_the_readme_shows_a_real_conversation(desk: Desk) -> None:
    made = transcript(desk.variables)
    assert written() == made, "run: make transcript"


def test_the_readme_shows_all_of_it() -> None:
    text = README.read_text(encoding="utf-8")
    assert (text.count(BEGIN), text.count(END)) == (1, 1)
    shown = written()
    assert all(f"> {line}\n" in shown for line in SAID)
    assert "[q1]" in shown
