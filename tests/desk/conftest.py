"""Notes to decide on: made once over the starter collection, copied for each test."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from factcheck.models import Note
from factcheck.restore import note_from_json
from tests.faces.conftest import ARTICLE, Cli, _here, cli, own_cli, process, work

__all__ = ["Cli", "cli", "own_cli", "process", "work"]

TYPHOON = ARTICLE
SPANISH = """---
title: Tras el tifón
outlet: Diario de Ejemplo
published: 2013-11-21
---

El tifón Haiyan mató al menos a 4.460 personas, según las Naciones Unidas. Según la ONU, el \
portaaviones llegó a Filipinas con 5.000 marineros.
"""


@pytest.fixture(scope="session")
def typhoon(checker, tmp_path_factory: pytest.TempPathFactory) -> Note:
    path = tmp_path_factory.mktemp("typhoon") / "typhoon.md"
    path.write_text(TYPHOON, encoding="utf-8")
    return checker.check(path)


@pytest.fixture(scope="session")
def spanish(checker, tmp_path_factory: pytest.TempPathFactory) -> Note:
    path = tmp_path_factory.mktemp("spanish") / "es.md"
    path.write_text(SPANISH, encoding="utf-8")
    return checker.check(path)


@pytest.fixture
def saved(work: Path, typhoon: Note) -> Path:
    path = work / "note.json"
    save(path, typhoon)
    return path


def save(path: Path, note: Note) -> None:
    path.write_text(json.dumps(note.to_json(), ensure_ascii=False, indent=2), encoding="utf-8")


def load(path: Path) -> Note:
    return note_from_json(json.loads(path.read_text(encoding="utf-8")))


def edit(path: Path, change: Callable[[dict], None]) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data, ensure_ascii=False, indent=2), encoding="utf-8")


_ = _here
