"""The command line: one module for each group of commands.

Only typer and the standard library are imported before a command runs.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import NoReturn

from factcheck.cli import (  # noqa: F401 - each hangs its commands on the app
    chat,
    check,
    curate,
    desk,
    doctor,
    eval_retrieval,
    eval_texts,
    evals,
    notes,
    pull,
    refs,
    show,
    storage,
)
from factcheck.cli.app import app
from factcheck.errors import FactcheckError

__all__ = ["app", "main"]


def main() -> NoReturn:
    """Run the command line; every error of ours ends in one message, a hint and its exit code."""
    try:
        app(standalone_mode=True)
    except FactcheckError as error:
        from factcheck.terminal import Terminal

        Terminal().error(error)
        sys.exit(error.exit_code)
    except SystemExit as end:  # typer makes one of a KeyboardInterrupt that reaches it
        if isinstance(getattr(end.__context__, "__cause__", None), KeyboardInterrupt):
            _leave()
        raise
    except KeyboardInterrupt:
        _leave()
    sys.exit(0)


def _leave() -> NoReturn:
    """End the process at once, after an interrupt. The interpreter's own end waits for threads that
    compute, and aborts where one of them is in the middle of native code."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os.write(2, b"factcheck: interrupted\n")
    os._exit(130)
