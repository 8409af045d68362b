"""Settings, each with where it came from: flag, environment, file or default.

Environment: FACTCHECK_STORE, FACTCHECK_CACHE, FACTCHECK_LANG, FACTCHECK_ANALYST, FACTCHECK_MODEL,
OPENAI_API_KEY, OPENAI_BASE_URL. File: `config.toml` in the user's configuration folder
(`factcheck doctor` prints where that is). Keys come from the environment alone.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path, user_config_path, user_data_path
from pydantic import BaseModel, ConfigDict, ValidationError

from factcheck.errors import ConfigError, UsageError

_ENVIRONMENT = {
    "store": "FACTCHECK_STORE",
    "cache": "FACTCHECK_CACHE",
    "lang": "FACTCHECK_LANG",
    "analyst": "FACTCHECK_ANALYST",
    "model": "FACTCHECK_MODEL",
    "api_key": "OPENAI_API_KEY",
    "base_url": "OPENAI_BASE_URL",
}
NOTE_LANGUAGES = ("en", "id")
ANALYSTS = ("local",)


class _Values(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    store: Path
    cache: Path
    lang: str | None = None
    analyst: str = "local"
    model: str | None = None
    api_key: str | None = None
    base_url: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run.

    `store` and `cache` are folders; `lang` is the note's language (None: the article's if it is
    one of NOTE_LANGUAGES, else English); `came_from` names the origin of each value.
    """

    store: Path
    cache: Path
    lang: str | None
    analyst: str
    model: str | None
    api_key: str | None
    base_url: str | None
    came_from: dict[str, str]

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
            raise ConfigError(
                f"setting `{key}` (from {came_from.get(key, file)}): {first['msg']}",
                hint="See `factcheck doctor`.",
            ) from error
        _one_of("lang", checked.lang, NOTE_LANGUAGES, came_from)
        _one_of("analyst", checked.analyst, ANALYSTS, came_from)
        return cls(
            store=checked.store.expanduser(),
            cache=checked.cache.expanduser(),
            lang=checked.lang,
            analyst=checked.analyst,
            model=checked.model,
            api_key=checked.api_key,
            base_url=checked.base_url,
            came_from=came_from,
        )


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
    if "api_key" in values:
        raise ConfigError(
            f"{path} holds an api_key", hint="Keys are read from OPENAI_API_KEY alone."
        )
    unknown = set(values) - set(_ENVIRONMENT)
    if unknown:
        raise ConfigError(
            f"{path}: unknown setting `{sorted(unknown)[0]}`",
            hint=f"Known settings: {', '.join(k for k in _ENVIRONMENT if k != 'api_key')}.",
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
