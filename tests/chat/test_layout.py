"""Lines on a screen, and the words of the interface in each language."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from factcheck.chat.commands import REGISTRY, find
from factcheck.chat.exports import FORMATS
from factcheck.chat.layout import hung, outside, short
from factcheck.errors import UsageError
from factcheck.wording import LANGUAGES, table

WORDS = st.text(
    st.sampled_from("ab factcheck> /sign \u0633\u0648\u0631 ünï \u4e2d\u56fd,."),
    min_size=1,
    max_size=400,
)


@given(WORDS, st.integers(min_value=12, max_value=120), st.sampled_from(["", "  ", "c1 "]))
def test_a_line_goes_on_under_an_indent(words: str, width: int, lead: str) -> None:
    """Nothing is lost, nothing is wider, and no line but the first begins at the left edge."""
    line = Text(f"{lead}“{outside(words)}”")
    lines = hung(line, width).plain.split("\n")
    assert all(
        cell_len(x) <= width + 2 for x in lines
    )  # two marks of direction have no width of their own
    assert all(x.startswith("    ") for x in lines[1:])
    marks = str.maketrans("", "", "\u2068\u2069" + string.whitespace)
    assert "".join(lines).translate(marks) == line.plain.translate(marks)
    for x in lines:
        assert x.count("\u2068") == x.count("\u2069")


@given(WORDS, st.integers(min_value=8, max_value=60))
def test_what_is_cut_ends_its_isolate(words: str, room: int) -> None:
    cut = short(words, room)
    assert cut.count("\u2068") == cut.count("\u2069") <= 1
    assert cell_len(cut.strip("\u2068\u2069")) <= room


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_interface_says_the_same_in_every_language() -> None:
    """Each phrase, with the same places to be filled."""
    english = table("en")
    for language in LANGUAGES:
        other = table(language)
        for section in ("chat", "why", "step", "help", "verdict", "flag", "stance", "page"):
            assert other[section].keys() == english[section].keys(), (language, section)
            for key, text in other[section].items():
                assert _fields(text) == _fields(english[section][key]), (language, section, key)


def test_every_command_is_explained() -> None:
    assert set(table("en")["help"]) == set(REGISTRY)
    for command in REGISTRY.values():
        assert re.fullmatch(r"[a-z][a-z-]*( .+)?", command.usage)
    assert REGISTRY["export"].completes == "|".join(FORMATS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_command_is_named_in_the_language(language: str) -> None:
    with pytest.raises(UsageError) as error:
        find("/zzz", language)
    assert "/zzz" in str(error.value)
    assert error.value.hint == table(language)["chat"]["see_help"]
