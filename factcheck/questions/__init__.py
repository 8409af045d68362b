"""Questions about an article and the collection: what is meant, what is found, what is answered."""

from factcheck.questions.answering import answer, passages
from factcheck.questions.asking import condensed, meant
from factcheck.questions.records import Answer, Turn

__all__ = ["Answer", "Turn", "answer", "condensed", "meant", "passages"]
