"""Where a store may be kept: addresses, servers that fail, folders that are full or read-only."""

from __future__ import annotations

import os
import resource
import shutil
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from factcheck.errors import ConfigError, StoreBusy, StoreError
from factcheck.models import Reference
from factcheck.store import Address, Store, lease, parse, remote
from tests.conftest import ROOT
from tests.store import crashes
from tests.store.helpers import by_lines

Make = Callable[..., Store]
Report = Callable[..., Reference]

# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("text", "host", "port", "tls", "tenant", "database"),
    [
        ("http://h:8000", "h", 8000, False, "default_tenant", "default_database"),
        ("http://h", "h", 8000, False, "default_tenant", "default_database"),
        ("https://h.example/", "h.example", 443, True, "default_tenant", "default_database"),
        ("http://127.0.0.1:9/desk/syria", "127.0.0.1", 9, False, "desk", "syria"),
        ("http://[::1]:8000/a/b", "::1", 8000, False, "a", "b"),
        ("chroma-cloud://t/d", "api.trychroma.com", 443, True, "t", "d"),
    ],
)
def test_addresses(text: str, host: str, port: int, tls: bool, tenant: str, database: str) -> None:
    found = parse(text)
    assert isinstance(found, Address)
    assert (found.host, found.port, found.tls) == (host, port, tls)
    assert (found.tenant, found.database) == (tenant, database)


def test_what_is_no_address_is_a_folder(tmp_path: Path) -> None:
    assert parse("some/folder") == Path("some/folder")
    assert parse(tmp_path) == tmp_path
    assert parse("~/x") == Path.home() / "x"


@pytest.mark.parametrize(
    "text",
    ["ftp://h/", "http://", "http://h:x", "http://h:99999", "http://h/one", "http://h/a/b/c",
     "http://h/a/../b", "http://h?x=1", "http://h#x", "http://u:secret@h/", "http://u@h",
     "chroma-cloud://t", "chroma-cloud://", "chroma-cloud://t/d/e", "http://h/a b/c"],
)  # fmt: skip
def test_a_broken_address_is_refused(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert "secret" not in str(caught.value) + caught.value.hint
    assert caught.value.hint


def test_the_cloud_needs_its_key(tmp_path: Path, make_store: Make) -> None:
    with pytest.raises(ConfigError, match="needs a key"):
        make_store(where="chroma-cloud://tenant/database")


# ---------------------------------------------------------------- servers that fail


class Odd:
    """A loopback server that is no Chroma server, or asks for a token first."""

    def __init__(self, status: int, body: bytes, wait: float = 0.0) -> None:
        self.heard: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.heard.append(self.headers.get("authorization") or "")
                time.sleep(wait)
                self.send_response(status)
                self.send_header("location", "http://127.0.0.1:9/")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (200, b"<html>", "no Chroma server"),
        (404, b'{"error": "x"}', "no Chroma server"),
        (302, b"", "no Chroma server"),
        (401, b"", "asks for a token"),
        (500, b"", "no Chroma server"),
    ],
)
def test_a_server_of_another_kind(make_store: Make, status: int, body: bytes, words: str) -> None:
    odd = Odd(status, body)
    try:
        with pytest.raises(StoreError, match=words) as caught:
            make_store(where=odd.address).references()
        assert caught.value.exit_code == 5
        assert caught.value.hint
    finally:
        odd.close()


def test_a_token_goes_out_and_is_never_shown(tmp_path: Path, make_store: Make) -> None:
    odd = Odd(403, b"")
    try:
        store = make_store(where=odd.address)
        token = "very-secret-token"
        other = Store(odd.address, store.embedder, by_lines, token=token, cache=tmp_path)
        with pytest.raises(StoreError, match="refused the token") as caught:
            other.references()
        assert odd.heard[-1] == f"Bearer {token}"
        assert token not in str(caught.value) + caught.value.hint
        with pytest.raises(ConfigError) as caught_:
            Store(odd.address, store.embedder, by_lines, token="a\nb", cache=tmp_path)
        assert "a\nb" not in str(caught_.value)
    finally:
        odd.close()


def test_a_server_that_says_nothing(make_store: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "_TIMEOUT", 0.2)
    odd = Odd(200, b"", wait=2.0)
    try:
        with pytest.raises(StoreError, match="no answer in time"):
            make_store(where=odd.address).count()
    finally:
        odd.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(StoreError, match="cannot be reached"):
        make_store(where=f"http://127.0.0.1:{port}").count()


