"""`factcheck doctor`."""

from __future__ import annotations

from typing import Annotated

import typer

from factcheck.cli.app import app
from factcheck.cli.options import (
    AnalystOption,
    ModelOption,
    StoreOption,
)


@app.command()
def doctor(
    store: StoreOption = None,
    analyst: AnalystOption = None,
    model: ModelOption = None,
    probe: Annotated[
        bool,
        typer.Option("--probe", help="Send the model one short request and say what it can do."),
    ] = False,
) -> None:
    """Say what is configured, where each value came from, and whether it works."""
    from factcheck import doctor as doctor_
    from factcheck.settings import Settings
    from factcheck.terminal import Terminal

    terminal = Terminal()
    report = doctor_.examine(Settings.load(store=store, analyst=analyst, model=model), probe=probe)
    for line in report.lines:
        terminal.line(line)
    if report.error is not None:
        raise report.error
