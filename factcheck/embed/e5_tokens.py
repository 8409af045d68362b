"""Text to the token numbers of multilingual-e5-small: a SentencePiece unigram model.

T. Kudo, "Subword Regularization", ACL 2018: of all ways to write a text in pieces, the one with the
highest sum of scores, found from left to right. `tokenizers` has the same, but takes 0.7 s to load
a quarter of a million pieces, more than an article's sentences take to embed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from factcheck.embed.e5_weights import Weights

_SPACE = "\u2581"  # how a space is written in pieces
_UNKNOWN = 10.0  # below the worst piece, as SentencePiece has it
_SPACES = re.compile("  +")
_CHUNK = re.compile(r"\S+")


class Tokens:
    """The tokenizer of one model."""

    def __init__(self, weights: Weights) -> None:
        self._pieces, self._scores = weights.pieces
        self._numbers = {piece: i for i, piece in enumerate(self._pieces)}
        self._unknown = weights.shape.unknown
        del self._numbers[self._pieces[self._unknown]]
        self._longest = max(map(len, self._pieces))
        self._worst = min(self._scores) - _UNKNOWN
        self._normal = weights.normal

    def surprise(self, number: int) -> float:
        """How rare a piece is, in nats."""
        return -self._scores[number]

    def placed(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Each piece with where it stands in the text: number, start, end. Where writing it in the
        model's way changed a word's length, its pieces share the whole word's place."""
        for found in _CHUNK.finditer(text):
            start, end = found.span()
            numbers = self.of(found.group())
            lengths = [len(self._pieces[n].replace(_SPACE, "")) for n in numbers]
            if sum(lengths) != end - start or self._unknown in numbers:
                yield from ((n, start, end) for n in numbers)
                continue
            for number, length in zip(numbers, lengths, strict=True):
                yield number, start, start + length
                start += length

    def of(self, text: str) -> list[int]:
        """Numbers of the text's pieces, without those that open and close it."""
        text = _SPACES.sub(" ", text.translate(self._normal))
        text = (text if text.startswith(" ") else " " + text).replace(" ", _SPACE)
        return self._best(text)

    def _best(self, text: str) -> list[int]:
        numbers, scores, end = self._numbers, self._scores, len(text)
        best = [0.0, *([float("-inf")] * end)]
        came: list[tuple[int, int]] = [(0, 0)] * (end + 1)  # from where, by which piece
        for start in range(end):
            so_far = best[start]
            for stop in range(start + 1, min(end, start + self._longest) + 1):
                number = numbers.get(text[start:stop])
                if number is not None and so_far + scores[number] > best[stop]:
                    best[stop] = so_far + scores[number]
                    came[stop] = (start, number)
            if so_far + self._worst > best[start + 1]:
                best[start + 1] = so_far + self._worst
                came[start + 1] = (start, self._unknown)
        out = []
        while end > 0:
            end, number = came[end]
            out.append(number)
        return out[::-1]
