"""The shapes in which a language model answers. Anything else is refused; all of it is unchecked."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from factcheck.models import ClaimKind


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LinkShape(_Shape):
    who: str
    role: Literal["speaker", "outlet", "told"]


class LoadedShape(_Shape):
    term: str
    neutral: str


class ClaimShape(_Shape):
    anchor: str
    statement: str
    kind: Literal["event", "quantity", "statement", "prediction", "opinion"]
    chain: list[LinkShape]
    loaded: list[LoadedShape]

    @property
    def claim_kind(self) -> ClaimKind:
        return ClaimKind(self.kind)


class SentenceShape(_Shape):
    n: int
    kind: Literal["claim", "opinion", "background", "boilerplate"]
    reason: str
    claims: list[ClaimShape]


class ExtractReply(_Shape):
    """What the model makes of numbered sentences."""

    sentences: list[SentenceShape]


class PointerShape(_Shape):
    e: int
    stance: Literal["supports", "contradicts", "qualifies"]
    aspect: Literal["so", "said"]
    differs: Literal["", "figure", "date", "place", "direction", "speaker", "other"]


class JudgedShape(_Shape):
    claim: int
    pointers: list[PointerShape]


class JudgeReply(_Shape):
    """Stances of evidence sentences, by claim."""

    claims: list[JudgedShape]


class WordsShape(_Shape):
    text: str
    cites: list[str]


class WrittenShape(_Shape):
    claim: str
    sentences: list[WordsShape]


class WriteReply(_Shape):
    """Explanations of claims, and a summary where one was asked for."""

    claims: list[WrittenShape]
    summary: list[WordsShape]


class AnsweredShape(_Shape):
    text: str
    cites: list[int]


class AnswerReply(_Shape):
    """An answer to an editor's question from numbered sentences."""

    sentences: list[AnsweredShape]
    missing: str
