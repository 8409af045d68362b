"""What is configured, where each value came from, and whether the parts work."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass, field

from factcheck._version import __version__
from factcheck.collection import open_store
from factcheck.errors import FactcheckError, StoreError
from factcheck.settings import Settings, config_file, masked


@dataclass
class Report:
    """Lines to show, and the first error met (None when all is well)."""

    lines: list[str] = field(default_factory=list)
    error: FactcheckError | None = None


def examine(settings: Settings) -> Report:
    """Look at settings, embedding model and store. Nothing is loaded or changed."""
    report = Report()
    say = report.lines.append
    say(f"factcheck   {__version__}, Python {platform.python_version()}, {sys.platform}")
    say(f"config file {config_file()}" + ("" if config_file().is_file() else " (none there)"))
    for key in ("store", "cache", "lang", "analyst", "model", "base_url"):
        value = getattr(settings, key)
        say(f"{key:<11} {value if value is not None else 'not set'}  [{settings.came_from[key]}]")
    say(f"api_key     {masked(settings.api_key)}  [{settings.came_from['api_key']}]")
    if settings.api_key or settings.base_url:
        say("            not used: this version analyses with local rules only")
    try:
        if settings.store.exists() and not settings.store.is_dir():
            raise StoreError(
                f"the store {settings.store} is a file, not a folder",
                hint="Give another folder with --store.",
            )
        with open_store(settings) as store:
            vector = store.embedder.queries(["factcheck"])
            say(f"embedding   {store.embedder.name}, {vector.shape[1]} dimensions: works")
            if not (settings.store / "catalog.sqlite3").exists():
                say("collection  none yet: the starter collection is loaded at first use")
            else:
                stats = store.stats()
                say(
                    f"collection  {stats['references']} reports, {stats['passages']} passages,"
                    f" newest {stats['newest']}: opens"
                )
    except FactcheckError as error:
        report.error = error
        say(f"problem     {error}")
    return report
