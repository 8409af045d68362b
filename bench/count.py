"""Token counts of what was sent, several ways.

The server's own (four characters a token) and bytes of UTF-8 by four are the usual estimates. Bytes
by three is a pessimistic one, for tokenizers that cut Arabic or Indonesian finely. Where the package
bpe-openai is installed, o200k_base counts for real.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from bench.served import Call


@dataclass(frozen=True, slots=True)
class Spent:
    """The calls of one article. `forms`: the asked forms, which servers may add to the input."""

    calls: int
    server: int
    bytes4: int
    bytes3: int
    real: int | None
    forms: int
    output: int
    longest: int  # output tokens of the longest answer


def spent(calls: Sequence[Call]) -> Spent:
    """What an article cost."""
    count = _tokenizer()
    return Spent(
        calls=len(calls),
        server=sum(c.prompt_tokens for c in calls),
        bytes4=sum(len(c.sent.encode()) // 4 for c in calls),
        bytes3=sum(len(c.sent.encode()) // 3 for c in calls),
        real=sum(count(c.sent) for c in calls) if count else None,
        forms=sum(count(c.form) if count else len(c.form) // 3 for c in calls),
        output=sum(c.output_tokens for c in calls),
        longest=max((c.output_tokens for c in calls), default=0),
    )


@cache
def _tokenizer() -> Callable[[str], int] | None:
    try:
        from bpe_openai import get_encoding  # type: ignore[import-not-found]
    except ImportError:
        return None
    encoding = get_encoding("o200k_base")
    return lambda text: len(encoding.encode(text))
