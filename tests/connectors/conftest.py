from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from factcheck.collection import open_store
from factcheck.connectors import base
from factcheck.fetch import Fetcher
from factcheck.settings import Settings
from factcheck.sources import Register
from factcheck.store import Store
from tests.fetch.server import Site


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@pytest.fixture
def store(tmp_path: Path, shared_cache: Path) -> Iterator[Store]:
    """An empty store."""
    with open_store(Settings.load(store=tmp_path / "store", cache=shared_cache)) as made:
        yield made


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited, without waiting them."""
    slept: list[float] = []
    monkeypatch.setattr("factcheck.connectors.base.sleep", slept.append)
    return slept


@pytest.fixture
def patient(waits: list[float]) -> base.Patient:
    return base.Patient(Fetcher(allow_local=True, timeout=2.0))


@pytest.fixture(scope="session")
def register() -> Register:
    return Register.load()
