"""Writes a stream for `benchmarks/run baselines --file` and `drift --file` out of labelled texts.

    python3 benchmarks/intents.py FILE --count 4000 > STREAM.jsonl
    python3 benchmarks/intents.py FILE --by domain --count 400 > STREAM.jsonl

FILE is gzipped JSON lines with text and label. Examples come in an order by chance, which the seed
decides; with --by, one value of that field after another, so many of each. Lines without a value
are left out.
"""

import argparse
import gzip
import json
import random


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file")
    parser.add_argument("--by", metavar="FIELD", help="field whose values come one after another")
    parser.add_argument("--count", type=int, required=True, help="examples, of each value with --by")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with gzip.open(options.file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    chance = random.Random(options.seed)
    chance.shuffle(rows)
    parts = [rows]
    if options.by:
        values = sorted({row.get(options.by) for row in rows} - {None, ""})
        chance.shuffle(values)
        parts = [[row for row in rows if row.get(options.by) == value] for value in values]
    for number, part in enumerate(parts):
        for place, row in enumerate(part[: options.count]):
            line = {"text": row["text"], "label": row["label"], "change": number > 0 and place == 0}
            print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main()
