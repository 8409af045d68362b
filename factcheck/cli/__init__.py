"""The command line: one module for each group of commands.

Only typer and the standard library are imported before a command runs.
"""

from __future__ import annotations

import sys
from typing import NoReturn

from factcheck.cli import chat, check, desk, doctor, evals, notes, refs
from factcheck.cli.app import app
from factcheck.errors import FactcheckError

__all__ = ["app", "chat", "check", "desk", "doctor", "evals", "main", "notes", "refs"]


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
