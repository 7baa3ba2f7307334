"""Texts as token ids, each with its label or number, in batches, from the start again at the end."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import minilm

BATCH = 8

MAIL_LABELS = ["ham", "spam"]

_MAIL = Path(__file__).parents[3] / "ops/src/main/resources/io/rankstream/ops/demo"
_LONGEST_SUBJECT = 10


@dataclass(frozen=True)
class Examples:
    """Texts, and the index of each one's label, for regression its number, or of several labels
    1 for each that the text has and 0 for the others."""

    token_ids: list[list[int]]
    labels: list[int] | list[float] | list[list[float]]

    def batch(self, step: int) -> "Examples":
        """The examples of one optimizer step, counted from 0."""
        rows = [(step * BATCH + i) % len(self.labels) for i in range(BATCH)]
        return self._rows(rows)

    def parts(self, count: int) -> list["Examples"]:
        """This batch in equal parts, in order."""
        size = len(self.labels) // count
        return [self._rows(range(i * size, (i + 1) * size)) for i in range(count)]

    def _rows(self, rows) -> "Examples":
        return Examples([self.token_ids[i] for i in rows], [self.labels[i] for i in rows])

    def outputs(self) -> int:
        """How many numbers a head has to give: one a label, or one."""
        if isinstance(self.labels[0], list):
            return len(self.labels[0])
        return 1 if isinstance(self.labels[0], float) else max(self.labels) + 1

    def between(self, first: int, last: int) -> "Examples":
        """The same with a special token before each text and one after it."""
        return Examples([[first, *text, last] for text in self.token_ids], self.labels)

    def write(self, path: Path) -> None:
        content = {"tokenIds": self.token_ids, "labels": self.labels}
        path.write_text(json.dumps(content, separators=(",", ":")) + "\n")

    @staticmethod
    def read(path: Path) -> "Examples":
        content = json.loads(path.read_text())
        return Examples(content["tokenIds"], content["labels"])


def drawn(count: int, words: range) -> Examples:
    """Texts of 3 to 11 words; half of them come from a third that is their label's."""
    random = np.random.default_rng(1)
    share = len(words) // 3
    texts = []
    labels = []
    for _ in range(count):
        label = int(random.integers(3))
        length = int(random.integers(3, 12))
        telling = words.start + label * share + random.integers(share, size=length)
        noise = words.start + random.integers(3 * share, size=length)
        texts.append([int(t if i % 2 == 0 else n) for i, (t, n) in enumerate(zip(telling, noise))])
        labels.append(label)
    return Examples(texts, labels)


def scored(count: int, words: range) -> Examples:
    """Texts of 3 to 11 words with a number from 0 to 5: the share of words of the first half."""
    random = np.random.default_rng(1)
    half = len(words) // 2
    texts = []
    numbers = []
    for _ in range(count):
        length = int(random.integers(3, 12))
        first = random.random(length) < random.random()
        ids = words.start + random.integers(half, size=length) + np.where(first, 0, half)
        texts.append(ids.tolist())
        numbers.append(round(5 * float(first.mean()), 1))
    return Examples(texts, numbers)


def tagged(count: int, words: range) -> Examples:
    """Texts of 3 to 11 words with any of 4 labels; half of the words come from the labels' quarters."""
    random = np.random.default_rng(1)
    share = len(words) // 4
    texts = []
    labels = []
    for _ in range(count):
        has = random.random(4) < 0.35
        length = int(random.integers(3, 12))
        noise = words.start + random.integers(4 * share, size=length)
        quarters = np.flatnonzero(has) if has.any() else np.arange(4)
        telling = words.start + share * random.choice(quarters, size=length)
        telling += random.integers(share, size=length)
        texts.append([int(t if i % 2 == 0 else n) for i, (t, n) in enumerate(zip(telling, noise))])
        labels.append(has.astype(float).tolist())
    return Examples(texts, labels)


def mail_subjects(count: int) -> Examples:
    """Subjects of mails, spread over the demo's stream, as all-MiniLM-L6-v2 reads them."""
    named = [mail for mail in mails() if mail["subject"]]
    chosen = np.random.default_rng(1).choice(len(named), size=count, replace=False)
    tokenizer = minilm.tokenizer(_LONGEST_SUBJECT)
    return Examples(
        [tokenizer.encode(named[i]["subject"]).ids for i in chosen],
        [MAIL_LABELS.index(named[i]["label"]) for i in chosen],
    )


def mails() -> Iterator[dict]:
    """Mails of the demo's stream, in order of arrival."""
    with gzip.open(_MAIL / "mail-stream.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
