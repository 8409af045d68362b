"""Neutralise text from outside for the place where it will be shown."""

from __future__ import annotations

import re
import unicodedata

from factcheck.text.fold import invisible

_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# What can turn the order of text around (the marks that Arabic and Hebrew need are not in it), and what
# HTML cannot hold: control characters, lone surrogates, noncharacters.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
    + "]"
)
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

    What turns the order of text around and what HTML cannot hold becomes a visible
    "\N{REPLACEMENT CHARACTER}"; all else stays.
    """
    return _UNFIT.sub("\ufffd", text)


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
