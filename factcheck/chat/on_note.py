"""Commands by which the editor decides, and takes the note out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from factcheck.chat import show
from factcheck.chat.exports import FOR_FILES, FORMATS, exported, for_terminal
from factcheck.chat.layout import outside
from factcheck.chat.registry import command, parts, path
from factcheck.errors import UsageError
from factcheck.files import write_whole
from factcheck.models import Verdict
from factcheck.report import ruling
from factcheck.report.formats import AFTER_SIGNING
from factcheck.wording import table

if TYPE_CHECKING:
    from factcheck.chat.repl import Chat


@command("verdict N LABEL REASON", "claim")
def _verdict(chat: Chat, rest: str) -> None:
    number, label, reason = parts(rest, 3)
    names = chat.verdicts()
    wanted = label.casefold()
    called = {str(v): (str(v), names[str(v)].casefold()) for v in Verdict}
    fits = [v for v, words in called.items() if wanted and any(w.startswith(wanted) for w in words)]
    chosen = [v for v in fits if wanted in called[v]] or fits
    made = chat.conversation.override(number, chosen[0] if len(chosen) == 1 else label, reason)
    told = chat.words("your_verdict", claim=made.claim, verdict=names[made.value],
                      reason=outside(made.reason))  # fmt: skip
    chat.say(Text(told))


@command("note N TEXT", "claim")
def _note(chat: Chat, rest: str) -> None:
    number, text = parts(rest, 2)
    made = chat.conversation.remark(number, text)
    chat.say(Text(chat.words("noted", claim=made.claim)))


@command("drop N [REASON]", "claim")
def _drop(chat: Chat, rest: str) -> None:
    number, reason = parts(rest, 2)
    made = chat.conversation.drop(number, reason)
    chat.say(Text(chat.words("was_dropped", claim=made.claim)))


@command('claim-add "TEXT"')
def _claim_add(chat: Chat, rest: str) -> None:
    text = rest.strip()
    if len(text) > 1 and text[0] in "\"“'" and text[-1] in "\"”'":
        text = text[1:-1]
    with chat.working():
        made = chat.conversation.add_claim(text)
    chat.page([*show.card(made, chat.note(), chat.labels)])


@command("sign NAME")
def _sign(chat: Chat, rest: str) -> None:
    made = chat.conversation.sign(rest)
    chat.say(Text(chat.words("signed", by=outside(made.by), at=made.at)))


@command("undo")
def _undo(chat: Chat, rest: str) -> None:
    what = chat.conversation.undo()
    chat.say(Text(chat.words("taken_back", what=table(chat.language)["step"].get(what, what))))


@command(f"export {'|'.join(FORMATS)} [FILE]", "|".join(FORMATS))
def _export(chat: Chat, rest: str) -> None:
    kind, name = parts(rest, 2)
    note = chat.note()
    if kind not in FORMATS:
        raise UsageError(
            chat.words("unknown_format", name=kind),
            hint=chat.words("one_of", names=", ".join(FORMATS)),
        )
    if kind in FOR_FILES and not name:
        raise UsageError(chat.words("for_files", format=kind), hint=f"/export {kind} FILE")
    if kind in AFTER_SIGNING and ruling.signature(note) is None:
        raise UsageError(chat.words("sign_first", format=kind), hint="/sign NAME")
    made = exported(note, kind, chat.checker.store.reference, chat.checker.settings.newsroom)
    if name:
        write_whole(path(chat, name), made)
        chat.say(Text(chat.words("written", name=outside(name))))
    else:
        chat.terminal.write(for_terminal(str(made), kind))
