"""Where River's ADWIN first cuts streams of yes and no, and how long its window is then: what the test
of our own window compares with.

    venv/bin/python benchmarks/river/adwin.py \
        > adapters/src/test/resources/io/rankstream/adapters/drift/detector/river-adwin.csv

A stream is drawn by a linear congruential generator, so that the test can draw it again.
"""

import itertools

from river.drift import ADWIN

LENGTH = 3000
CHANGE = 1500
SHARES = [0, 0.02, 0.1, 0.3, 0.5, 0.9]
DELTAS = [0.002, 0.05, 1]


def stream(seed, before, after):
    state = seed
    for i in range(LENGTH):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        yield (state >> 33) / 2**31 < (before if i < CHANGE else after)


def first_cut(seed, before, after, delta):
    window = ADWIN(delta=delta, clock=1, max_buckets=5, min_window_length=5, grace_period=10)
    for i, yes in enumerate(stream(seed, before, after)):
        window.update(int(yes))
        if window.drift_detected:
            return i + 1, int(window.width)
    return 0, int(window.width)


print("seed,change,before,after,delta,cut,window")
for seed, (before, after) in enumerate(itertools.product(SHARES, SHARES)):
    for delta in DELTAS:
        cut, width = first_cut(seed, before, after, delta)
        print(f"{seed},{CHANGE},{before},{after},{delta},{cut},{width}")
