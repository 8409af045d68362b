"""Values as JSON text that neither a terminal nor an HTML page can be led astray with."""

from __future__ import annotations

import json
import re
from typing import Any

# JSON escapes the old control characters itself; these it lets through.
_TURNING = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_MARKUP = re.compile("[<>&]")


def dump(value: Any, *, in_html: bool = False) -> str:
    """Indented JSON; what turns text around is escaped, and `in_html` also markup's characters, so
    that the text may stand in a `<script>` element."""
    text = _TURNING.sub(_escaped, json.dumps(value, ensure_ascii=False, indent=2))
    return (_MARKUP.sub(_escaped, text) if in_html else text) + "\n"


def _escaped(m: re.Match[str]) -> str:
    return f"\\u{ord(m.group()):04x}"
