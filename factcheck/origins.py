"""Who is behind what: speakers of a claim, origins of a piece of evidence, and whether they fit.

Copies of one origin are one confirmation, and "X said so" is two questions: whether X said it, and
whether it is so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from factcheck.evidence import read_evidence
from factcheck.models import Claim, ClaimKind, Evidence
from factcheck.reading import Reading
from factcheck.sources import Register


def speakers(claim: Claim) -> frozenset[str]:
    """The known sources that the article names as speakers of a claim."""
    return frozenset(a.source for a in claim.attribution if a.role == "speaker" and a.source)


def origins_of(evidence: Evidence, register: Register) -> tuple[str, ...]:
    """The origins of a sentence: those of its report that the sentence names, else all of them.

    A report without known origin is one of its own: its publisher.
    """
    reference = evidence.reference
    if not reference.origins:
        return (register.canonical(reference.publisher),)
    origins = tuple(register.canonical(o) for o in reference.origins)
    named = read_evidence(evidence).source_names
    own = tuple(o for o in origins if o in named)
    return own or origins


def named_in(evidence: Evidence, register: Register) -> frozenset[str]:
    """All sources that a piece of evidence names or comes from."""
    named = set(read_evidence(evidence).source_names) | set(origins_of(evidence, register))
    for text in (evidence.reference.publisher, evidence.reference.title):
        named |= {n.source.short for n in register.find(text)}
    return frozenset(named)


def misattributed(claim: Claim, supports: Sequence[Evidence], register: Register) -> bool:
    """The article names a known speaker whom none of the supporting reports names.

    The head of a family is confirmed by any of its members (the UN by OCHA), and so is a party by
    any voice of it (state television by the state agency); another member by itself or the head.
    """
    wanted = {s for s in speakers(claim) if _institution(s, register)}
    if not wanted:
        return False
    named = frozenset(n for e in supports for n in named_in(e, register))
    for speaker in wanted:
        head = register.family(speaker)
        members = {n for n in named if register.family(n) == head}
        voices = speaker == head or register.is_party(speaker)
        if speaker in named or (voices and members):
            return False
        if members == {head}:
            return False
    return True


# What either side of a conflict tells to its own advantage: who holds what, who lost whom.
_CONTESTED = frozenset(
    "capture retake lose_control control contested withdraw advance besiege lift_siege secure attack "
    "defend clash bombard drop_barrel_bombs shoot_down surrender storm_raid kill die injure kidnap "
    "arrest release execute behead destroy damage expel deploy support_back fight_alongside".split()
)


def party_alone(
    claim: Claim, own: Reading, supports: Sequence[Evidence], register: Register
) -> bool:
    """The article tells an act of war as a fact, or of somebody without a name, and only parties
    bear it out: that it was said is confirmed, that it is so is not. What the article gives as a
    party's own word is another question: whether it said so; and what a party decided, announced or
    is may be known from itself. `own` is the claim, read."""
    if claim.kind in (ClaimKind.STATEMENT, ClaimKind.PREDICTION):
        return False
    if not own.concepts & _CONTESTED:
        return False
    if any(_institution(s, register) for s in speakers(claim)):
        return False
    return all(_of_a_party(e, register) for e in supports)


def _of_a_party(evidence: Evidence, register: Register) -> bool:
    """The sentence is a party's word, or only relays the statement of somebody who is no body of
    standing ("their joint declaration said")."""
    origins = origins_of(evidence, register)
    if all(register.is_party(o) for o in origins):
        return True
    return _relays(evidence) and not any(
        _institution(o, register) and not register.is_party(o) for o in origins
    )


_VOICES = frozenset("statement_communique letter audio_recording video speech".split())
_OPENING = 6  # words


def _relays(evidence: Evidence) -> bool:
    """The sentence itself only tells what a statement said ("Their joint declaration said ...")."""
    theirs = read_evidence(evidence)
    if len(theirs.words) <= _OPENING:
        return False
    end = theirs.words[_OPENING].start
    return any(m.concept.name in _VOICES and m.start < end for m in theirs.mentions)


def _institution(name: str, register: Register) -> bool:
    """A body that would be named if it were the source; "activists" would not."""
    source = register.named(name)
    return source is not None and source.kind not in ("person_or_group", "other")


def families(evidence: Iterable[Evidence], register: Register) -> frozenset[str]:
    """The heads of the families that the evidence comes from: how many origins it really has."""
    return frozenset(register.family(o) for e in evidence for o in origins_of(e, register))
