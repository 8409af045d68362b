"""What a competent user would write instead: retrieval, one call a claim, no product of ours.

A fair baseline: the usual LangChain retrieval-QA script with nothing wasted on purpose. The same
reports, the same embedding model, structured output, short prompts, four chunks a claim, eight
calls at once. It has no provenance, no check of quotations or figures and no second reader; what is
compared with it is what it costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, cast

import chromadb
import numpy as np
import yaml
from chromadb.config import Settings as ChromaSettings
from langchain_core.embeddings import Embeddings
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnablePassthrough
from langchain_openai import ChatOpenAI
from pydantic import BaseModel, SecretStr

CHUNK, OVERLAP, TOP = 1000, 200, 4
EXTRACT = (
    "You are a fact-checker's assistant. List every checkable factual claim of the news article, "
    "each as one self-contained sentence in English with names, dates and figures spelled out. "
    "Leave out opinions and questions."
)
VERDICT = (
    "You are a fact-checker. Judge the claim by the reports in the context alone; do not use other "
    "knowledge. Answer with a verdict (supported, contradicted, partly_supported or "
    "not_enough_evidence) and an explanation in two or three sentences that names the reports it "
    "rests on, their publisher and date."
)


class Claims(BaseModel):
    claims: list[str]


class Checked(BaseModel):
    verdict: Literal["supported", "contradicted", "partly_supported", "not_enough_evidence"]
    explanation: str


class Baseline:
    """The reports of a folder, in chunks, in a Chroma collection in memory."""

    def __init__(self, folder: Path, embeddings: Embeddings, *, chunk: int = CHUNK) -> None:
        self._embeddings = embeddings
        overlap = min(OVERLAP, chunk // 5)
        texts = [part for f in sorted(folder.glob("*.md")) for part in _chunks(f, chunk, overlap)]
        client = chromadb.EphemeralClient(settings=ChromaSettings(anonymized_telemetry=False))
        self._chunks = client.get_or_create_collection(f"reports-{chunk}")
        self._chunks.upsert(
            ids=[str(n) for n in range(len(texts))],
            documents=texts,
            embeddings=np.array(embeddings.embed_documents(texts), np.float32),
        )

    def check(self, article: str, base_url: str, *, at_once: int = 8) -> list[tuple[str, Checked]]:
        """A verdict and an explanation for every claim of the article."""
        model = _model(base_url)
        ask = ChatPromptTemplate.from_messages([("system", EXTRACT), ("user", "{article}")])
        chain = ask | model.with_structured_output(Claims)
        claims = cast(Claims, chain.invoke({"article": article})).claims
        return list(zip(claims, self.judge(claims, base_url, at_once=at_once), strict=True))

    def judge(self, claims: Sequence[str], base_url: str, *, at_once: int = 8) -> list[Checked]:
        """A verdict and an explanation for each claim."""
        found = RunnablePassthrough.assign(context=lambda x: self._nearest(x["claim"]))
        judge = ChatPromptTemplate.from_messages(
            [("system", VERDICT), ("user", "Context:\n{context}\n\nClaim: {claim}")]
        )
        checked = (found | judge | _model(base_url).with_structured_output(Checked)).batch(
            [{"claim": c} for c in claims], config={"max_concurrency": at_once}
        )
        return cast(list[Checked], checked)

    def _nearest(self, claim: str) -> str:
        vector = np.array([self._embeddings.embed_query(claim)], np.float32)
        found = self._chunks.query(query_embeddings=vector, n_results=TOP)
        return "\n\n".join((found["documents"] or [[]])[0])


def _model(base_url: str) -> ChatOpenAI:
    return ChatOpenAI(model="scripted", base_url=base_url, api_key=SecretStr("none"), temperature=0)


def _chunks(report: Path, size: int, overlap: int) -> list[str]:
    """A report's text in chunks, each headed by its publisher and date."""
    _, front, body = report.read_text(encoding="utf-8").split("---\n", 2)
    fields = yaml.safe_load(front)
    head = f"[{fields['publisher']}, {fields.get('published', 'undated')}] {fields['title']}\n"
    return [head + part for part in _split(body.strip(), size, overlap)]


def _split(text: str, size: int, overlap: int) -> list[str]:
    try:
        from langchain_text_splitters import (  # type: ignore[import-not-found]
            RecursiveCharacterTextSplitter,
        )
    except ImportError:  # the same idea: whole words, at most `size` characters, some overlap
        parts, start = [], 0
        while len(text) - start > size:
            end = text.rfind(" ", start + overlap, start + size)
            parts.append(text[start:end])
            start = text.find(" ", end - overlap) + 1
        return [*parts, text[start:]]
    splitter = RecursiveCharacterTextSplitter(chunk_size=size, chunk_overlap=overlap)
    return list(splitter.split_text(text))