def test_a_database_that_is_not_there(chroma: Any, make_store: Make) -> None:
    with pytest.raises(StoreError, match="has no database nothing"):
        make_store(where=f"{chroma.address}/default_tenant/nothing").count()
    with pytest.raises(StoreError, match="of a tenant nobody"):
        make_store(where=f"{chroma.address}/nobody/nothing").count()


# ---------------------------------------------------------------- several machines


def test_machines_see_each_other(chroma: Any, make_store: Make, report: Report) -> None:
    where = chroma.database()
    one, two = (make_store(where=where, machine=m) for m in ("one", "two"))
    long = "\n".join(f"Line {i} بين السطور of a long report 🕊️" for i in range(900))
    one.add([report("R1"), report("R2", long), report("R3", "Snow fell.")])
    one.set_meta("starter", "loaded")
    assert two.references() == one.references()
    assert two.meta("starter") == "loaded"
    assert two.fingerprint() == one.fingerprint()
    assert two.lexical(["rebels"], 3) == one.lexical(["rebels"], 3)
    two.add([report("R1", "Rebels lost it."), report("R4", "New.")])
    two.remove("R3")
    assert one.references() == two.references()
    assert [r.id for r in one.references()] == ["R1", "R2", "R4"]
    assert one.lexical(["denied"], 3) == []
    fresh = make_store(where=where, machine="three")
    assert fresh.references() == one.references()
    query = fresh.embedder.queries(["Rebels lost it."])
    assert fresh.passages([fresh.dense(query, 1)[0][0][0]])
    assert len(fresh._chroma.collection(fresh._editions.current).get(limit=2000)["ids"]) == 902


def test_what_another_machine_left_half_done_is_finished(
    chroma: Any, make_store: Make, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "_LEASE", 1.0)
    where = chroma.database()
    one, two = (make_store(where=where, machine=m) for m in ("one", "two"))
    one.add([report("R1"), report("R2", "Second.")])
    with monkeypatch.context() as patch:

        def dies(*args: Any, **more: Any) -> None:
            raise KeyboardInterrupt

        patch.setattr(one.place, "_tick", lambda: None)  # as a process does that is killed
        patch.setattr(lease.Lease, "end", lambda _: None)
        patch.setattr(one.place, "publish", dies)
        with pytest.raises(KeyboardInterrupt):
            one.add([report("R1", "Rebels lost it."), report("R3", "Third.")])
    assert {r.id for r in two.references()} <= {"R1", "R2"}
    with two.writing(wait=20):
        pass
    assert [r.id for r in two.references()] == ["R1", "R2", "R3"]
    assert two.reference("R1").text == "Rebels lost it."
    assert len(two._chroma.collection(two._editions.current).get()["ids"]) == 3
    assert one.references() == two.references()


def test_a_busy_server_says_so_and_a_dead_writer_is_forgotten(
    chroma: Any, make_store: Make, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "_LEASE", 1.5)
    where = chroma.database()
    one, two = (make_store(where=where, machine=m) for m in ("one", "two"))
    one.add([report("R1")])
    with one.writing():
        with pytest.raises(StoreBusy) as caught, two.writing(wait=0.1):
            pytest.fail("two writers at once")
        assert caught.value.hint
        time.sleep(2.5)  # longer than a lease lasts: it is renewed
        with pytest.raises(StoreBusy), two.writing(wait=0.1):
            pytest.fail("two writers at once")
        assert len(two.references()) == 1, "reading needs no lease"
        monkeypatch.setattr(lease.Lease, "_renew", lambda self: None)
        one.place._lease._over.set()  # as if the machine had gone to sleep
        with two.writing(wait=20), pytest.raises(StoreError, match="taken over"):
            one.add([report("R2", "Too late.")])
    assert [r.id for r in two.references()] == ["R1"]


# ---------------------------------------------------------------- processes side by side

