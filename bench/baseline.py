"""What a competent user would write instead: retrieval, one call a claim, no product of ours.

A fair baseline: the usual LangChain retrieval-QA script with nothing wasted on purpose. The same
reports, the same embedding model, structured output, short prompts, four chunks a claim, eight
calls at once. It has no provenance, no check of quotations or figures and no second reader; what is
compared with it is what it costs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import chromadb
import yaml
from langchain_core.embeddings import Embeddings
from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

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
        self._chunks = chromadb.EphemeralClient().get_or_create_collection(f"reports-{chunk}")
        self._chunks.upsert(
            ids=[str(n) for n in range(len(texts))],
            documents=texts,
            embeddings=embeddings.embed_documents(texts),  # type: ignore[arg-type]
        )

    def check(self, article: str, base_url: str, *, at_once: int = 8) -> list[tuple[str, Checked]]:
        """A verdict and an explanation for every claim of the article."""
        model = ChatOpenAI(
            model="scripted",
            base_url=base_url,
            api_key="none",
            temperature=0,  # type: ignore[arg-type]
        )
        ask = ChatPromptTemplate.from_messages([("system", EXTRACT), ("user", "{article}")])
        chain = ask | model.with_structured_output(Claims)
        claims = chain.invoke({"article": article}).claims
        judge = ChatPromptTemplate.from_messages(
            [("system", VERDICT), ("user", "Context:\n{context}\n\nClaim: {claim}")]
        )
        each = [{"claim": c, "context": "\n\n".join(self._nearest(c))} for c in claims]
        checked = (judge | model.with_structured_output(Checked)).batch(
            each, config={"max_concurrency": at_once}
        )
        return list(zip(claims, checked, strict=True))

    def _nearest(self, claim: str) -> list[str]:
        vector = self._embeddings.embed_query(claim)
        found = self._chunks.query(query_embeddings=[vector], n_results=TOP)
        return (found["documents"] or [[]])[0]


def _chunks(report: Path, size: int, overlap: int) -> list[str]:
    """A report's text in chunks, each headed by its publisher and date."""
    _, front, body = report.read_text(encoding="utf-8").split("---\n", 2)
    fields = yaml.safe_load(front)
    head = f"[{fields['publisher']}, {fields.get('published', 'undated')}] {fields['title']}\n"
    return [head + part for part in _split(body.strip(), size, overlap)]


def _split(text: str, size: int, overlap: int) -> list[str]:
    try:
        from langchain_text_splitters import RecursiveCharacterTextSplitter
    except ImportError:  # the same idea: whole words, at most `size` characters, some overlap
        parts, start = [], 0
        while len(text) - start > size:
            end = text.rfind(" ", start + overlap, start + size)
            parts.append(text[start:end])
            start = text.find(" ", end - overlap) + 1
        return [*parts, text[start:]]
    splitter = RecursiveCharacterTextSplitter(chunk_size=size, chunk_overlap=overlap)
    return splitter.split_text(text)
