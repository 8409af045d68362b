"""Answers kept on disk, so that a check done again costs nothing.

One file an answer, named by the hash of what decides it: address, model, prompt fingerprint, the
asked shape and the input. Only answers that were validated are kept; a damaged file is none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from factcheck.files import write_whole


class Answers:
    """The folder of kept answers; `None` keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def key(self, *decides: str, values: Mapping[str, str]) -> str:
        """The name under which the answer to these inputs is kept."""
        content = json.dumps([decides, sorted(values.items())], ensure_ascii=True)
        return hashlib.sha256(content.encode()).hexdigest()

    def get(self, key: str) -> str | None:
        """The text of a kept answer."""
        if self._folder is None:
            return None
        try:
            kept = json.loads(self._path(self._folder, key).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        text = kept.get("text") if isinstance(kept, dict) else None
        return text if isinstance(text, str) else None

    def put(self, key: str, text: str) -> None:
        """Keep an answer. A folder that cannot be written only costs the next run its money."""
        if self._folder is None:
            return
        path = self._path(self._folder, key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(path, json.dumps({"text": text}, ensure_ascii=False))
        except Exception:  # noqa: BLE001 - a full disk must not cost a claim its verdict
            return

    @staticmethod
    def _path(folder: Path, key: str) -> Path:
        return folder / key[:2] / f"{key[2:]}.json"
