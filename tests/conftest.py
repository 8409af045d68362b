"""Shared fixtures. No test reaches beyond loopback; none sees the user's settings or store."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(("FACTCHECK_", "OPENAI_", "LANGSMITH", "LANGCHAIN")):
            monkeypatch.delenv(name)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else "unix"
        if host not in ("127.0.0.1", "::1", "localhost", "unix"):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def shared_cache() -> Path:
    """Vectors computed once for all test processes and runs on this machine."""
    folder = Path(tempfile.gettempdir()) / f"factcheck-tests-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def loaded_store(shared_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the starter collection. Tests that write copy it first."""
    from factcheck.collection import ensure_starter, open_store
    from factcheck.settings import Settings

    folder = tmp_path_factory.mktemp("store") / "store"
    with FileLock(str(shared_cache / "load.lock")):  # one process embeds, the others read its cache
        settings = Settings.load(store=folder, cache=shared_cache)
        with open_store(settings) as store:
            ensure_starter(store)
    return folder


@pytest.fixture
def own_store(loaded_store: Path, tmp_path: Path) -> Path:
    """A copy of the loaded store that the test may change."""
    folder = tmp_path / "own-store"
    shutil.copytree(loaded_store, folder)
    return folder


@pytest.fixture(scope="session")
def checker(loaded_store: Path, shared_cache: Path) -> Iterator[object]:
    """A checker over the starter collection, shared by tests that only read."""
    from factcheck.pipeline import Checker
    from factcheck.settings import Settings

    with Checker(Settings.load(store=loaded_store, cache=shared_cache)) as made:
        yield made
