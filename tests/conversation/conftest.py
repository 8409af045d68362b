"""Conversations over the starter collection: with the local analyst, and with a mind of the test's.

The mind sees nothing but its prompt. Whatever it answers, `held` must be true of what comes out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx2
import pytest

from factcheck import Checker
from factcheck.conversation import Conversation
from factcheck.models import Note
from factcheck.provider import Limits
from factcheck.questions import Answer
from factcheck.settings import Settings
from tests.conftest import ROOT
from tests.llm import brains
from tests.llm.server import GOOD, Body, Fault, ModelServer

NAMES = "aleppo-november.id haiyan-aid.en soudan-du-sud.fr syria-toll.ar syrien-diplomatie.de tifon-haiyan.es"
ARTICLES = {n.split(".")[1]: ROOT / "seeds" / "articles" / f"{n}.md" for n in NAMES.split()}
LOOSE = re.compile(r"https?:|www\.|\]\(|<\s*[a-z/!]", re.IGNORECASE)
QUICK = replace(GOOD, piece=4000)
Says = Callable[[Body], dict[str, Any] | str]


def held(answer: Answer, checker: Checker) -> Answer:
    """What is true of every answer; gives the answer back."""
    assert bool(answer.sentences) != bool(answer.missing), "cited sentences, or what was searched"
    listed = {c.id for c in answer.citations}
    assert len(listed) == len(answer.citations)
    for sentence in answer.sentences:
        assert set(sentence.citations) <= listed
        assert sentence.citations or (answer.claims and sentence.status == "uncited"), sentence
        assert sentence.status != "struck"
        assert not LOOSE.search(sentence.text), sentence.text
        assert "\n" not in sentence.text
    for c in answer.citations:
        reference = checker.store.reference(c.reference)
        assert reference is not None
        assert reference.text[c.start : c.end] == c.quote
        assert c.quote.strip()
    return answer


def offered(body: Body) -> dict[int, str]:
    """The numbered passages of an `answer` request, with who said them and when."""
    lines = brains.blocks(body)[0].splitlines()[1:]
    return {int(n): rest for n, rest in (line.split(" | ", 1) for line in lines)}


def question_of(body: Body) -> str:
    """The question as the model is told it."""
    return brains.blocks(body)[0].splitlines()[0].removeprefix("Question: ")


def number_of(body: Body, words: str) -> int:
    """The number of the passage that holds these words."""
    return next(n for n, text in offered(body).items() if words in text)


def said(*sentences: tuple[str, list[int]], missing: str = "") -> dict[str, Any]:
    """A reply in the shape that is asked for."""
    return {"sentences": [{"text": t, "cites": c} for t, c in sentences], "missing": missing}


@dataclass
class Desk:
    """An editor before a model that says what the test wants."""

    server: ModelServer
    checker: Checker
    says: Says = field(default=lambda body: said())
    fault: Fault | str | None = None

    def brain(self, body: Body) -> str:
        if brains.step(body) != "answer":
            return brains.plain(body)
        reply = self.says(body)
        return reply if isinstance(reply, str) else json.dumps(reply, ensure_ascii=False)

    def script(self, n: int, body: Body) -> Fault | str | None:
        return self.fault if self.fault and brains.step(body) == "answer" else QUICK

    def ask(self, question: str, says: Says | dict[str, Any] | str, note: Note | None = None
            ) -> Answer:  # fmt: skip
        """One question to a new conversation."""
        return held(self.talk(says, note).ask(question), self.checker)

    def talk(self, says: Says | dict[str, Any] | str, note: Note | None = None) -> Conversation:
        self.says = says if callable(says) else lambda body: says
        return Conversation(self.checker, note)

    @property
    def sent(self) -> list[Body]:
        """The questions that the model was asked."""
        return [r.body for r in self.server.requests if brains.step(r.body) == "answer"]


@contextmanager
def desk_at(store: Path, cache: Path, limits: Limits | None = None, **more: Any) -> Iterator[Desk]:
    """A desk of one's own."""
    made: list[Desk] = []
    with ModelServer(lambda body: made[0].brain(body),
                     script=lambda n, body: made[0].script(n, body)) as server:  # fmt: skip
        settings = Settings.load(
            store=store, cache=cache, analyst="llm", model="scripted", base_url=server.url,
            api_key="sk-test-1", **({"retries": 0} | more),
        )  # fmt: skip
        with Checker(settings, cache=False, limits=limits) as checker:
            made.append(Desk(server, checker))
            yield made[0]


@pytest.fixture(autouse=True)
def _clients_end(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close every HTTP client at the end of its test: a desk's lives as long as the test."""
    made: list[httpx2.Client] = []
    make = httpx2.Client.__init__

    def tracked(self: httpx2.Client, *args: Any, **more: Any) -> None:
        made.append(self)
        make(self, *args, **more)

    monkeypatch.setattr(httpx2.Client, "__init__", tracked)
    yield
    for client in made:
        client.close()


@pytest.fixture
def desk(loaded_store: Path, shared_cache: Path, checker: Checker) -> Iterator[Desk]:
    """A desk over the starter collection."""
    with desk_at(loaded_store, shared_cache) as made:
        yield made


@pytest.fixture(scope="session")
def note_of(checker: Checker) -> Callable[[str], Note]:
    """The note of the shipped article in a language, made once a process by the local analyst."""
    return lru_cache(maxsize=None)(lambda language: checker.check(ARTICLES[language]))


@pytest.fixture
def ask(checker: Checker, note_of: Callable[[str], Note]) -> Callable[..., Answer]:
    """Ask the local analyst questions in a row; gives the last answer. `about`: which article."""

    def asking(*questions: str, about: str = "") -> Answer:
        talk = Conversation(checker, note_of(about) if about else None)
        answers = [held(talk.ask(q), checker) for q in questions]
        return answers[-1]

    return asking


@pytest.fixture
def own(own_store: Path, shared_cache: Path, checker: Checker) -> Iterator[Checker]:
    """A local checker whose store and settings the test may change."""
    with Checker(Settings.load(store=own_store, cache=shared_cache)) as made:
        yield made


def report(folder: Path, text: str, **head: str) -> Path:
    """A reference file, as an editor adds one."""
    lines = {"id": "N001", "publisher": "Desk Wire", "kind": "wire", "title": "A new report",
             "published": "2013-11-20", "language": "en", "origins": "[Desk Wire]"} | head  # fmt: skip
    file = folder / f"{lines['id']}.md"
    front = "\n".join(f"{k}: {v}" for k, v in lines.items())
    file.write_text(f"---\n{front}\n---\n\n{text}\n", encoding="utf-8")
    return file


@pytest.fixture
def talk(checker: Checker, note_of: Callable[[str], Note]) -> Conversation:
    """About the English article; nothing is stored or changed but the conversation."""
    return Conversation(checker, note_of("en"))


def plain(note: Note) -> dict[str, Any]:
    """A note without what differs from one writing to the next."""
    data = note.to_json()
    data["provenance"].pop("created")
    return data
