"""Scores of answers by torchmetrics, for the test of our own: python -m parity.answers, with torchmetrics 1.9.0."""

import json

from torchmetrics.text import SQuAD

from .goldens import PARITY

# Right answers, none where there is no answer, and what was said, nothing for no answer.
_ANSWERS = [
    (["The learner"], "the learner"),
    (["The learner"], "learner!"),
    (["The learner"], "a learner"),
    (["The learner"], "the old learner"),
    (["The learner"], "nobody"),
    (["The learner"], ""),
    ([], ""),
    ([], "the learner"),
    ([], "the"),
    (["the"], ""),
    (["Denver Broncos", "The Denver Broncos", "Denver"], "the Broncos"),
    (["Denver Broncos", "The Denver Broncos", "Denver"], "Denver, Colorado"),
    (["the the cat", "cat"], "the cat the cat"),
    (["a b b c c c"], "b c c d"),
    (["b b b"], "b"),
    (["42.50"], "4250"),
    (["42.50 euros"], "€42.50"),
    (["U.S. army"], "us Army"),
    (["well-known"], "well known"),
    (["snake_case the_end"], "snakecase theend"),
    (["caf\u00e9 a\u0301"], "cafe\u0301 a\u0301"),
    (["na\u00efve Gr\u00f6\u00dfe"], "NA\u00cfVE GR\u00d6\u00dfE"),
    (["\u65e9\u4e0a \u706b\u8f66"], "\u65e9\u4e0a"),
    (["the\u00a0train\u2003leaves"], "train leaves"),
    (["\U0001f600 a smile"], "\U0001f600smile"),
    (["\u201cquoted\u201d"], "quoted"),
    (["\u039f\u0394\u039f\u03a3"], "\u03bf\u03b4\u03bf\u03c2"),
    (["\u0130zmir"], "i\u0307zmir"),
    (["an apple\tand\na pear"], "apple and pear"),
    (["then", "another"], "the n"),
    (["x", "y z", "z"], "z y x"),
]


def main() -> None:
    rows = []
    for row, (answers, said) in enumerate(_ANSWERS):
        metric = SQuAD()
        # It takes no question without an answer: one of nothing is what the script of SQuAD 2.0 makes of it.
        right = answers or [""]
        metric.update(
            [{"id": str(row), "prediction_text": said}],
            [{"id": str(row), "answers": {"text": right, "answer_start": [0] * len(right)}}],
        )
        found = metric.compute()
        rows.append(
            {
                "answers": answers,
                "said": said,
                "exact": found["exact_match"].item() / 100,
                "f1": found["f1"].item() / 100,
            }
        )
    (PARITY / "answers.json").write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
