"""Neutralise text from outside for the place where it will be shown."""

from __future__ import annotations

import re
import unicodedata

from factcheck.text.fold import invisible

_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# What can turn the order of text around; the marks that Arabic and Hebrew need are not in it.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!])")


def for_terminal(text: str) -> str:
    """Printable text: no control or escape characters, no direction overrides.

    A line break stays; every other control character becomes a visible "\N{REPLACEMENT CHARACTER}".
    """
    text = _BIDI.sub("", text.replace("\r\n", "\n"))
    return "".join(
        c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Co") else "\ufffd"
        for c in text
        if not (invisible(c) and ord(c) not in (0x200C, 0x200D, 0xFE0F))
    )


def for_page(text: str) -> str:
    """Text for an HTML page, not yet escaped: character by character, so that offsets stay.

    What turns the order of text around and what HTML cannot hold (control characters, lone
    surrogates, noncharacters) becomes a visible "\N{REPLACEMENT CHARACTER}"; all else stays.
    """
    return "".join(
        c if c in "\n\t\r\f" or not _unfit(c) else "\ufffd" for c in _TURNING.sub("\ufffd", text)
    )


def _unfit(char: str) -> bool:
    code = ord(char)
    return (
        unicodedata.category(char) in ("Cc", "Cs")
        or code & 0xFFFE == 0xFFFE
        or 0xFDD0 <= code <= 0xFDEF
    )


def one_line(text: str) -> str:
    """Terminal-safe text on one line, so that it cannot forge a line of ours."""
    return " ".join(for_terminal(text).split())


def for_markdown(text: str) -> str:
    """One line of Markdown that renders as the text itself: no markup, link, image or HTML."""
    escaped = _MARKDOWN.sub(r"\\\1", one_line(text))
    escaped = re.sub(r"(?i)\b(https?|javascript|data|ftp|mailto):", r"\1&#58;", escaped)
    return re.sub(r"^(\d+)([.)])(?=\s|$)", r"\1\\\2", re.sub(r"^([-+=])", r"\\\1", escaped))


def safe_url(url: str | None) -> str | None:
    """The address if it is plain http or https without white space or control characters."""
    if url and url.isprintable() and re.fullmatch(r"https?://[^\s<>\"'`\\]+", url):
        return url
    return None
