"""Settings, each with where it came from: flag, environment, file or default.

Environment: FACTCHECK_STORE, FACTCHECK_CACHE, FACTCHECK_LANG, FACTCHECK_ANALYST, FACTCHECK_MODEL,
FACTCHECK_TIMEOUT, FACTCHECK_CONCURRENCY, FACTCHECK_RETRIES, FACTCHECK_MAX_TOKENS, OPENAI_API_KEY,
OPENAI_BASE_URL, FACTCHECK_EMBEDDING, FACTCHECK_EMBEDDING_URL, FACTCHECK_EMBEDDING_PREFIXES,
FACTCHECK_EMBEDDING_KEY, FACTCHECK_STORE_TOKEN, CHROMA_API_KEY. File: `config.toml` in the user's
configuration folder (`factcheck doctor` prints where that is), which may also hold prices and the newsroom
(see `newsroom`). Keys and tokens come from the environment alone.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from platformdirs import user_cache_path, user_config_path, user_data_path
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from factcheck.errors import ConfigError, UsageError
from factcheck.newsroom import Newsroom, NewsroomValues

_ENVIRONMENT = {
    "store": "FACTCHECK_STORE",
    "cache": "FACTCHECK_CACHE",
    "lang": "FACTCHECK_LANG",
    "analyst": "FACTCHECK_ANALYST",
    "model": "FACTCHECK_MODEL",
    "api_key": "OPENAI_API_KEY",
    "base_url": "OPENAI_BASE_URL",
    "timeout": "FACTCHECK_TIMEOUT",
    "concurrency": "FACTCHECK_CONCURRENCY",
    "retries": "FACTCHECK_RETRIES",
    "max_tokens": "FACTCHECK_MAX_TOKENS",
    "embedding": "FACTCHECK_EMBEDDING",
    "embedding_url": "FACTCHECK_EMBEDDING_URL",
    "embedding_prefixes": "FACTCHECK_EMBEDDING_PREFIXES",
    "embedding_key": "FACTCHECK_EMBEDDING_KEY",
    "store_token": "FACTCHECK_STORE_TOKEN",
    "chroma_api_key": "CHROMA_API_KEY",
}
_SECRETS = ("api_key", "embedding_key", "store_token", "chroma_api_key")
NOTE_LANGUAGES = ("en", "id")
ANALYSTS = ("local", "llm")
MODEL = "gpt-4.1-mini"  # where a key is set and no model is named
# US dollars for a million tokens of input, of input that the server had cached, and of output, as
# OpenAI listed them in August 2025. The configuration file's [prices] come first.
PRICES = {
    "gpt-4.1": (2.00, 0.50, 8.00),
    "gpt-4.1-mini": (0.40, 0.10, 1.60),
    "gpt-4.1-nano": (0.10, 0.025, 0.40),
    "gpt-4o": (2.50, 1.25, 10.00),
    "gpt-4o-mini": (0.15, 0.075, 0.60),
    "gpt-5": (1.25, 0.125, 10.00),
    "gpt-5-mini": (0.25, 0.025, 2.00),
    "gpt-5-nano": (0.05, 0.005, 0.40),
    "o4-mini": (1.10, 0.275, 4.40),
}


class _PriceValues(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    input: float = Field(ge=0)
    cached: float | None = Field(None, ge=0)
    output: float = Field(ge=0)


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, Path) else value


class _Values(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    store: Annotated[str, BeforeValidator(_as_text)]  # a folder or an address
    cache: Path
    lang: str | None = None
    analyst: str | None = None
    model: str | None = None
    api_key: str | None = None
    base_url: str | None = None
    timeout: float = Field(120.0, gt=0, le=3600)
    concurrency: int = Field(8, ge=1, le=64)
    retries: int = Field(2, ge=0, le=10)
    max_tokens: int = Field(6000, ge=16, le=200_000)
    embedding: str | None = None
    embedding_url: str | None = None
    embedding_prefixes: str | None = None
    embedding_key: str | None = None
    store_token: str | None = None
    chroma_api_key: str | None = None
    prices: dict[str, _PriceValues] = Field(default_factory=dict)
    newsroom: NewsroomValues | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run.

    `store` is a folder, or a server's address as text; `cache` is a folder. `lang` is the note's
    language (None: the article's if it is one of NOTE_LANGUAGES, else English). `analyst` is "local"
    or "llm"; where it is not set, a model, a key or an address chooses "llm". `timeout` is in seconds
    for one answer, `max_tokens` its longest length, `concurrency` the calls at once, `retries` the
    further tries of a call that failed. `embedding` names the embedding model (None: the store's own,
    else the one that ships); `embedding_url`, `embedding_key` and `embedding_prefixes`
    ("query: |passage: ") are for one on a server. `store_token` and `chroma_api_key` open a store on
    a server. `prices` are dollars for a million tokens (input, cached input, output) by model;
    `newsroom` is who signs and publishes; `came_from` names the origin of each value.
    """

    store: Path | str
    cache: Path
    lang: str | None
    analyst: str
    model: str | None
    api_key: str | None
    base_url: str | None
    timeout: float
    concurrency: int
    retries: int
    max_tokens: int
    prices: dict[str, tuple[float, float, float]]
    came_from: dict[str, str]
    embedding: str | None = None
    embedding_url: str | None = None
    embedding_prefixes: str | None = None
    embedding_key: str | None = None
    store_token: str | None = None
    chroma_api_key: str | None = None
    newsroom: Newsroom = field(default_factory=Newsroom)

    @classmethod
    def load(cls, **flags: Any) -> Settings:
        """Read the settings; a flag beats the environment, which beats the file.

        Raises ConfigError naming the setting and where its value came from; UsageError for a flag.
        """
        values: dict[str, Any] = {
            "store": user_data_path("factcheck") / "store",
            "cache": user_cache_path("factcheck"),
        }
        came_from = dict.fromkeys(_ENVIRONMENT, "default")
        file = config_file()
        for layer, source in (
            (_from_file(file), str(file)),
            ({k: os.environ[v] for k, v in _ENVIRONMENT.items() if os.environ.get(v)}, "env"),
            ({k: v for k, v in flags.items() if v is not None}, "flag"),
        ):
            for key, value in layer.items():
                values[key] = value
                came_from[key] = f"environment {_ENVIRONMENT[key]}" if source == "env" else source
        try:
            checked = _Values(**values)
        except ValidationError as error:
            first = error.errors()[0]
            key = str(first["loc"][0])
            where = ".".join(str(part) for part in first["loc"] if part != "[key]")
            raise ConfigError(
                f"setting `{where}` (from {came_from.get(key, file)}): {first['msg']}",
                hint="See `factcheck doctor`.",
            ) from error
        _one_of("lang", checked.lang, NOTE_LANGUAGES, came_from)
        _one_of("analyst", checked.analyst, ANALYSTS, came_from)
        if checked.analyst is None:
            reason = next((k for k in ("model", "api_key", "base_url") if values.get(k)), None)
            came_from["analyst"] = f"because {reason} is set" if reason else "default"
        return cls(
            store=_place(checked.store),
            cache=checked.cache.expanduser(),
            lang=checked.lang,
            analyst=checked.analyst
            or ("llm" if checked.model or checked.api_key or checked.base_url else "local"),
            model=checked.model,
            api_key=checked.api_key,
            base_url=checked.base_url,
            timeout=checked.timeout,
            concurrency=checked.concurrency,
            retries=checked.retries,
            max_tokens=checked.max_tokens,
            prices={
                **PRICES,
                **{
                    name: (p.input, p.input if p.cached is None else p.cached, p.output)
                    for name, p in checked.prices.items()
                },
            },
            came_from=came_from,
            embedding=checked.embedding,
            embedding_url=checked.embedding_url,
            embedding_prefixes=checked.embedding_prefixes,
            embedding_key=checked.embedding_key,
            store_token=checked.store_token,
            chroma_api_key=checked.chroma_api_key,
            newsroom=checked.newsroom.newsroom() if checked.newsroom else Newsroom(),
        )


