"""Reading in a process apart: what a hostile file does to a library, it does there.

Web pages, PDF and Word files are parsed by large libraries, some of them in C. One child process
reads them, one after the other. It is held to a time and (where the system can) to an amount of
memory, it has no keys in its environment, and when a file takes it down the next one gets a new
one. Only JSON comes back.
"""

from __future__ import annotations

import atexit
import json
import os
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import IO, Any

from factcheck.errors import FactcheckError, InputError, UsageError
from factcheck.readers import limits
from factcheck.readers.document import Document

_SIZE = struct.Struct(">Q")
_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")  # of the environment
_DAYS = ("published", "event_date")


class _Child:
    """The process that reads. `ask` starts it when there is none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.stop)

    def ask(self, asked: dict[str, Any], data: bytes, seconds: float) -> dict[str, Any] | None:
        """What the child answers; None where it ended instead."""
        with self._lock:
            process = self._running()
            timer = threading.Timer(seconds, process.kill)
            timer.start()
            try:
                assert process.stdin and process.stdout
                for part in (json.dumps(asked).encode(), data):
                    _send(process.stdin, part)
                process.stdin.flush()
                answer = _receive(process.stdout)
            except OSError:
                answer = None
            except BaseException:
                self.stop()
                raise
            finally:
                timer.cancel()
            if answer is None:
                self.stop()
                return None
            return dict(json.loads(answer))

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.stop()
            environment = {k: v for k, v in os.environ.items() if k in _KEPT}
            environment["PYTHONPATH"] = os.pathsep.join(p or str(Path.cwd()) for p in sys.path)
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "factcheck.readers.apart"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
        return self._process

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                with suppress(OSError):
                    stream.close()  # type: ignore[union-attr]


_child = _Child()


def read(data: bytes, *, format: str, name: str, **how: Any) -> Document:
    """Read a document of `format` ("html", "pdf", "docx") in the process apart.

    Raises InputError as the reader does, and where the file took too long or took the reader down.
    """
    asked = {"format": format, "name": name, **how}
    seconds = limits.SECONDS
    answer = _child.ask(asked, data, seconds)
    if answer is None:
        raise InputError(
            f"{name} cannot be read: its reader broke down, ran out of memory or took more than"
            f" {seconds:.0f} seconds",
            hint="The file may be damaged or hostile; give its text as .txt.",
        )
    if "error" in answer:
        kind = UsageError if answer["error"] == "UsageError" else InputError
        raise kind(str(answer["message"]), hint=str(answer["hint"]))
    fields = answer["document"]
    for key in _DAYS:
        fields[key] = date.fromisoformat(fields[key]) if fields[key] else None
    for key in ("pages", "remarks"):
        fields[key] = tuple(fields[key])
    return Document(**fields)


def read_here(data: bytes, *, format: str, name: str, **how: Any) -> Document:
    """Read a document in this process."""
    from factcheck.readers import docx, html, pdf

    if format == "html":
        return html.read(data, name=name, **how)
    return {"pdf": pdf.read, "docx": docx.read}[format](data, name=name)


# ---------------------------------------------------------------- the child's side


def serve() -> None:
    """Read what comes on standard input until it ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # a library that prints spoils no answer
    _bound()
    while (asked := _receive(sys.stdin.buffer)) is not None:
        data = _receive(sys.stdin.buffer) or b""
        _send(answers, json.dumps(_answer(json.loads(asked), data)).encode())
        answers.flush()


def _answer(asked: dict[str, Any], data: bytes) -> dict[str, Any]:
    try:
        found = asdict(read_here(data, **asked))
        for key in _DAYS:
            found[key] = found[key].isoformat() if found[key] else None
        return {"document": found}
    except FactcheckError as error:
        return {"error": type(error).__name__, "message": str(error), "hint": error.hint}
    except (Exception, MemoryError) as error:  # noqa: BLE001 - a library's own
        why = " ".join(f"{type(error).__name__} {error}".split())[:200]
        return {
            "error": "InputError",
            "message": f"{asked['name']} cannot be read: {why}",
            "hint": "The file may be damaged; give its text as .txt.",
        }


def _bound() -> None:
    """Hold this process to its memory, where the system can; leave Ctrl-C to the parent."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY, limits.MEMORY))


def _send(stream: IO[bytes], part: bytes) -> None:
    stream.write(_SIZE.pack(len(part)))
    stream.write(part)


def _receive(stream: IO[bytes]) -> bytes | None:
    """The next part; None at the end, or where it breaks off."""
    head = stream.read(_SIZE.size)
    if len(head) < _SIZE.size:
        return None
    (size,) = _SIZE.unpack(head)
    part = stream.read(size)
    return part if len(part) == size else None


if __name__ == "__main__":
    serve()
