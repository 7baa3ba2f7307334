"""The simplest peers: River on words, test-then-train over the same streams in the same order.

    python3 -m venv venv && venv/bin/pip install -r benchmarks/river/requirements.txt
    venv/bin/python benchmarks/river/run.py [FILE ...]

Without a file, the demo's mails: spam and list as they came, and list rearranged (topic, swap), as
`benchmarks/run mixture` has them. A file has JSON lines with text and label.
"""

import gzip
import json
import sys
import time
from collections import Counter
from pathlib import Path

from river import feature_extraction, linear_model, multiclass, naive_bayes, optim

MAILS = Path(__file__).parents[2] / "ops/src/main/resources/io/rankstream/ops/demo/mail-stream.jsonl.gz"
CONVERSATION = {"fork.xent.com", "ilug.linux.ie", "social.linux.ie"}
PAIRS = {
    "fork.xent.com": "ilug.linux.ie",
    "rpm-zzzlist.freshrpms.net": "razor-users.example.sourceforge.net",
}
PAIRS |= {there: here for here, there in PAIRS.items()}
SWAPPED = 1600


def mails():
    with gzip.open(MAILS, "rt") as lines:
        rows = [json.loads(line) for line in lines]
    text = {row["id"]: row["subject"] + "\n" + row["body"] for row in rows}
    sizes = Counter(row["list"] for row in rows if row["list"])
    listed = [(text[row["id"]], row["list"]) for row in rows if sizes[row["list"]] >= 50]
    yield "spam", [(text[row["id"]], row["label"]) for row in rows], None
    yield "list", listed, None
    first = [row for row in listed if row[1] in CONVERSATION]
    yield "topic", first + [row for row in listed if row[1] not in CONVERSATION], len(first)
    swapped = [(text, PAIRS.get(label, label)) for text, label in listed[SWAPPED:]]
    yield "swap", listed[:SWAPPED] + swapped, SWAPPED


def peers():
    yield "MultinomialNB", feature_extraction.BagOfWords() | naive_bayes.MultinomialNB()
    yield "TF-IDF, logistic", feature_extraction.TFIDF() | multiclass.OneVsRestClassifier(
        linear_model.LogisticRegression(optim.SGD(0.5))
    )


def share(hits):
    return f"{sum(hits) / len(hits):.4f}" if hits else ""


def main(files):
    streams = list(mails()) if not files else [
        (Path(file).stem, [(row["text"], row["label"]) for row in map(json.loads, open(file))], None)
        for file in files
    ]
    print(f"{'stream':10} {'peer':18} {'all':>6} {'from 100':>8} {'2nd half':>8} {'last 1k':>8}  after change")
    for name, examples, change in streams:
        for peer, model in peers():
            hits = []
            start = time.perf_counter()
            for text, label in examples:
                hits.append(model.predict_one(text) == label)
                model.learn_one(text, label)
            seconds = time.perf_counter() - start
            after = "  ".join(share(hits[change : change + n]) for n in (50, 100, 200, 400)) if change else ""
            print(
                f"{name:10} {peer:18} {share(hits):>6} {share(hits[100:]):>8} {share(hits[len(hits) // 2 :]):>8}"
                f" {share(hits[-1000:]):>8}  {after}  {len(hits) / seconds:.0f} examples/s",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:])
