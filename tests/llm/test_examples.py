"""The examples in the prompts obey the rules that the prompts teach, checked by the code that will
check the model's answers: a wrong example teaches a wrong habit."""

from __future__ import annotations

import re
from datetime import date

import pytest
from pydantic import BaseModel

from factcheck import prompts
from factcheck.analysts.base import ClaimDraft
from factcheck.analysts.llm import shapes
from factcheck.analysts.llm.extract import _claim
from factcheck.grounds import Ground, Grounds, unproven
from factcheck.models import Article, Span
from factcheck.provider.chat import tokens
from factcheck.text.machine import addresses_machine
from factcheck.text.quotes import anchor

_BLOCK = re.compile(r"```(text|json)\n(.*?)\n```", re.DOTALL)
_CODES = {"Indonesian": "id", "Arabic": "ar", "English": "en", "French": "fr", "Spanish": "es"}
SHAPES: dict[str, type[BaseModel]] = {
    "extract": shapes.ExtractReply,
    "judge": shapes.JudgeReply,
    "write": shapes.WriteReply,
    "answer": shapes.AnswerReply,
}


def blocks(name: str, kind: str) -> list[str]:
    return [m[2] for m in _BLOCK.finditer(prompts.load(name).system) if m[1] == kind]


@pytest.mark.parametrize("name", SHAPES)
def test_every_example_has_the_shape_that_is_asked_for(name: str) -> None:
    assert prompts.load(name).output == SHAPES[name].__name__
    answers = blocks(name, "json")
    assert answers, "a prompt without an example"
    for answer in answers:
        SHAPES[name].model_validate_json(answer)


@pytest.mark.parametrize("name", SHAPES)
def test_no_prompt_is_taken_for_an_attack_on_itself(name: str) -> None:
    for text in blocks(name, "text"):
        assert not [line for line in text.splitlines() if addresses_machine(line)]


def test_the_examples_are_in_several_languages() -> None:
    everything = "".join(prompts.load(n).system for n in SHAPES)
    assert re.search("[\u0600-\u06ff]{4}", everything)
    assert "Indonesian" in everything and "Selon" in everything


def extraction() -> list[tuple[str, date, list[str], shapes.ExtractReply]]:
    system = prompts.load("extract").system
    heads = re.findall(r"^Example, (\w+), published (\S+):$", system, re.MULTILINE)
    out = []
    for (language, day), text, answer in zip(
        heads, blocks("extract", "text"), blocks("extract", "json"), strict=True
    ):
        lines = [re.sub(r"^\[\d+\] ", "", line) for line in text.splitlines()]
        reply = shapes.ExtractReply.model_validate_json(answer)
        out.append((_CODES[language], date.fromisoformat(day), lines, reply))
    return out


def test_extraction_lists_every_sentence_once() -> None:
    for _, _, lines, reply in extraction():
        assert [s.n for s in reply.sentences] == list(range(1, len(lines) + 1))


def test_extraction_anchors_and_loaded_terms_are_there() -> None:
    for _, _, lines, reply in extraction():
        for sentence in reply.sentences:
            line = lines[sentence.n - 1]
            assert bool(sentence.claims) == (sentence.kind in ("claim", "opinion"))
            for claim in sentence.claims:
                assert len(anchor(claim.anchor, line)) == 1, claim.anchor
                assert all(anchor(x.term, claim.anchor) for x in claim.loaded)


def test_extraction_statements_stand_on_the_article() -> None:
    for language, day, lines, reply in extraction():
        text = "\n".join(lines)
        article = Article(text=text, sha256="0" * 64, language=language, published=day)
        for sentence in reply.sentences:
            start = text.index(lines[sentence.n - 1])
            span = Span(start, start + len(lines[sentence.n - 1]))
            for claim in sentence.claims:
                draft: ClaimDraft = _claim(claim, sentence.n - 1, language)
                checked = Grounds(article).checked(draft, span)
                assert checked.statement == draft.statement, "a figure or a date out of nowhere"
                assert checked.attribution == draft.attribution


def test_judging_points_at_offered_sentences_alone() -> None:
    claims, evidence = blocks("judge", "text")
    looks = {
        int(line.split(" | ")[0]): {int(n) for n in line.rsplit("look at: ", 1)[1].split()}
        for line in claims.splitlines()
    }
    numbers = {int(line.split(" | ")[0]) for line in evidence.splitlines()}
    reply = shapes.JudgeReply.model_validate_json(blocks("judge", "json")[0])
    assert [j.claim for j in reply.claims] == list(looks)
    for judged in reply.claims:
        pointed = [p.e for p in judged.pointers]
        assert set(pointed) <= looks[judged.claim] <= numbers
        assert len(pointed) == len(set(pointed))
        assert all((p.differs == "") == (p.stance == "supports") for p in judged.pointers)


def test_explanations_hold_nothing_that_their_quotations_do_not() -> None:
    line = blocks("write", "text")[0]
    quotes = {
        m[1]: [Ground(m[4], date.fromisoformat(m[3])), Ground(m[2])]
        for m in re.finditer(r"(c\d+\.k\d+) \w+ \(([^,]+), (\S+)\): ([^|]+)", line)
    }
    reply = shapes.WriteReply.model_validate_json(blocks("write", "json")[0])
    for written in reply.claims:
        for sentence in written.sentences:
            assert sentence.cites and set(sentence.cites) <= set(quotes)
            grounds = [g for c in sentence.cites for g in quotes[c]]
            assert unproven(sentence.text, "id", grounds) == ()


def test_answers_hold_nothing_that_their_sentences_do_not() -> None:
    question, *lines = blocks("answer", "text")[0].splitlines()
    known = {}
    for line in lines:
        number, source, text = line.split(" | ")
        publisher, day = source.split(", ")
        known[int(number)] = [Ground(text, date.fromisoformat(day)), Ground(publisher)]
    reply = shapes.AnswerReply.model_validate_json(blocks("answer", "json")[0])
    for sentence in reply.sentences:
        grounds = [g for c in sentence.cites for g in known[c]] + [Ground(question)]
        assert unproven(sentence.text, "id", grounds) == ()


@pytest.mark.parametrize(
    ("name", "most"), [("extract", 1800), ("judge", 1200), ("write", 800), ("answer", 700)]
)
def test_prompts_stay_short(name: str, most: int) -> None:
    """What every call pays for."""
    assert tokens(prompts.load(name).system) <= most
