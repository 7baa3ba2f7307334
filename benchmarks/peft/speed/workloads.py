"""What is trained on: texts of the mail stream, in its order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from parity.examples import MAIL_LABELS, Examples, mails

from .models import Base

BATCH = 16

_FIXED_LENGTH = 128
_LIMIT = 256


@dataclass(frozen=True)
class Workload:
    """Texts of one kind."""

    name: str
    meaning: str
    length: int
    text: Callable[[dict], str]
    shortest: int = 0

    def examples(self, base: Base, count: int) -> Examples:
        """The first `count`, or all there are, in the tokens of a model that lies at hand."""
        chosen = list(islice(self._encoded(base), count))
        return Examples([ids for ids, _ in chosen], [label for _, label in chosen])

    def _encoded(self, base: Base) -> Iterator[tuple[list[int], int]]:
        tokenizer = base.tokenizer(self.length)
        for mail in mails():
            text = self.text(mail)
            if text.strip():
                ids = tokenizer.encode(text).ids
                if len(ids) >= self.shortest:
                    yield ids, MAIL_LABELS.index(mail["label"])


def _subject(mail: dict) -> str:
    return mail["subject"]


def _whole(mail: dict) -> str:
    """As the demo has it."""
    return mail["subject"] + "\n" + mail["body"]


FIXED = Workload("fixed", "mails cut at 128 tokens", _FIXED_LENGTH, _whole, _FIXED_LENGTH)
MAIL = Workload("mail", "mails as they come, at most 256 tokens", _LIMIT, _whole)
SUBJECTS = Workload("subjects", "subjects of mails alone", _LIMIT, _subject)

WORKLOADS = [FIXED, MAIL, SUBJECTS]
