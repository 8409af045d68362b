"""What a run may spend, what it has spent, and what a model costs.

Limits are checked before each request, with the requests that are under way counted in, so that
several at once cannot overrun together by more than the last answer's length.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from factcheck.errors import BudgetReached, ConfigError
from factcheck.models import Usage


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens: fresh input, input that the server had cached, output."""

    input: float
    cached: float
    output: float

    def of(self, usage: Usage) -> float:
        """What `usage` costs, in dollars."""
        fresh = usage.input_tokens - usage.cached_tokens
        spent = (
            fresh * self.input
            + usage.cached_tokens * self.cached
            + usage.output_tokens * self.output
        )
        return spent / 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that a run may spend; None: no limit."""

    calls: int | None = None
    tokens: int | None = None
    usd: float | None = None


def price_of(model: str, table: Mapping[str, Price]) -> Price | None:
    """The price of a model, or of the model whose dated snapshot it is ("gpt-x-2025-04-14")."""
    if model in table:
        return table[model]
    dated = [name for name in table if model.startswith(f"{name}-20")]
    return table[max(dated, key=len)] if dated else None


class Meter:
    """Counts what requests cost and stops a run at its limits. May be used by several threads.

    A `part` of a meter counts its own requests and answers to the whole's limits.
    """

    def __init__(self, limits: Limits, price: Price | None, *, whole: Meter | None = None) -> None:
        if limits.usd is not None and price is None:
            raise ConfigError(
                "a budget in dollars is set, but the price of the model is not known",
                hint="Name it in the configuration file under [prices], or use --budget-tokens.",
            )
        self._limits, self._price, self._whole = limits, price, whole
        self._lock = threading.Lock()
        self._pending: dict[int, Usage] = {}
        self._next = 0
        self._spent = Usage(usd=0.0 if price else None)

    def part(self) -> Meter:
        """A meter of its own for one of several that spend from this one."""
        return Meter(Limits(), self._price, whole=self)

    def reserve(self, input_tokens: int, output_tokens: int) -> int:
        """Take room for one request of about that many tokens; give the ticket to `settle`.

        Raises BudgetReached when the request might pass a limit.
        """
        if self._whole:
            return self._whole.reserve(input_tokens, output_tokens)
        wanted = Usage(calls=1, input_tokens=input_tokens, output_tokens=output_tokens)
        with self._lock:
            total = self._total(wanted)
            limits = self._limits
            if limits.calls is not None and total.calls > limits.calls:
                self._stop(f"{limits.calls} calls", "--budget-calls")
            tokens = total.input_tokens + total.output_tokens
            if limits.tokens is not None and tokens > limits.tokens:
                self._stop(f"{limits.tokens} tokens", "--budget-tokens")
            if limits.usd is not None and self._price and self._price.of(total) > limits.usd:
                self._stop(f"{limits.usd} US dollars", "--budget-usd")
            self._next += 1
            self._pending[self._next] = wanted
            return self._next

    def settle(self, ticket: int, usage: Usage) -> None:
        """Put what a request really cost in the place of its reservation."""
        if self._whole:
            self._whole.settle(ticket, usage)
        with self._lock:
            self._pending.pop(ticket, None)
            self._spent = self._priced(added(self._spent, usage))

    def replayed(self) -> None:
        """An answer came out of the cache."""
        if self._whole:
            self._whole.replayed()
        with self._lock:
            self._spent = added(self._spent, Usage(replayed=1))

    def usage(self) -> Usage:
        """What was spent so far."""
        with self._lock:
            return self._spent

    def _total(self, wanted: Usage) -> Usage:
        total = added(self._spent, wanted)
        for pending in self._pending.values():
            total = added(total, pending)
        return total

    def _priced(self, usage: Usage) -> Usage:
        from dataclasses import replace

        return replace(usage, usd=self._price.of(usage)) if self._price else usage

    def _stop(self, limit: str, flag: str) -> None:
        raise BudgetReached(
            f"the budget of {limit} is reached",
            hint=f"What was done is kept. Give more with {flag}, or check a shorter article.",
        )


def added(a: Usage, b: Usage) -> Usage:
    """Both together. Seconds and dollars are kept from the first."""
    return Usage(
        calls=a.calls + b.calls,
        input_tokens=a.input_tokens + b.input_tokens,
        cached_tokens=a.cached_tokens + b.cached_tokens,
        output_tokens=a.output_tokens + b.output_tokens,
        replayed=a.replayed + b.replayed,
        seconds=a.seconds,
        usd=a.usd,
        estimated=a.estimated or b.estimated,
    )