def _place(store: str) -> Path | str:
    """A folder as a path, an address as the text that it is."""
    if "://" in store:
        return store
    return Path(store).expanduser()


def config_file() -> Path:
    """Where the user's configuration file is looked for."""
    return user_config_path("factcheck") / "config.toml"


def masked(key: str | None) -> str:
    """A key as it may be shown."""
    if not key:
        return "not set"
    return f"set, ends in {key[-4:]}" if len(key) > 12 else "set"


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            f"{path} cannot be read: {error}", hint='Write `name = "value"`, one a line.'
        ) from error
    for key in _SECRETS:
        if key in values:
            raise ConfigError(
                f"{path} holds an {key}" if key[0] in "ae" else f"{path} holds a {key}",
                hint=f"Keys are read from {_ENVIRONMENT[key]} alone.",
            )
    unknown = set(values) - set(_ENVIRONMENT) - {"prices", "newsroom"}
    if unknown:
        raise ConfigError(
            f"{path}: unknown setting `{sorted(unknown)[0]}`",
            hint=f"Known settings: {', '.join(k for k in _ENVIRONMENT if k not in _SECRETS)}.",
        )
    return values


def _one_of(
    key: str, value: str | None, allowed: tuple[str, ...], came_from: dict[str, str]
) -> None:
    if value is None or value in allowed:
        return
    hint = f"One of: {', '.join(allowed)}."
    if came_from[key] == "flag":
        raise UsageError(f"unknown {key} `{value}`", hint=hint)
    raise ConfigError(f"setting `{key}` (from {came_from[key]}) is `{value}`", hint=hint)
