"""Fixtures of the door tests: an isolated environment."""

from __future__ import annotations

from pathlib import Path

import pytest

VARIABLES = (
    "FACTCHECK_LANG",
    "FACTCHECK_ANALYST",
    "FACTCHECK_MODEL",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "OPENAI_ORG_ID",
    "OPENAI_PROJECT_ID",
)


@pytest.fixture(autouse=True)
def isolated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the machine's own settings reaches a test."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
    monkeypatch.setenv("FACTCHECK_STORE", str(tmp_path / "env-store"))
    monkeypatch.setenv("FACTCHECK_CACHE", str(tmp_path / "env-cache"))
