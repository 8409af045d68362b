"""The direction and the tag of a language, as HTML and documents want them."""

from __future__ import annotations

import re

RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa he iw nqo ps sd ug ur yi".split())
_TAG = re.compile(r"[a-zA-Z]{2,8}(?:-[a-zA-Z0-9]{1,8})*")


def tag(language: str) -> str:
    """A BCP 47 tag; "und" where the language is not known or is no tag."""
    return language if _TAG.fullmatch(language) else "und"


def direction(language: str) -> str:
    """ "rtl" or "ltr"; "auto" where the language is not known."""
    if tag(language) == "und":
        return "auto"
    return "rtl" if language.lower().split("-")[0] in RIGHT_TO_LEFT else "ltr"
