"""An answer, and a question with its answer as it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from factcheck import snippets
from factcheck.models import Citation, Sentence


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: cited sentences, or none and what is `missing`.

    `asked` is the question as it was searched for; `searched` how many passages were looked at;
    `narrowed` what the search was narrowed to; `by` "model" or "passages"; `fault` what a model
    failed at.
    """

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    missing: str
    asked: str
    searched: int
    narrowed: tuple[str, ...]
    language: str
    by: str
    claims: tuple[str, ...] = ()  # the claims that it speaks of
    fault: str = ""

    @property
    def text(self) -> str:
        """The answer as plain text, without its citations."""
        told = " ".join(s.text for s in self.sentences if s.status != "struck")
        return told or self.missing

    def _repr_html_(self) -> str:
        cited = [(c.id, c.quote, c.publisher, c.published or "") for c in self.citations]
        return snippets.paragraph(self.text) + snippets.table(
            ("", "quotation", "publisher", "published"), cited
        )


class _Shape(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True, strict=True)

    question: str
    asked: str
    answer: str
    claims: list[str] = []
    language: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer. `asked` is the question complete without what came before."""

    question: str
    asked: str
    answer: Answer | None = None
    said: str = ""  # the answer's text, of a turn that was loaded
    claims: tuple[str, ...] = ()
    language: str = ""

    def to_json(self) -> dict[str, Any]:
        text = self.answer.text if self.answer else self.said
        return {
            "question": self.question,
            "asked": self.asked,
            "answer": text,
            "claims": list(self.claims),
            "language": self.language,
        }

    @classmethod
    def from_json(cls, data: Any) -> Turn:
        """The turn that `to_json` wrote. Raises ValueError (pydantic's) where it is none."""
        t = _Shape.model_validate(data)
        return cls(question=t.question, asked=t.asked, said=t.answer, claims=tuple(t.claims),
                   language=t.language)  # fmt: skip
