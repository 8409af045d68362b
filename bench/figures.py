"""Figures that a bench saves for pictures and tables: JSON with settings and the hash of the data."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.ground import ROOT
from factcheck._version import __version__

FOLDER = ROOT / "docs" / "figures"


def save(
    name: str, figures: Mapping[str, Any], run: Mapping[str, Any], data: Sequence[Path]
) -> Path:
    """Write `docs/figures/NAME.json`: the figures, what they were measured with, and a hash over the
    files that they are of."""
    record = {
        **figures,
        "run": {"factcheck": __version__, "python": platform.python_version(), **run},
        "data": {"files": len(data), "sha256": digest(data)},
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def digest(files: Sequence[Path]) -> str:
    """One hash over the bytes of files, each under its name, in the order of their names."""
    out = hashlib.sha256()
    for path in sorted(files, key=lambda p: p.name):
        out.update(f"{path.name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return out.hexdigest()
