"""A GGUF language model in this process, behind the same protocol as every other model.

llama.cpp (the `xllamacpp` wheel) answers the OpenAI API on loopback, on a port that it chooses, so
the provider needs no second way to ask. Its context is divided among its slots: it is given
`context` tokens for each of two. A slot is never larger than the model's own context, and what
does not fit is refused (400, `exceed_context_size_error`), never shortened in silence.
"""

from __future__ import annotations

import ctypes
import http.client
import os
import time
from pathlib import Path
from typing import Any, Self

from factcheck.errors import ConfigError, InputError, ModelError

_SLOTS = 2  # requests at once; a third waits
_START_SECONDS = 60.0
_CLOSE_SECONDS = 10.0
_QUIET = -1  # below errors: nothing of llama.cpp's reaches the user's terminal


class GgufServer:
    """A model file being served. `url` is the OpenAI base address, `model` the name to ask for.

    Loading happens in the constructor and holds the GIL (half a second for 100 MB). Use it as a
    context manager, or call `close()`. Any key is accepted; nothing but loopback is listened on.
    """

    def __init__(self, path: Path, *, context: int = 8192, threads: int | None = None) -> None:
        _check(path)
        self.model = path.stem
        self._server: Any = _load(path, self.model, context, threads)
        self._address = str(self._server.listening_address)
        self.url = f"{self._address}/v1"
        end = time.monotonic() + _START_SECONDS
        while _get(self._address, "/health") is None:
            if time.monotonic() > end:
                self._server = None
                raise ModelError(
                    f"the model {path} was loaded but did not answer in {_START_SECONDS:.0f} s",
                    hint="Try again when the machine is less busy, or with a smaller model.",
                    kind="timeout",
                )
            time.sleep(0.05)

    def close(self) -> None:
        """Stop serving and free the memory; requests under way get some seconds to end.

        The server stops when its last reference goes, and its destructor waits, holding the GIL,
        for requests whose client may need the GIL: a deadlock. One that stays busy is therefore
        left to the end of the process, by a reference that nothing gives back.
        """
        server, self._server = self._server, None
        if server is None:
            return
        kept = ctypes.py_object(server)
        ctypes.pythonapi.Py_IncRef(kept)
        if _idle(self._address):
            ctypes.pythonapi.Py_DecRef(kept)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _check(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise InputError(
            f"the model file {path} cannot be read: {error.strerror or error}",
            hint="Give the path of a GGUF file.",
        ) from error
    if magic != b"GGUF":
        raise InputError(
            f"{path} is not a GGUF file",
            hint="A GGUF file begins with the letters GGUF; was it downloaded whole?",
        )


def _load(path: Path, name: str, context: int, threads: int | None) -> Any:
    try:
        import xllamacpp
    except ImportError as error:
        raise ConfigError(
            "running a GGUF model needs the package xllamacpp, which is not installed",
            hint="pip install 'factcheck-assistant[local]'",
        ) from error
    params: Any = xllamacpp.CommonParams()
    params.verbosity = _QUIET
    params.model.path = str(path)
    params.model_alias = {name}
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.n_parallel, params.n_ctx = _SLOTS, context * _SLOTS
    params.cache_ram_mib = 0  # else finished prompts are kept, up to 8 GB of them
    # No web page may read from it, no one may see others' requests, there is nothing to browse.
    params.cors_origins, params.ui, params.endpoint_slots = "", False, False
    params.endpoint_metrics = True  # counts only: close() has to know whether anything is under way
    # All cores at once come to a standstill as soon as anything else wants one.
    threads = threads or max(1, (os.cpu_count() or 2) // 2)
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        raise InputError(
            f"the model file {path} cannot be loaded",
            hint="It is damaged, newer than the installed xllamacpp, or too large for the memory.",
        ) from error


def _idle(address: str) -> bool:
    """Wait until nothing is being answered, on two looks in a row; False if that takes too long."""
    end, looks = time.monotonic() + _CLOSE_SECONDS, 0
    while looks < 2 and time.monotonic() < end:
        lines = (_get(address, "/metrics") or "").splitlines()
        counts = [x.split()[-1] for x in lines if x.startswith("llamacpp:requests_")]
        looks = looks + 1 if counts and not any(float(x) for x in counts) else 0
        time.sleep(0.05)
    return looks == 2


def _get(address: str, path: str) -> str | None:
    """The body of a 200 answer. Never through a proxy, as a general client might."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=2)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.read().decode("utf-8", "replace") if answer.status == 200 else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
