"""Values as JSON text that neither a terminal nor an HTML page can be led astray with."""

from __future__ import annotations

import json
import re
from typing import Any

from factcheck.text.scrub import in_json

_MARKUP = re.compile("[<>&]")


def dump(value: Any, *, in_html: bool = False) -> str:
    """Indented JSON; what turns text around is escaped, and `in_html` also markup's characters, so
    that the text may stand in a `<script>` element."""
    text = in_json(json.dumps(value, ensure_ascii=False, indent=2))
    return (_MARKUP.sub(_escaped, text) if in_html else text) + "\n"


def _escaped(m: re.Match[str]) -> str:
    return f"\\u{ord(m.group()):04x}"
