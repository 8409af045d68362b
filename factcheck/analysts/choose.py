"""The analyst that the settings ask for."""

from __future__ import annotations

from dataclasses import replace

from factcheck.analysts.base import Analyst
from factcheck.analysts.llm import LlmAnalyst
from factcheck.analysts.local import LocalAnalyst
from factcheck.errors import ConfigError, UsageError
from factcheck.provider import Limits, Meter, Price, Provider, price_of
from factcheck.provider.chat import OPENAI, served
from factcheck.settings import MODEL, Settings


def meter_for(settings: Settings, limits: Limits | None) -> Meter:
    """A meter that several analysts may share by its parts, so that limits hold for all together.

    Raises ConfigError when a budget in dollars is set and the model's price is not known.
    """
    named = settings if settings.analyst == "local" else _named(settings)
    return Meter(limits or Limits(), _price(named))


def analyst_for(
    settings: Settings,
    limits: Limits | None = None,
    *,
    cache: bool = True,
    meter: Meter | None = None,
) -> Analyst:
    """The local rules, or a language model behind the provider door.

    `meter` counts in the place of one made of `limits`. Raises ConfigError when no model can be
    chosen or the price for a budget is not known.
    """
    if settings.analyst == "local":
        if limits and limits != Limits():
            raise UsageError(
                "a budget is given, but the local analyst asks no model",
                hint="Leave it out, or choose a model with --model.",
            )
        return LocalAnalyst()
    settings = _named(settings)
    assert settings.model
    return LlmAnalyst(
        Provider(
            settings.model,
            base_url=settings.base_url,
            api_key=settings.api_key,
            timeout=settings.timeout,
            max_tokens=settings.max_tokens,
            retries=settings.retries,
            concurrency=settings.concurrency,
            limits=limits,
            price=_price(settings),
            meter=meter,
            answers=settings.cache / "answers" if cache else None,
            memory=settings.cache / "servers",
        )
    )


def _named(settings: Settings) -> Settings:
    return replace(settings, model=settings.model or _found(settings))


def _found(settings: Settings) -> str:
    """The model of a server that serves one, or the default of OpenAI."""
    if settings.base_url and settings.base_url.rstrip("/") != OPENAI:
        models = served(settings.base_url, settings.api_key)
        if len(models) == 1:
            return models[0]
        raise ConfigError(
            f"no model is named, and {settings.base_url} offers {len(models)}"
            + (f": {', '.join(models[:8])}" if models else ""),
            hint="Choose one with --model or FACTCHECK_MODEL.",
        )
    if settings.api_key:
        return MODEL
    raise ConfigError(
        "the analyst `llm` needs a model",
        hint="Set OPENAI_API_KEY, or OPENAI_BASE_URL and --model; or use --analyst local.",
    )


def _price(settings: Settings) -> Price | None:
    """What the model costs; a server of one's own has the price that the settings name, or none."""
    table = {name: Price(*values) for name, values in settings.prices.items()}
    own = bool(settings.base_url) and (settings.base_url or "").rstrip("/") != OPENAI
    if own and "prices" not in settings.came_from:
        return None
    return price_of(settings.model or "", table)
