"""A file in the cache folder: kept open, and missed by nobody when it goes."""

from __future__ import annotations

import gc
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from factcheck.cachefile import CacheFile

TABLE = "CREATE TABLE IF NOT EXISTS word (name TEXT PRIMARY KEY)"


def put(file: CacheFile, name: str) -> bool:
    def work(db: sqlite3.Connection) -> bool:
        db.execute("INSERT OR REPLACE INTO word VALUES (?)", (name,))
        return True

    return file.use(work, False)


def held(file: CacheFile) -> list[str] | None:
    def work(db: sqlite3.Connection) -> list[str] | None:
        return [name for (name,) in db.execute("SELECT name FROM word ORDER BY name")]

    return file.use(work, None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "words.sqlite3"


def test_it_is_opened_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: opened.append(a) or connect(*a, **k))
    file = CacheFile(path, TABLE)
    assert not opened and not path.parent.exists()
    assert put(file, "a") and put(file, "b")
    assert held(file) == ["a", "b"]
    assert len(opened) == 1


def test_what_others_write_is_seen(path: Path) -> None:
    one, other = CacheFile(path, TABLE), CacheFile(path, TABLE)
    assert put(one, "a") and put(other, "b")
    assert held(one) == held(other) == ["a", "b"]


def test_a_file_that_was_taken_away_is_made_again(path: Path) -> None:
    file = CacheFile(path, TABLE)
    assert put(file, "a")
    for part in path.parent.iterdir():
        part.unlink()
    assert held(file) == []
    assert put(file, "b")
    assert held(CacheFile(path, TABLE)) == ["b"]


def test_what_failed_is_undone_and_the_file_used_again(path: Path) -> None:
    file = CacheFile(path, TABLE)

    def work(db: sqlite3.Connection) -> str:
        db.execute("INSERT INTO word VALUES ('half')")
        db.execute("INSERT INTO nowhere VALUES (1)")
        return "done"

    assert file.use(work, "not done") == "not done"
    assert held(file) == []
    assert put(file, "a")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    file = CacheFile(tmp_path / "file" / "words.sqlite3", TABLE)
    assert not put(file, "a")
    assert held(file) is None


def test_it_lets_go_of_the_file_with_its_owner(path: Path) -> None:
    file = CacheFile(path, TABLE)
    assert put(file, "a")
    assert path.with_name("words.sqlite3-wal").exists()
    del file
    gc.collect()
    assert not path.with_name("words.sqlite3-wal").exists()


def test_threads_share_it(path: Path) -> None:
    file = CacheFile(path, TABLE)
    done: list[bool] = []

    def work(first: int) -> None:
        done.extend(put(file, f"{first + i:03d}") for i in range(20))

    threads = [threading.Thread(target=work, args=(100 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(done) and len(held(file) or ()) == 80


LAST = """
import atexit, sys, threading
from pathlib import Path

begun, go = threading.Event(), threading.Event()


@atexit.register  # the last to be called: what comes later is called before it
def _() -> None:
    go.set()
    thread.join()


from factcheck.cachefile import CacheFile

cache = CacheFile(Path(sys.argv[1]), "CREATE TABLE IF NOT EXISTS t (a)")


def work(db):
    begun.set()
    go.wait()
    return db.execute("SELECT 1").fetchone()


thread = threading.Thread(target=lambda: print(cache.use(work, "closed")), daemon=True)
thread.start()
begun.wait()
"""


def test_the_end_of_the_process_closes_nothing_that_a_thread_is_using(tmp_path: Path) -> None:
    """SQLite does not survive it."""
    done = subprocess.run(
        [sys.executable, "-c", LAST, str(tmp_path / "c.sqlite3")],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "(1,)\n", "")
