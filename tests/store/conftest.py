"""Stores that are cheap to build, in a folder and on a real Chroma server on loopback."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from factcheck.embed import CachedEmbedder, Embedder
from factcheck.models import Reference
from factcheck.store import Store
from tests.doors.conftest import isolated  # noqa: F401 - the same isolation
from tests.store import helpers
from tests.store.helpers import HashEmbedder, by_lines

CHROMA = Path(sys.executable).with_name("chroma")


@pytest.fixture
def hash_embedder() -> Callable[..., HashEmbedder]:
    return HashEmbedder


@pytest.fixture
def report() -> Callable[..., Reference]:
    return helpers.report


class ChromaServer:
    """`chroma run` on a free port of 127.0.0.1; every store gets a database of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [CHROMA, "run", "--path", folder, "--host", "127.0.0.1", "--port", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._databases = 0
        deadline = time.monotonic() + 60
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    break
            except OSError:
                assert self.process.poll() is None, "chroma run ended at once"
                assert time.monotonic() < deadline, "chroma run did not answer"
                time.sleep(0.05)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def database(self) -> str:
        """The address of a new, empty database."""
        self._databases += 1
        name = f"db{self._databases}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        body = json.dumps({"name": name})
        headers = {"Content-Type": "application/json"}
        connection.request("POST", "/api/v2/tenants/default_tenant/databases", body, headers)
        assert connection.getresponse().status == 200
        connection.close()
        return f"{self.address}/default_tenant/{name}"

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="session")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    if not CHROMA.exists():
        pytest.skip("the `chroma` command is not installed beside this Python")
    server = ChromaServer(tmp_path_factory.mktemp("chroma-run"))
    yield server
    server.close()


@pytest.fixture
def make_store(tmp_path: Path) -> Iterator[Callable[..., Store]]:
    """Stores on one folder (another with `where`), each with an embedder of its own."""
    yield from _making(tmp_path, tmp_path / "store")


@pytest.fixture(params=["folder", "server"])
def make_any(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Store]]:
    """The same in a folder and on a server: what both must do is tested with these."""
    if request.param == "folder":
        yield from _making(tmp_path, tmp_path / "store")
    else:
        yield from _making(tmp_path, request.getfixturevalue("chroma").database())


def _making(tmp_path: Path, usual: Path | str) -> Iterator[Callable[..., Store]]:
    opened: list[Store] = []

    def make(
        embedder: Embedder | None = None,
        where: Path | str | None = None,
        index: Callable[..., object] = by_lines,
        layout: int = 1,
        machine: str = "machine",
    ) -> Store:
        inner = embedder or HashEmbedder()
        # No two stores share cached vectors unless a test asks: what is embedded is counted.
        cached = CachedEmbedder(inner, tmp_path / f"cache-{len(opened)}" / "vectors.sqlite3")
        store = Store(
            where or usual,
            cached,
            index,  # type: ignore[arg-type]
            layout=layout,
            cache=tmp_path / machine,
        )
        store.place.look = 0.0  # what another wrote is looked for at every reading
        opened.append(store)
        return store

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def small_store(make_store: Callable[..., Store]) -> Store:
    """A store with three reports of two sentences each."""
    return _filled(make_store())


@pytest.fixture
def small_any(make_any: Callable[..., Store]) -> Store:
    return _filled(make_any())


def _filled(store: Store) -> Store:
    store.add(
        [
            helpers.report("R1"),
            helpers.report("R2", "Aid reached Homs.\nقال المرصد السوري إن القتال استمر."),
            helpers.report("R3", "Sebanyak 130.000 orang mengungsi.\nMereka lari ke utara."),
        ]
    )
    return store
