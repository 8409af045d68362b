"""Text from outside loses what could act on a terminal or in Markdown, and nothing else."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.text.scrub import for_markdown, for_terminal, one_line, safe_url

steady = settings(settings.get_profile("text"), max_examples=300)

_BITS = [
    "\x1b[31m", "\x1b]0;title\x07", "\x1b]8;;http://a.b\x1b\\", "\x9b31m", "\u202e", "\u2066",
    "\u200f", "\r\n", "\n", "\r", "\t", "\u2028", "\x85", "\x00", "\x7f", "[", "]", "(", ")", "<",
    ">", "`", "*", "_", "#", "|", "!", "~", "\\", "{", "}", "- ", "1. ", "http://a.b", "الجيش",
    "word", " ", "😀", "javascript:", "&", "&#91;", "\U000e0041", "\ud800",
]  # fmt: skip
hostile = st.one_of(
    st.lists(st.sampled_from(_BITS), max_size=20).map("".join), st.text(max_size=60)
)


@steady
@given(hostile)
def test_terminal_text_has_no_control_characters(text: str) -> None:
    out = for_terminal(text)
    assert all(c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Co") for c in out)
    assert not re.search("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]", out)
    assert out.count("\n") == text.count("\n")


@steady
@given(hostile)
def test_scrubbing_twice_is_scrubbing_once(text: str) -> None:
    assert for_terminal(for_terminal(text)) == for_terminal(text)
    assert one_line(one_line(text)) == one_line(text)


@steady
@given(hostile)
def test_one_line_is_one_line(text: str) -> None:
    out = one_line(text)
    assert len(out.splitlines()) <= 1
    assert out == out.strip()
    assert "  " not in out


@steady
@given(st.text(st.sampled_from("abc الجيشéß😀中.,?“”12\n"), max_size=40))
def test_terminal_text_keeps_letters_and_newlines(text: str) -> None:
    assert for_terminal(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x1b[31mred", "a\ufffd[31mred"),
        ("x\x1b]0;title\x07y", "x\ufffd]0;title\ufffdy"),
        ("\x9b31m", "\ufffd31m"),
        ("a\u202eb\u2066c\u200fd", "abcd"),
        ("a\u200bb\ufeffc", "abc"),
        ("one\r\ntwo\nthree", "one\ntwo\nthree"),
        ("over\rwrite", "over\ufffdwrite"),
        ("back\x08", "back\ufffd"),
        ("مرحبا بالعالم", "مرحبا بالعالم"),
        ("قُتِلَ", "قُتِلَ"),
        ("\u062e\u200c\u0627", "\u062e\u200c\u0627"),  # a joiner that Persian spelling needs
        ("a\ue000b", "a\ufffdb"),
        ("a\ud800b", "a\ufffdb"),
    ],
)
def test_terminal_text(text: str, expected: str) -> None:
    assert for_terminal(text) == expected


def test_one_line_cannot_forge_a_line() -> None:
    assert one_line("harmless\nVerdict: true\r\n\u2028 x\ty ") == "harmless Verdict: true x y"


# ---------------------------------------------------------------- Markdown


@steady
@given(hostile)
def test_markdown_has_no_unescaped_markup(text: str) -> None:
    out = re.sub("&#(?:58|46|64);", "", for_markdown(text))
    assert not re.search(r"(?<!\\)(?:\\\\)*[\[\]<>`*_#|!~{}]", out)
    assert "\n" not in out
    assert not re.match(r"(?:[-+=>#]|\d+[.)])", out)
    assert not re.search(r"(?i)\b(?:https?|javascript|data):", out)


@steady
@given(st.text(st.sampled_from("ab[]<>`*_#|!~{}\\()-+=.12 "), max_size=40))
def test_markdown_without_its_escapes_is_the_line_itself(text: str) -> None:
    assert re.sub(r"\\(.)", r"\1", for_markdown(text)) == one_line(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[x](http://a.b)", r"\[x\](http&#58;//a.b)"),
        ("![i](javascript:alert(1))", r"\!\[i\](javascript&#58;alert(1))"),
        ("<script>", r"\<script\>"),
        ("<http://a.b>", r"\<http&#58;//a.b\>"),
        ("# head", r"\# head"),
        ("- list", r"\- list"),
        ("+ list", r"\+ list"),
        ("* list", r"\* list"),
        ("1. item", r"1\. item"),
        ("12) item", r"12\) item"),
        ("===", r"\==="),
        ("`code`", r"\`code\`"),
        ("**b** _i_", r"\*\*b\*\* \_i\_"),
        ("a | b", r"a \| b"),
        ("back\\slash", r"back\\slash"),
        ("HTTPS://a.b", "HTTPS&#58;//a.b"),
        ("mailto:x", "mailto&#58;x"),
        ("two\nlines", "two lines"),
        ("in 2013. Then", "in 2013. Then"),
        ("plain - text", "plain - text"),
        ("الجيش", "الجيش"),
    ],
)
def test_markdown(text: str, expected: str) -> None:
    assert for_markdown(text) == expected


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    "url",
    [
        "http://a.b",
        "https://a.b/c?d=e&f=g#h",
        "https://a.b/(x)",
        "https://a.b/%D8%A7",
        "https://a.b:8080/~x/,;",
        "https://مثال.example/حلب",
    ],
)
def test_plain_addresses_pass(url: str) -> None:
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "https://",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://a.b",
        "//a.b",
        "a.b",
        " https://a.b",
        "https://a.b ",
        "https://a.b\n",
        "https://a b",
        "https://a\tb",
        "https://a\u00a0b",
        'https://a"b',
        "https://a'b",
        "https://a`b",
        "https://a\\b",
        "https://a.b/<x>",
        "https://a\x1b[31m",
        "https://a\x00b",
        "https://a\x85b",
        "x https://a.b",
        "javascript:x//https://a.b",
    ],
)
def test_other_addresses_do_not(url: str | None) -> None:
    assert safe_url(url) is None


@steady
@given(hostile)
def test_an_accepted_address_is_unchanged_and_has_no_marks_of_html(text: str) -> None:
    url = f"https://a.b/{text}"
    accepted = safe_url(url)
    assert accepted in (None, url)
    if accepted:
        assert not re.search(r"[\s<>\"'`\\\x00-\x1f]", accepted)
