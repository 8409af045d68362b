"""From the text of an answer to a validated value: strict about content, lenient about wrapping.

A model may think aloud, fence its JSON or put prose around it; the JSON object itself must be
whole and must have the asked shape. Nothing is repaired, guessed or evaluated here.
"""

from __future__ import annotations

import itertools
import json
import re
from typing import TypeVar

from pydantic import BaseModel, ValidationError

Shape = TypeVar("Shape", bound=BaseModel)

_THOUGHTS = tuple(
    (re.compile(f"<{tag}>", re.IGNORECASE), re.compile(f"</{tag}>", re.IGNORECASE))
    for tag in ("think", "thinking", "reasoning")
)
_FENCED = re.compile(r"```(?:json)?\s*\n(.*?)\n?\s*```", re.DOTALL)
_OPENING = re.compile(r'\{\s*["}]')
_TRIES = 24  # places at which an object may begin
_FAULTS = 5  # named in a complaint


class Malformed(ValueError):
    """The text holds no value of the asked shape; `str` says why, for the model's second try."""


def parse(text: str, shape: type[Shape]) -> Shape:
    """The value in `text`. Raises Malformed."""
    bare = _without_thoughts(text).strip()
    if not bare:
        raise Malformed("the answer is empty")
    complaint = ""
    for candidate in _candidates(bare):
        try:
            return shape.model_validate(candidate)
        except ValidationError as error:
            complaint = complaint or _said(error)
    raise Malformed(complaint or "the answer holds no complete JSON object")


def _candidates(text: str) -> list[object]:
    """JSON objects in the text: the whole of it, a fenced block, or from the first brace on."""
    found: list[object] = []
    for part in (text, *_FENCED.findall(text)):
        try:
            found.append(_load(part))
        except ValueError:
            continue
    if found:
        return found
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    for m in itertools.islice(_OPENING.finditer(text), _TRIES):
        try:
            value, _ = decoder.raw_decode(text[m.start() :])
        except (ValueError, RecursionError):
            continue
        return [value]
    return []


def _without_thoughts(text: str) -> str:
    """The text without what a model thought aloud; read once, however often it opens."""
    for opening, closing in _THOUGHTS:
        start = opening.search(text)
        ends = [m.end() for m in closing.finditer(text)]
        if start and ends and ends[-1] > start.start():
            text = text[: start.start()] + text[ends[-1] :]
    return text


def _load(text: str) -> object:
    try:
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _said(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_input=False)[:_FAULTS]
    return "; ".join(f"{'.'.join(map(str, f['loc'])) or 'answer'}: {f['msg']}" for f in faults)
