"""Numbers drawn by counter: the tests in Java draw the same ones, so they need no file."""

import math

import numpy as np

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def uniform(seed: int, stream: int, shape: tuple[int, ...], deviation: float) -> np.ndarray:
    """Floats of mean 0 and the given standard deviation, row-major.

    Number i is made of the upper 24 bits of SplitMix64's finaliser of
    seed + (stream * 2**32 + i + 1) * gamma, so it is exact in 32 and in 64 bits.
    """
    counter = np.arange(1, math.prod(shape) + 1, dtype=np.uint64) + np.uint64(stream << 32)
    z = np.uint64(seed) + counter * _GAMMA
    z = (z ^ (z >> np.uint64(30))) * _FIRST
    z = (z ^ (z >> np.uint64(27))) * _SECOND
    z = z ^ (z >> np.uint64(31))
    unit = (z >> np.uint64(40)).astype(np.float64) * 2.0**-23 - 1
    return (unit * (deviation * math.sqrt(3))).astype(np.float32).reshape(shape)