SIDE = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from tests.store import crashes
    folder, who = Path(sys.argv[1]), sys.argv[2]
    for turn in range(3):
        with crashes.opened(folder) as store:
            if who == "reader":
                for reference in store.references():
                    assert store.passages_of(reference), reference.id
                hits = store.lexical(["line", "report"], 50)
                assert len(store.passages([i for i, _ in hits])) == len(hits)
            else:
                store.add([r for r in crashes.reports(int(who) * 10 + turn) if r.id[0] == "N"])
    """
)


def test_processes_add_and_read_at_once(small_store: Store) -> None:
    small_store.close()
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SIDE, str(small_store.path), who],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )
        for who in ("1", "2", "reader")
    ]
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0 or "StoreBusy" in errors, errors
    expected = 3 + 6 * 3 * 2
    assert small_store.count() == expected
    held = small_store._chroma.collection(small_store._editions.current).get()["ids"]
    assert len(held) == small_store.stats()["passages"] == 6 + 6 * 3 * 2 * 5


# ---------------------------------------------------------------- full and read-only

FULL = textwrap.dedent(
    """
    import resource, sys
    from pathlib import Path
    from factcheck.errors import StoreError
    from tests.store import crashes
    folder, limit = Path(sys.argv[1]), int(sys.argv[2])
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    with crashes.opened(folder) as store:
        try:
            store.add(crashes.reports(7, 400))
        except StoreError as error:
            sys.exit(f"StoreError: {error} | {error.hint}")
    """
)


def full(folder: Path, limit: int = 0) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", FULL, str(folder), str(limit)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own whose size can be changed."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", folder], capture_output=True
    )
    if made.returncode:
        pytest.skip("this user may mount nothing")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def check_full(folder: Path, outcome: subprocess.CompletedProcess[str]) -> None:
    assert outcome.returncode == 1, outcome.stderr
    assert "StoreError" in outcome.stderr and "Traceback" not in outcome.stderr, outcome.stderr
    with crashes.opened(folder) as store:
        assert {r.id for r in store.references()} >= {"R1", "R2", "R3"}
        for reference in store.references():
            assert len(store.passages_of(reference)) == len(reference.text.split("\n"))


def test_a_full_disk_leaves_the_store_intact(small_store: Store, small_disk: Path) -> None:
    small_store.close()
    folder = small_disk / "store"
    shutil.copytree(small_store.path, folder)
    used = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    room = f"remount,size={(used + 500_000) // 1024}k"
    subprocess.run(["mount", "-o", room, small_disk], check=True)
    outcome = full(folder)
    check_full(folder, outcome)
    assert "disk is full: free some space" in outcome.stderr
    subprocess.run(["mount", "-o", "remount,size=100m", small_disk], check=True)
    assert full(folder).returncode == 0, "the same command completes the work"
    with crashes.opened(folder) as store:
        assert store.count() == 3 + 404


def test_files_that_may_not_grow_leave_the_store_intact(small_store: Store) -> None:
    small_store.close()
    size = max(p.stat().st_size for p in small_store.path.rglob("*") if p.is_file())
    outcome = full(small_store.path, size + 100_000)
    check_full(small_store.path, outcome)
    assert full(small_store.path).returncode == 0
    assert small_store.count() == 3 + 404
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != size + 100_000


@pytest.fixture
def sealed(small_store: Store, tmp_path: Path) -> Iterator[Path]:
    """The store seen through a mount that cannot be written."""
    small_store.close()
    folder = tmp_path / "sealed"
    folder.mkdir()
    made = subprocess.run(["mount", "--bind", small_store.path, folder], capture_output=True)
    if made.returncode:
        pytest.skip("this user may mount nothing")
    subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_read_only_folder_can_be_read(
    sealed: Path, small_store: Store, make_store: Make, report: Report
) -> None:
    store = make_store(where=sealed)
    assert store.references() == small_store.references()
    assert store.fingerprint() == small_store.fingerprint()
    assert store.lexical(["rebels"], 3) == small_store.lexical(["rebels"], 3)
    queries = store.embedder.queries(["Aid reached Homs.", "other"])
    for a, b in zip(store.dense(queries, 4), small_store.dense(queries, 4), strict=True):
        assert [i for i, _ in a] == [i for i, _ in b]
    assert store.stats()["passages"] == 6
    with pytest.raises(StoreError, match="read-only") as caught:
        store.add([report("R9", "No.")])
    assert "--store" in caught.value.hint
    with pytest.raises(StoreError):
        store.remove("R1")
    assert store.count() == 3
