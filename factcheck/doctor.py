"""What is configured, where each value came from, and whether the parts work."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from factcheck._version import __version__
from factcheck.analysts.choose import analyst_for
from factcheck.analysts.llm import LlmAnalyst
from factcheck.collection import open_store
from factcheck.errors import FactcheckError, StoreError
from factcheck.prompts import Prompt
from factcheck.provider import Memory, Question
from factcheck.settings import Settings, config_file, masked
from factcheck.text.scrub import one_line


@dataclass
class Report:
    """Lines to show, and the first error met (None when all is well)."""

    lines: list[str] = field(default_factory=list)
    error: FactcheckError | None = None


class _Probe(BaseModel):
    """The shape of the probe's answer."""

    model_config = ConfigDict(extra="forbid")

    ready: bool


_PROBE = Prompt(
    name="probe", version=1, inputs=("boundary",), output="_Probe", sha256="0" * 64,
    system='Answer with the JSON object {"ready": true} and nothing else.', user="Ready?",
)  # fmt: skip


def examine(settings: Settings, *, probe: bool = False) -> Report:
    """Look at settings, embedding model, store and model. Nothing is loaded or changed.

    `probe` sends the model one short request.
    """
    report = Report()
    say = report.lines.append
    say(f"factcheck   {__version__}, Python {platform.python_version()}, {sys.platform}")
    say(f"config file {config_file()}" + ("" if config_file().is_file() else " (none there)"))
    for key in ("store", "cache", "lang", "analyst", "model", "base_url", "timeout",
                "concurrency", "retries", "max_tokens", "embedding_url"):  # fmt: skip
        value = getattr(settings, key)
        say(f"{key:<11} {value if value is not None else 'not set'}  [{settings.came_from[key]}]")
    say(f"api_key     {masked(settings.api_key)}  [{settings.came_from['api_key']}]")
    for key in ("embedding_key", "store_token", "chroma_api_key"):
        if value := getattr(settings, key):
            say(f"{key:<11} {masked(value)}  [{settings.came_from[key]}]")
    say(f"newsroom    {settings.newsroom.name or 'not set (docs/note.md)'}")
    try:
        _model(settings, say, probe=probe)
    except FactcheckError as error:
        report.error = error
        say(f"problem     {one_line(str(error))}")
    try:
        where = settings.store
        if isinstance(where, Path) and where.exists() and not where.is_dir():
            raise StoreError(
                f"the store {where} is a file, not a folder",
                hint="Give another folder with --store.",
            )
        with open_store(settings) as store:
            vector = store.embedder.queries(["factcheck"])
            if store.embedder.name == "none":
                say("embedding   none: found by words, names and figures alone")
            else:
                say(
                    f"embedding   {store.embedder.name}, {vector.shape[1]} dimensions: works"
                    f"  [{settings.came_from['embedding']}]"
                )
            if isinstance(where, Path) and not (where / "catalog.sqlite3").exists():
                say("collection  none yet: the starter collection is loaded at first use")
            else:
                stats = store.stats()
                say(
                    f"collection  {stats['references']} reports, {stats['passages']} passages,"
                    f" newest {stats['newest']}: opens"
                )
                if stats["outdated"]:
                    say("            filed by an older version: factcheck refs reindex renews it")
                if stats["reindexing"]:
                    say(
                        f"            being embedded with {stats['reindexing']}: factcheck refs"
                        " reindex goes on with it"
                    )
    except FactcheckError as error:
        report.error = report.error or error
        say(f"problem     {error}")
    return report


def _model(settings: Settings, say: Callable[[str], None], *, probe: bool) -> None:
    """The model that would be asked, where, and in which way."""
    analyst = analyst_for(settings, cache=False)
    if not isinstance(analyst, LlmAnalyst):
        say("model       none: rules analyse")
        return
    provider = analyst.provider
    try:
        if probe:
            provider.ask(Question(prompt=_PROBE, values={}, shape=_Probe))
        known = Memory(settings.cache / "servers", provider.address, provider.model).recall()
        found = known or provider.features
        say(
            f"model       {provider.model} at {one_line(provider.address)}: "
            + (f"structured output by {found.format}" if known else "not asked yet (--probe asks)")
        )
        if known:
            length = found.tokens_field or "the server's own limit"
            say(
                f"            streaming {_yes(found.stream)}, temperature {_yes(found.temperature)},"
                f" length by {length}"
            )
    finally:
        analyst.close()


def _yes(value: bool) -> str:
    return "yes" if value else "no"
