"""A sentence that tells of a wish, a plan or an attempt bears out no claim that it was done; one that
tells of a refusal or a failure stands against it."""

from __future__ import annotations

from factcheck import compare
from factcheck.analysts.local.elements import Pair
from factcheck.models import ClaimKind
from factcheck.reading import Placed, Reading
from factcheck.text import lexicon
from factcheck.text.lexicon import Mention
from factcheck.text.wanted import Stretches, governed, undone, wishes

_LIKE, _MOST = 0.5, 0.5  # likeness of a word that is met, and share of those that lie in a wish
_NAMES = 0.3  # likeness of a claim's word to the one that names a wanted act, if none is liker
_VERB_LAST = ("fa", "tr")


def only_wanted(pair: Pair) -> bool:
    """The act that the claim tells of as done stands in the sentence as wanted, planned, tried or
    possible. A claim of a wish or of what is to come is none of it."""
    theirs = pair.theirs
    here = wishes(theirs.text, theirs.language)
    if not here or pair.claim.kind is ClaimKind.PREDICTION or _of_a_wish(pair):
        return False
    return _names_it(pair, governed(theirs.text, theirs.language)) or _lies_in(pair, here)


def _names_it(pair: Pair, acts: Stretches) -> bool:
    """A word of the claim has its like in one that names the act which is wanted."""
    return any(_inside(at, acts) for at in _met(pair, None, _NAMES))


def not_done(pair: Pair) -> bool:
    """The sentence tells that the claim's act was refused, prevented or failed, and the claim does not."""
    theirs, said = pair.theirs, pair.said or pair.own
    here = undone(theirs.text, theirs.language)
    if not here or undone(said.text, said.language) or _of_a_wish(pair):
        return False
    return _lies_in(pair, here)


def _lies_in(pair: Pair, stretches: Stretches) -> bool:
    """The claim's main act stands in the stretches only; where no act of it is known, most of its words
    do."""
    main = _main_act(pair.own)
    if main:
        acts = compare.alike(main.concept.name)
        shared = [
            m.start
            for m in pair.theirs.mentions
            if m.concept.kind in ("action", "state") and compare.alike(m.concept.name) & acts
        ]
        if shared:
            return all(_inside(at, stretches) for at in shared)
    met = _met(pair, main)
    return bool(met) and sum(_inside(at, stretches) for at in met) >= _MOST * len(met)


def _main_act(own: Reading) -> Mention | None:
    """The first act that a claim tells of, in a language whose verb stands last the last one."""
    acts = [m for m in own.mentions if m.concept.kind == "action"]
    if not acts:
        return None
    return acts[-1] if own.language in _VERB_LAST else acts[0]


def _met(pair: Pair, main: Mention | None, least: float = _LIKE) -> list[int]:
    """Where the sentence has words for the claim's main act, else for all that it says beside names,
    days, figures and function words."""
    own, side = pair.own, pair.aligned
    if side is None:
        return []
    named: list[Placed] = [*own.names, *own.sources, *own.figures, *own.dates]
    plain = lexicon.function_words(own.language)
    met = [
        (a, b, there[0])
        for (a, b), there, near in zip(side.spans, side.theirs, side.nearest, strict=True)
        if near >= least
        and own.text[a:b].casefold() not in plain
        and not any(n.start < b and a < n.end for n in named)
    ]
    of_act = [at for a, b, at in met if main and a < main.end and main.start < b]
    return of_act or [at for _, _, at in met]


def _of_a_wish(pair: Pair) -> bool:
    """The claim itself tells of a wish, or of what is to come."""
    own, said = pair.own, pair.said or pair.own
    if wishes(own.text, own.language) or wishes(said.text, said.language):
        return True
    low = own.text.casefold()
    ahead = lexicon.phrases(own.language, "predictions")
    return any(w.text.casefold() in ahead for w in own.words) or any(
        " " in p and p in low for p in ahead
    )


def _inside(at: int, stretches: Stretches) -> bool:
    return any(start <= at < end for start, end in stretches)
