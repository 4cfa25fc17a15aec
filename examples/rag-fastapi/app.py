"""A small RAG service for VasiliasBot: answers from a folder of Markdown files.

Retrieval only, with no model and no network: it finds the section that fits a question best (BM25 over words) and
answers with that section. Put a language model where `answer_from` is and it is a real one.
"""

import hmac
import math
import os
import re
import sqlite3
import unicodedata
from collections import Counter
from pathlib import Path
from typing import List, Optional

from fastapi import Depends, FastAPI, Header, HTTPException, Response
from pydantic import BaseModel, Field

DOCUMENTS = Path(os.environ.get("DOCUMENTS", Path(__file__).parent / "documents"))
API_KEY = os.environ.get("RAG_API_KEY", "")
FEEDBACK_DB = os.environ.get("FEEDBACK_DB", ":memory:")
# Below it no section is about the question: better to say that we do not know.
ENOUGH = float(os.environ.get("ENOUGH", "1.6"))
K1, B = 1.4, 0.6
STOPWORDS = set("a an and are at be by can do does for from have how i if in is it me my of on or our the there to us we what when where which will with you your".split())


class Message(BaseModel):
    sender: str
    text: str


class Question(BaseModel):
    conversation_id: str
    message_id: str
    text: str = Field(max_length=2000)
    customer_id: str
    history: List[Message] = []


class Feedback(BaseModel):
    feedback_id: str
    message_id: str
    conversation_id: str
    customer_id: str
    value: Optional[str] = None
    comment: Optional[str] = None
    timestamp: str


class Section:
    def __init__(self, title: str, text: str, source: str):
        self.title, self.text, self.source = title, text, source
        # The heading says what a section is about, so its words count twice.
        self.words = Counter(words_of(f"{title} {title} {text}"))
        self.length = sum(self.words.values())


def words_of(text: str) -> List[str]:
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return [stem(word) for word in re.findall(r"\w+", plain) if word not in STOPWORDS]


def stem(word: str) -> str:
    return re.sub(r"(?:ing|ed|es|s)$", "", word) if len(word) > 4 else word


def read_sections(folder: Path) -> List[Section]:
    sections = []
    for file in sorted(folder.glob("**/*.md")):
        for part in re.split(r"(?m)^(?=#{1,3} )", file.read_text(encoding="utf-8")):
            head, _, body = part.strip().partition("\n")
            if body.strip():
                sections.append(Section(head.lstrip("# ").strip(), body.strip(), file.name))
    return sections


SECTIONS = read_sections(DOCUMENTS)
AVERAGE = sum(section.length for section in SECTIONS) / max(1, len(SECTIONS))
FREQUENCY = Counter(word for section in SECTIONS for word in section.words)


def score(question: List[str], section: Section) -> float:
    total = 0.0
    for word in set(question):
        count = section.words[word]
        if count:
            rarity = math.log(1 + (len(SECTIONS) - FREQUENCY[word] + 0.5) / (FREQUENCY[word] + 0.5))
            total += rarity * count * (K1 + 1) / (count + K1 * (1 - B + B * section.length / AVERAGE))
    return total


def answer_from(question: Question) -> Optional[dict]:
    asked = words_of(question.text)
    ranked = sorted(((score(asked, section), section) for section in SECTIONS), key=lambda pair: -pair[0])
    if not ranked or ranked[0][0] < ENOUGH:
        return None
    best, section = ranked[0]
    return {"answer": section.text, "sources": [{"title": f"{section.title} ({section.source})"}], "confidence": round(1 - math.exp(-best / 4), 2)}


def require_key(authorization: str = Header(default="")) -> None:
    if API_KEY and not hmac.compare_digest(authorization.encode(), f"Bearer {API_KEY}".encode()):
        raise HTTPException(status_code=401, detail="Send the API key as Authorization: Bearer.")


app = FastAPI(title="RAG service for VasiliasBot")
database = sqlite3.connect(FEEDBACK_DB, check_same_thread=False)
database.execute("create table if not exists feedback (key text primary key, message_id text, value text, comment text, said_at text)")


@app.get("/health")
def health() -> dict:
    return {"sections": len(SECTIONS)}


@app.post("/ask", dependencies=[Depends(require_key)], response_model=None)
def ask(question: Question):
    return answer_from(question) or Response(status_code=204)


@app.post("/ask/feedback", dependencies=[Depends(require_key)])
def feedback(rating: Feedback, idempotency_key: str = Header(default="")) -> dict:
    # A delivery that is repeated has the same key, and changes nothing.
    with database:
        database.execute("insert or ignore into feedback values (?, ?, ?, ?, ?)", (idempotency_key or rating.feedback_id, rating.message_id, rating.value, rating.comment, rating.timestamp))
    return {"stored": True}
