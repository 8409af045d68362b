"""The door to language models; see `door`."""

from factcheck.provider.budget import Limits, Meter, Price, price_of
from factcheck.provider.door import Provider, Question
from factcheck.provider.features import Features, Memory

__all__ = ["Features", "Limits", "Memory", "Meter", "Price", "Provider", "Question", "price_of"]
