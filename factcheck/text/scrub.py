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
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_SCHEME = re.compile(r"(?i)(\w):(?=//)|\b(javascript|vbscript|data|file|mailto):")
_STACKED = 6  # marks on one letter that are shown; no script needs more
# What JSON may hold as it is, but a terminal or an editor that shows it would obey.
_UNSEEN = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\uf8ff\ufeff\ufffe"
    "\uffff\U000e0000-\U000e01ef\U000f0000-\U0010ffff]"
)


def for_terminal(text: str) -> str:
    """Printable text: no control or escape characters, no direction overrides, no tower of marks.

    A line break stays; every other control character becomes a visible "\N{REPLACEMENT CHARACTER}".
    """
    if text.isascii() and text.isprintable():
        return text
    out: list[str] = []
    marks = 0
    for c in _BIDI.sub("", text.replace("\r\n", "\n")):
        category = unicodedata.category(c)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > _STACKED or (invisible(c) and ord(c) not in (0x200C, 0x200D, 0xFE0F)):
            continue
        if category in ("Zl", "Zp"):
            c = " "
        unfit = category in ("Cc", "Cs", "Co") and c not in "\n\t"
        out.append("\ufffd" if unfit else c)
    return "".join(out)


def for_page(text: str) -> str:
    """Text for an HTML page, not yet escaped: character by character, so that offsets stay.

    What turns the order of text around and what HTML cannot hold becomes a visible
    "\N{REPLACEMENT CHARACTER}"; all else stays.
    """
    return _UNFIT.sub("\ufffd", text)


def one_line(text: str) -> str:
    """Terminal-safe text on one line, so that it cannot forge a line of ours."""
    return " ".join(for_terminal(text).split())


def in_json(data: str) -> str:
    """JSON with what nobody sees, and terminals obey, written as escapes: the same value."""

    def escaped(m: re.Match[str]) -> str:
        code = ord(m[0])
        if code < 0x10000:
            return f"\\u{code:04x}"
        return f"\\u{0xD7C0 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"

    return _UNSEEN.sub(escaped, data)


def for_markdown(text: str) -> str:
    """One line of Markdown that renders as the text itself: no markup, link, image or HTML."""
    escaped = _MARKDOWN.sub(r"\\\1", one_line(text))
    escaped = _SCHEME.sub(r"\1\2&#58;", escaped)
    escaped = re.sub(r"(?i)\b(www)\.", r"\1&#46;", escaped).replace("@", "&#64;")
    return re.sub(r"^(\d+)([.)])(?=\s|$)", r"\1\\\2", re.sub(r"^([-+=])", r"\\\1", escaped))


def safe_url(url: str | None) -> str | None:
    """The address if it is plain http or https without white space or control characters."""
    if url and url.isprintable() and re.fullmatch(r"https?://[^\s<>\"'`\\]+", url):
        return url
    return None
