"""Labeled texts as token ids, one after the other in batches, from the start again at the end."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import minilm, tiny

BATCH = 8

MAIL_LABELS = ["ham", "spam"]

_MAIL = Path(__file__).parents[3] / "ops/src/main/resources/io/rankstream/ops/demo"
_LONGEST_SUBJECT = 10


@dataclass(frozen=True)
class Examples:
    """Texts and the index of each one's label."""

    token_ids: list[list[int]]
    labels: list[int]

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

    def number_of_labels(self) -> int:
        return max(self.labels) + 1

    def write(self, path: Path) -> None:
        content = {"tokenIds": self.token_ids, "labels": self.labels}
        path.write_text(json.dumps(content, separators=(",", ":")) + "\n")

    @staticmethod
    def read(path: Path) -> "Examples":
        content = json.loads(path.read_text())
        return Examples(content["tokenIds"], content["labels"])


def drawn(count: int) -> Examples:
    """Texts of 3 to 11 tiny-bert tokens; half of them come from a third that is their label's."""
    random = np.random.default_rng(1)
    first = 4
    share = (len(tiny.VOCABULARY) - first) // 3
    texts = []
    labels = []
    for _ in range(count):
        label = int(random.integers(3))
        length = int(random.integers(3, 12))
        telling = first + label * share + random.integers(share, size=length)
        noise = first + random.integers(3 * share, size=length)
        texts.append([int(t if i % 2 == 0 else n) for i, (t, n) in enumerate(zip(telling, noise))])
        labels.append(label)
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
