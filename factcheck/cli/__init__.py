"""The command line: one module for each group of commands.

Only typer and the standard library are imported before a command runs.
"""

from __future__ import annotations

import sys
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
    except KeyboardInterrupt:
        sys.stderr.write("factcheck: interrupted\n")
        sys.exit(130)
    sys.exit(0)
