"""What is too long for a model is asked about in parts: halves of halves, down to single items.

Too long is a question that a server refuses for its length, and one whose answer was cut off. A part
is asked about as if it had been a question from the start, so no item is lost and none is judged
twice; each request counts against the budget. For n items that is at most 2n - 1 requests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from pydantic import BaseModel

from factcheck.errors import ConfigError, FactcheckError, InputError
from factcheck.provider import Provider, Question

Shape = TypeVar("Shape", bound=BaseModel)
Group = TypeVar("Group")
Item = TypeVar("Item")
_IN_VAIN = 2  # halvings after which an answer that is still cut off is endless, not long


class Asker:
    """Asks about groups for one step. `failed` hears of each error that stands in the end;
    `meanwhile` is work to do while waiting, see `Provider.ask_all`."""

    def __init__(
        self,
        provider: Provider,
        meanwhile: Iterator[None],
        failed: Callable[[FactcheckError], None],
    ) -> None:
        self._provider, self._meanwhile, self._failed = provider, meanwhile, failed

    def ask(
        self,
        groups: Sequence[Group],
        question: Callable[[Group], Question[Shape]],
        split: Callable[[Group], Sequence[Group]],
        *,
        cut_too: bool = True,
    ) -> Iterator[tuple[Group, Shape | FactcheckError]]:
        """Every group, or the parts it was `split` into, with its answer, as they come in.

        `split` gives the parts of a group, none where it has none; `cut_too` says whether a part's
        answer is shorter, so that it may end where the whole one was cut off. Raises ConfigError or InputError
        where the model cannot be set up.
        """
        rounds, fitted = 0, False
        while groups:
            questions = [question(g) for g in groups]
            smaller: list[Group] = []
            cut: list[tuple[int, FactcheckError]] = []
            for number, reply in self._provider.ask_all(questions, self._meanwhile):
                kind = getattr(reply, "kind", "")
                if kind == "truncated" and cut_too:
                    cut.append((number, reply))  # type: ignore[arg-type]
                elif kind == "context_overflow" and (parts := split(groups[number])):
                    self._provider.in_parts(questions[number], kind)
                    smaller += parts
                else:
                    fitted = fitted or not isinstance(reply, FactcheckError)
                    yield groups[number], self._told(reply)
            for number, error in cut:
                parts = split(groups[number]) if fitted or rounds < _IN_VAIN else ()
                if parts:
                    self._provider.in_parts(questions[number], "truncated")
                    smaller += parts
                else:
                    yield groups[number], self._told(error)
            groups, rounds = smaller, rounds + 1

    def stopped(self) -> FactcheckError | None:
        """The error of what is not done any more, reported like any other; None while work goes on."""
        if (error := self._provider.stopped()) is not None:
            self._failed(error)
        return error

    def _told(self, reply: Shape | FactcheckError) -> Shape | FactcheckError:
        if isinstance(reply, ConfigError | InputError):  # nothing can be asked at all
            raise reply
        if isinstance(reply, FactcheckError):
            self._failed(reply)
        return reply


def halves(group: Sequence[Item]) -> list[Sequence[Item]]:
    """Both halves of a group; none of a single item."""
    middle = len(group) // 2
    return [group[:middle], group[middle:]] if middle else []
