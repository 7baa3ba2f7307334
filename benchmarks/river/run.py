"""The simplest peers: River on words, test-then-train over the same streams in the same order.

    python3 -m venv venv && venv/bin/pip install -r benchmarks/river/requirements.txt
    benchmarks/run drift --write streams
    venv/bin/python benchmarks/river/run.py streams/*.jsonl

A file has JSON lines with text and label, and change: true in the first one after a change. The
forest takes minutes a stream and comes with --forest.
"""

import json
import sys
import time
from pathlib import Path

from river import drift, feature_extraction, forest, linear_model, multiclass, naive_bayes, optim


def peers(with_forest):
    yield "MultinomialNB", feature_extraction.BagOfWords() | naive_bayes.MultinomialNB()
    yield "TF-IDF, logistic", feature_extraction.TFIDF() | multiclass.OneVsRestClassifier(
        linear_model.LogisticRegression(optim.SGD(0.5))
    )
    if with_forest:
        yield "ARF with ADWIN", feature_extraction.BagOfWords() | forest.ARFClassifier(
            seed=42, drift_detector=drift.ADWIN(0.001), warning_detector=drift.ADWIN(0.01)
        )


def share(hits):
    return f"{sum(hits) / len(hits):.4f}" if hits else ""


def main(files, with_forest):
    print(f"{'stream':12} {'peer':18} {'all':>6} {'from 100':>8} {'2nd half':>8} {'last 1k':>8}  after changes")
    for file in files:
        rows = [json.loads(line) for line in open(file)]
        changes = [i for i, row in enumerate(rows) if row.get("change")]
        for peer, model in peers(with_forest):
            hits = []
            start = time.perf_counter()
            for row in rows:
                hits.append(model.predict_one(row["text"]) == row["label"])
                model.learn_one(row["text"], row["label"])
            seconds = time.perf_counter() - start
            after = " | ".join(
                " ".join(share(hits[change : change + n]) for n in (50, 100, 200, 400)) for change in changes
            )
            print(
                f"{Path(file).stem:12} {peer:18} {share(hits):>6} {share(hits[100:]):>8}"
                f" {share(hits[len(hits) // 2 :]):>8} {share(hits[-1000:]):>8}  {after}"
                f"  {len(hits) / seconds:.0f} examples/s",
                flush=True,
            )


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main([a for a in arguments if a != "--forest"], "--forest" in arguments)
