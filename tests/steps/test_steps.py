"""Extract, find, judge and write, with analysts that answer as told."""

from __future__ import annotations

from factcheck.analysts.base import ClaimDraft, SentenceDraft, Writing
from factcheck.analysts.local import LocalAnalyst
from factcheck.models import (
    Article,
    ClaimKind,
    LedgerKind,
    Pointer,
    Proposal,
    Provenance,
    Sentence,
    Stance,
    Usage,
)
from factcheck.sources import Register
from factcheck.steps import extract, find, judge, verify, write
from factcheck.text.split import sentences


class Scripted:
    """An analyst that gives the answers it was made with."""

    name, model = "scripted", "none"

    def __init__(self, drafts=(), proposals=(), writing=None):
        self.drafts, self.proposals, self.writing = drafts, proposals, writing

    def extract(self, article, spans):
        return self.drafts

    def judge(self, tasks, done):
        return self.proposals

    def write(self, article, found, language):
        return self.writing or Writing(rationales={}, summary=())

    def usage(self):
        return Usage()

    def prompts(self):
        return {}

    def faults(self):
        return ()


def article(text: str, language: str = "en") -> Article:
    return Article(text=text, sha256="0" * 64, language=language)


TEXT = "The army took Safira. Nobody said so twice, so so. The end of it."


def draft(anchor: str, sentence: int = 0, near: int = 0) -> ClaimDraft:
    return ClaimDraft(
        sentence=sentence, anchor=anchor, statement=anchor, kind=ClaimKind.EVENT, near=near
    )


def claimed(*drafts: ClaimDraft) -> SentenceDraft:
    return SentenceDraft(kind=LedgerKind.CLAIM, claims=drafts)


def test_anchors_are_found_or_refused_in_the_open() -> None:
    drafts = [claimed(draft("army took")), claimed(draft("words that are not there", 1)), claimed()]
    claims, ledger = extract.extract(article(TEXT), Scripted(drafts))
    assert [TEXT[c.start : c.end] for c in claims] == ["army took"] == [c.said for c in claims]
    assert [e.kind for e in ledger] == [LedgerKind.CLAIM, LedgerKind.FAILED, LedgerKind.CLAIM]
    assert "not found" in ledger[1].reason


def test_an_anchor_never_reaches_into_another_sentence() -> None:
    drafts = [claimed(draft("Nobody said")), claimed(), claimed()]
    claims, ledger = extract.extract(article(TEXT), Scripted(drafts))
    assert claims == () and ledger[0].kind is LedgerKind.FAILED


def test_of_two_places_the_nearer_one_is_taken() -> None:
    drafts = [claimed(), claimed(draft("so", 1, near=26)), claimed()]
    claims, _ = extract.extract(article(TEXT), Scripted(drafts))
    assert claims[0].start == TEXT.rindex("so")


def test_sentences_that_the_analyst_left_out_are_failed_not_lost() -> None:
    _, ledger = extract.extract(article(TEXT), Scripted([claimed(draft("army took"))]))
    assert [e.kind for e in ledger] == [LedgerKind.CLAIM, LedgerKind.FAILED, LedgerKind.FAILED]


def test_every_sentence_lands_in_the_ledger_once() -> None:
    made = article(TEXT + "\n\nRead also: more\n\n12/11/2013\n\nWhy?")
    _, ledger = extract.extract(made, LocalAnalyst())
    assert [(e.start, e.end) for e in ledger] == [
        (s.start, s.end) for s in sentences(made.text, "en")
    ]


def test_pointers_at_nothing_are_dropped_and_missing_answers_are_errors() -> None:
    drafts = [claimed(draft("army took")), claimed(draft("said so", 1)), claimed()]
    claims, _ = extract.extract(article(TEXT), Scripted(drafts))
    answers = [Proposal(claim="c1", pointers=(Pointer(evidence=7, stance=Stance.SUPPORTS),))]
    out = judge.judge(article(TEXT), claims, [(), ()], Scripted(proposals=answers))
    assert out[0].pointers == () and out[0].error is None
    assert out[1].error


def test_a_sentence_with_a_figure_that_its_citations_do_not_hold_is_struck(checker) -> None:
    made = article("SOHR said on 31 October 2013 that 120,296 people had been killed in Syria.")
    claims, ledger = extract.extract(made, LocalAnalyst())
    found = find.find(claims, made, checker.store)
    proposals = judge.judge(made, claims, [f.evidence for f in found], LocalAnalyst())
    register = Register.load()
    done = [
        verify.verify(c, f.evidence, f.timeline, p, made, register)
        for c, f, p in zip(claims, found, proposals, strict=True)
    ]
    cited = next(a for a in done if a.citations)
    id = cited.citations[0].id
    writing = Writing(
        rationales={cited.claim.id: (
            Sentence(text="It is 120,296.", citations=(id,)),
            Sentence(text="It is 999,999.", citations=(id,)),
            Sentence(text="Nothing cited."),
            Sentence(text="Wrong pointer.", citations=("c9.k9",)),
        )},
        summary=(),
    )  # fmt: skip
    references = {e.reference.id: e.reference for f in found for e in (*f.evidence, *f.timeline)}
    note = write.write(
        made, ledger, done, references, analyst=Scripted(writing=writing), language="en",
        collection=103, provenance=Provenance(analyst="scripted", model=None), usage=Usage,
    )  # fmt: skip
    rationale = next(a.rationale for a in note.assessments if a.claim.id == cited.claim.id)
    assert [s.status for s in rationale] == ["cited", "struck", "uncited", "struck"]


def test_retrieval_crosses_languages(checker) -> None:
    for text, language, wanted in [
        ("Tentara Suriah merebut kota Tal Aran pada Senin.", "id", {"F011", "F012"}),
        ("قال المرصد السوري إن عدد القتلى بلغ ١٢٠٬٢٩٦.", "ar", {"F058"}),
        ("El tifón Haiyan golpeó el centro de Filipinas el viernes.", "es", {"F087"}),
        ("Die WHO fand Polioviren bei Kindern in Deir al-Sor.", "de", {"F078", "F079"}),
    ]:
        made = article(text, language)
        claims, _ = extract.extract(made, LocalAnalyst())
        found = find.find(claims, made, checker.store)
        best = [e.reference.id for e in found[0].evidence][:5]
        assert wanted & set(best), (text, best)


def test_copies_of_one_sentence_are_shown_once(own_store, shared_cache) -> None:
    from datetime import date

    from factcheck.collection import open_store
    from factcheck.models import Reference
    from factcheck.settings import Settings

    text = "Rebels in the town of Bidama handed over forty lorries of flour to the bakery."
    with open_store(Settings.load(store=own_store, cache=shared_cache)) as store:
        store.add([
            Reference(id=f"X{i}", publisher=f"Outlet {i}", kind="newspaper", title="Flour", text=text,
                      published=date(2013, 11, 9 - i), language="en")
            for i in range(3)
        ])  # fmt: skip
        made = article(text)
        claims, _ = extract.extract(made, LocalAnalyst())
        evidence = find.find(claims, made, store)[0].evidence
    copies = [e for e in evidence if e.passage.text == text]
    assert len(copies) == 1
    assert copies[0].reference.id == "X2" and set(copies[0].near_copies) == {"X0", "X1"}
