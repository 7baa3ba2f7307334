"""What seqeval says of tags: the numbers that our score of entities has to have."""

import json
import random
import warnings
from pathlib import Path

from seqeval.metrics import f1_score, precision_score, recall_score

_KINDS = ("PER", "LOC", "ORG")
_TAGS = ("O", *(f"{part}-{kind}" for kind in _KINDS for part in "BI"))
_SEED = 20261128
_TABLES = 12
_SENTENCES = 30
_WORDS = 9


def write(file: Path) -> None:
    """Writes tables of sentences: true tags, said tags, and micro and macro averages of seqeval.

    Later tables have more that is said as it is. Tags are drawn one by one, so that many begin with
    I- or go on with another kind. In the last table no entity is said.
    """
    warnings.filterwarnings("ignore", module="seqeval")
    draw = random.Random(_SEED)
    tables = []
    for table in range(_TABLES):
        sentences = []
        for _ in range(_SENTENCES):
            true = [draw.choice(_TAGS) for _ in range(draw.randint(1, _WORDS))]
            said = [tag if draw.random() < table / _TABLES else draw.choice(_TAGS) for tag in true]
            sentences.append((true, said))
        tables.append(_table(sentences))
    tables.append(_table([(true, ["O"] * len(true)) for true, _ in sentences]))
    content = {"tags": _TAGS, "tables": tables}
    file.write_text(json.dumps(content, separators=(",", ":")) + "\n")


def _table(sentences: list[tuple[list[str], list[str]]]) -> dict:
    true, said = [true for true, _ in sentences], [said for _, said in sentences]
    return {
        "true": true,
        "said": said,
        "precision": float(precision_score(true, said)),
        "recall": float(recall_score(true, said)),
        "f1": float(f1_score(true, said)),
        "macroF1": float(f1_score(true, said, average="macro")),
    }
