"""How many claims of an article each origin carries, and how many it carries alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from factcheck.models import Assessment, Verdict
from factcheck.sources import Register


@dataclass(frozen=True, slots=True)
class Carrier:
    """An origin and the supported claims that go back to it.

    Origins are counted by family, since OCHA and UNHCR are both of the UN; a family of which one
    member alone speaks goes by that member's name. `alone` are the ids of claims that nobody else
    bears out, `shared` those that others do too. `party` is one to a conflict.
    """

    origin: str
    alone: tuple[str, ...]
    shared: tuple[str, ...]
    party: bool = False

    @property
    def total(self) -> int:
        return len(self.alone) + len(self.shared)


def carriers(found: Sequence[Assessment], register: Register) -> tuple[Carrier, ...]:
    """The origins of the supported claims, those that carry most first."""
    alone: dict[str, list[str]] = {}
    shared: dict[str, list[str]] = {}
    members: dict[str, set[str]] = {}
    for a in found:
        if a.verdict is not Verdict.SUPPORTED:
            continue
        families = dict.fromkeys(register.family(o) for o in a.origins)
        for family in families:
            (alone if len(families) == 1 else shared).setdefault(family, []).append(a.claim.id)
        for origin in a.origins:
            members.setdefault(register.family(origin), set()).add(origin)
    out = [
        Carrier(
            next(iter(names)) if len(names) == 1 else family,
            tuple(alone.get(family, ())),
            tuple(shared.get(family, ())),
            register.is_party(family),
        )
        for family, names in members.items()
    ]
    return tuple(sorted(out, key=lambda c: (-c.total, -len(c.alone))))
