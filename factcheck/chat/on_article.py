"""Commands that open an article and show what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from factcheck.chat import derivation, flags, show
from factcheck.chat.registry import command, one
from factcheck.errors import InputError, UsageError
from factcheck.models import Assessment, Stance, Verdict

if TYPE_CHECKING:
    from factcheck.chat.repl import Chat


@command("open PATH|URL", "file", "--title X --outlet X --published YYYY-MM-DD")
def _open(chat: Chat, rest: str) -> None:
    words = flags.read(chat, rest, ("title", "outlet", "published"))
    if len(words.sources) > 1:
        raise UsageError(chat.words("one_article"), hint='/open "my article.txt"')
    chat.open(
        words.sources[0],
        title=words.last("title"),
        outlet=words.last("outlet"),
        published=flags.day(chat, words, "published"),
    )


@command("paste")
def _paste(chat: Chat, rest: str) -> None:
    chat.say(Text(chat.words("paste")))
    chat.open_text(chat.lines.until_dot())


@command("claims [WORD]")
def _claims(chat: Chat, rest: str) -> None:
    note = chat.note()
    word = rest.strip().casefold().replace(" ", "_")
    if word in {*map(str, Verdict), "failed"}:
        chosen = [a for a in note.assessments if str(a.verdict or "failed") == word]
    else:
        chosen = [a for a in note.assessments if rest.strip().casefold() in _searchable(a)]
    if not chosen:
        chat.say(Text(chat.words("no_claim")))
        return
    chat.page([*show.claims(note, chosen, chat.width, chat.labels)])


def _searchable(a: Assessment) -> str:
    parts = (str(a.verdict or "failed"), *a.flags, *a.origins, a.claim.said, a.claim.statement)
    return " ".join(parts).casefold()


@command("claim N", "claim")
def _claim(chat: Chat, rest: str) -> None:
    chat.page([*show.card(one(chat, rest), chat.note(), chat.labels)])


@command("evidence N", "claim")
def _evidence(chat: Chat, rest: str) -> None:
    chat.page([*show.evidence(one(chat, rest), chat.note())])


@command("why N", "claim")
def _why(chat: Chat, rest: str) -> None:
    chat.page([*derivation.why(one(chat, rest), chat.note(), chat.labels)])


@command("timeline N", "claim")
def _timeline(chat: Chat, rest: str) -> None:
    chat.page([*derivation.timeline(one(chat, rest), chat.note())])


@command("origins N", "claim")
def _origins(chat: Chat, rest: str) -> None:
    chat.page([*derivation.origins(one(chat, rest), chat.note())])


@command("quote N.K", "quote")
def _quote(chat: Chat, rest: str) -> None:
    number, _, which = rest.strip().lower().removeprefix("c").partition(".")
    a = chat.conversation.claim(number)
    shown = [c for c in a.citations if c.stance is not Stance.CONTEXT] or list(a.citations)
    which = which.removeprefix("k") or (shown[0].id.rpartition(".k")[2] if shown else "1")
    id = f"{a.claim.id}.k{which}"
    found = next((c for c in a.citations if c.id == id), None)
    if found is None:
        ids = ", ".join(c.id for c in shown)
        raise UsageError(
            chat.words("no_quotation", claim=number, which=which),
            hint=chat.words("it_has", ids=ids) if shown else chat.words("it_cites_nothing"),
        )
    reference = chat.checker.store.reference(found.reference)
    if reference is None:
        raise InputError(chat.words("report_gone", reference=found.reference))
    chat.page([*show.in_context(found, reference, chat.language)])
