"""What a note cost, in one line."""

from __future__ import annotations

from factcheck.models import Usage


def line(usage: Usage) -> str:
    """Calls, tokens, seconds and price; empty where no model was asked."""
    if not usage.calls and not usage.replayed:
        return ""
    parts = [f"{usage.calls} model calls"]
    if usage.replayed:
        parts.append(f"{usage.replayed} answers from the cache")
    cached = f" ({usage.cached_tokens:,} cached)" if usage.cached_tokens else ""
    about = "about " if usage.estimated else ""
    parts.append(f"{about}{usage.input_tokens:,} tokens in{cached}, {usage.output_tokens:,} out")
    parts.append(f"{usage.seconds:.1f} s")
    if usage.usd is not None:
        parts.append(f"${usage.usd:.4f}")
    return " · ".join(parts)
