"""A GGUF language model in this process, behind the same protocol as every other model.

llama.cpp (the `xllamacpp` wheel) answers the OpenAI API on loopback, on a port that it chooses, so
the provider needs no second way to ask. Its context is divided among its slots: it is given
`context` tokens for each of two. A slot is never larger than the model's own context, and what
does not fit is refused (400, `exceed_context_size_error`), never shortened in silence.
"""

from __future__ import annotations

import http.client
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from factcheck.errors import ConfigError, InputError, ModelError

_SLOTS = 2  # requests at once; a third waits
_START_SECONDS = 60.0
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
        address = str(self._server.listening_address)
        self.url = f"{address}/v1"
        try:
            _wait(address, path)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Stop serving and free the memory. Requests under way are broken off."""
        self._server = None  # the server stops when its last reference goes

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
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
    # No web page may read from it, no one may see other requests, and there is nothing to browse.
    params.cors_origins, params.ui, params.endpoint_slots = "", False, False
    if threads is not None:
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        raise InputError(
            f"the model file {path} cannot be loaded",
            hint="It is damaged, newer than the installed xllamacpp, or too large for the memory.",
        ) from error


def _wait(address: str, path: Path) -> None:
    host = address.removeprefix("http://")
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        connection = http.client.HTTPConnection(host, timeout=2)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.05)
    raise ModelError(
        f"the model {path} did not answer within {_START_SECONDS:.0f} seconds of loading",
        hint="Try again when the machine is less busy, or with a smaller model.",
        kind="timeout",
    )
