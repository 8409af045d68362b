"""A sentence that tells of a wish, a plan or an attempt bears out no claim that it was done."""

from __future__ import annotations

from factcheck import compare
from factcheck.analysts.local.elements import Pair
from factcheck.models import ClaimKind
from factcheck.reading import Placed
from factcheck.text import lexicon
from factcheck.text.wanted import scopes

_LIKE, _MOST = 0.5, 0.5  # likeness of a word that is met, and share of those that lie in a wish


def only_wanted(pair: Pair) -> bool:
    """Every act that the claim tells of as done stands in the sentence as wanted, planned, tried or
    possible. A claim of a wish or of what is to come is none of it."""
    own, theirs = pair.own, pair.theirs
    wishes = scopes(theirs.text, theirs.language)
    if not wishes or pair.claim.kind is ClaimKind.PREDICTION or _of_a_wish(pair):
        return False
    acts = compare.actions(own)
    shared = [
        m.start
        for m in theirs.mentions
        if m.concept.kind in ("action", "state") and compare.alike(m.concept.name) & acts
    ]
    if shared:
        return all(_inside(at, wishes) for at in shared)
    side = pair.aligned
    if side is None:
        return False
    plain = lexicon.function_words(own.language)
    named: list[Placed] = [*own.names, *own.sources, *own.figures, *own.dates]
    met = [
        there[0]
        for (a, b), there, near in zip(side.spans, side.theirs, side.nearest, strict=True)
        if near >= _LIKE
        and own.text[a:b].casefold() not in plain
        and not any(n.start < b and a < n.end for n in named)
    ]
    return bool(met) and sum(_inside(at, wishes) for at in met) >= _MOST * len(met)


def _of_a_wish(pair: Pair) -> bool:
    """The claim itself tells of a wish, or of what is to come."""
    own, said = pair.own, pair.said or pair.own
    if scopes(own.text, own.language) or scopes(said.text, said.language):
        return True
    low = own.text.casefold()
    ahead = lexicon.phrases(own.language, "predictions")
    return any(w.text.casefold() in ahead for w in own.words) or any(
        " " in p and p in low for p in ahead
    )


def _inside(at: int, stretches: tuple[tuple[int, int], ...]) -> bool:
    return any(start <= at < end for start, end in stretches)
