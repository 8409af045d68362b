"""What a server can do: asked for the best at first, stepped down when it says no, remembered.

The first request to an address is the probe: structured output by JSON schema, then any JSON
object, then JSON in plain text. What was learnt is kept per address and model, for a month.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from factcheck.files import write_whole
from factcheck.provider.faults import answer_too_long

FORMATS = ("json_schema", "json_object", "text")
FORMAT = ("response_format", "json_schema", "json_object", "grammar")  # words of a refused format
_KEPT = 30 * 24 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class Features:
    """How requests to one model at one address are made. `tokens_field` is the name under which the
    longest length of an answer is sent; "": none is, and the server's own limit holds."""

    format: str = "json_schema"
    stream: bool = True
    stream_usage: bool = True
    temperature: bool = True
    tokens_field: str = "max_tokens"

    def without(self, complaint: str) -> Features | None:
        """These features less what a server's refusal (400, lower case) speaks of, or None."""
        if self.tokens_field and answer_too_long(complaint):
            return replace(self, tokens_field="")
        if self.temperature and "temperature" in complaint:
            return replace(self, temperature=False)
        for mine, other in (
            ("max_tokens", "max_completion_tokens"),
            ("max_completion_tokens", "max_tokens"),
        ):
            if self.tokens_field == mine and f"'{mine}'" in complaint:
                return replace(self, tokens_field=other)
        if self.stream_usage and ("stream_options" in complaint or "include_usage" in complaint):
            return replace(self, stream_usage=False)
        if self.stream and "stream" in complaint:
            return replace(self, stream=False)
        if any(w in complaint for w in (*FORMAT, "schema", "structured")):
            return self.with_less_format()
        return None

    def with_less_format(self) -> Features | None:
        """These features with the next format down, or None where it is plain text."""
        if self.format == "text":
            return None
        return replace(self, format=FORMATS[FORMATS.index(self.format) + 1])


class Memory:
    """Features by address and model, in a folder; `None` remembers nothing."""

    def __init__(self, folder: Path | None, address: str, model: str) -> None:
        name = hashlib.sha256(f"{address}\0{model}".encode()).hexdigest()[:24]
        self._path = folder / f"{name}.json" if folder else None

    def recall(self) -> Features | None:
        """What was learnt, if it is not too old."""
        if self._path is None:
            return None
        try:
            kept: dict[str, Any] = json.loads(self._path.read_text(encoding="utf-8"))
            if time.time() - float(kept.pop("at")) > _KEPT:
                return None
            features = Features(**kept)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None
        return features if features.format in FORMATS else None

    def keep(self, features: Features) -> None:
        """Remember; where that cannot be written, the next run finds out again."""
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(self._path, json.dumps({**asdict(features), "at": time.time()}))
        except Exception:  # noqa: BLE001 - see above
            return
