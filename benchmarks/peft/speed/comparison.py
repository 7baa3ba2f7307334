"""Sides that train the same in turns, so that what else the machine does meets all of them."""

import json
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import mean, median

from . import models, peer
from .peer import Answer, Peer, Run
from .peft_trainer import Predictions
from .workloads import BATCH, SUBJECTS, Workload

# A process has loaded when it has taken a step.
_FIRST_STEPS = 1


@dataclass(frozen=True)
class Effort:
    """How much is measured, after steps to warm up that all sides take once all have loaded."""

    rounds: int
    steps: int
    warm_up: int
    threads: int
    device: str
    base: str = models.MINILM

    def total_steps(self) -> int:
        return _FIRST_STEPS + self.warm_up + self.rounds * self.steps


@dataclass(frozen=True)
class Side:
    """One way to train."""

    name: str
    start: Callable[[Run], Peer]
    predicts: bool = True


@dataclass
class Measurement:
    """What one side took, an answer a round."""

    side: Side
    examples_per_step: int
    answers: list[Answer] = field(default_factory=list)
    peak_bytes: int = 0

    def seconds_per_step(self) -> list[float]:
        """Mean of each round, so that a mask counts with its share."""
        return [mean(answer.nanos) / 1e9 for answer in self.answers]

    def median_seconds_per_step(self) -> float:
        return median(self.seconds_per_step())

    def examples_per_second(self) -> float:
        return self.examples_per_step / self.median_seconds_per_step()

    def useful_token_share(self) -> float:
        return self._sum("tokens") / self._sum("paddedTokens")

    def accuracy(self) -> float | None:
        """Of the predictions before each step; none from a side that makes none."""
        if not self.side.predicts:
            return None
        steps = sum(len(answer.nanos) for answer in self.answers)
        return self._sum("correct") / (steps * self.examples_per_step)

    def ratios(self, base: "Measurement") -> list[float]:
        """Time as a multiple of what `base` took in the same round."""
        pairs = zip(self.seconds_per_step(), base.seconds_per_step(), strict=True)
        return [own / other for own, other in pairs]

    def _sum(self, name: str) -> int:
        return sum(getattr(answer, name) for answer in self.answers)


@dataclass(frozen=True)
class Comparison:
    """Sides that trained the same; ratios are to the first."""

    name: str
    micro_batches: list[int]
    measurements: list[Measurement]

    def as_json(self) -> dict:
        return {
            "name": self.name,
            "microBatches": self.micro_batches,
            "sides": [self._side(measurement) for measurement in self.measurements],
        }

    def _side(self, found: Measurement) -> dict:
        return {
            "name": found.side.name,
            "secondsPerStep": found.median_seconds_per_step(),
            "examplesPerSecond": found.examples_per_second(),
            "ratios": found.ratios(self.measurements[0]),
            "usefulTokenShare": found.useful_token_share(),
            "accuracy": found.accuracy(),
            "peakBytes": found.peak_bytes,
            "nanos": [answer.nanos for answer in found.answers],
        }


def one_adapter(workload: Workload, effort: Effort, train_only: bool = True) -> Comparison:
    """One adapter and full micro-batches, with predictions, and of PEFT without them too unless
    `train_only` is false."""
    alone = Side("PEFT, train only", _peft(Predictions.NONE), predicts=False)
    sides = [
        Side("Rankstream, test-then-train", peer.rankstream),
        *([alone] if train_only else []),
        *_peft_test_then_train("PEFT, test-then-train"),
    ]
    return _compare(f"{workload.name}: {workload.meaning}", sides, workload, [BATCH], effort)


def few_examples_each(adapters: int, texts: list[int], effort: Effort) -> Comparison:
    """Many adapters with a few short texts each: as many as `texts` says, in turn."""
    sides = [
        Side("Rankstream, bundled", lambda run: peer.rankstream(run, bundled=True)),
        Side("Rankstream, one at a time", peer.rankstream),
        *_peft_test_then_train("PEFT"),
    ]
    sizes = [texts[i % len(texts)] for i in range(adapters)]
    name = f"{_count(adapters, 'adapter')}, {_count(sum(sizes), 'subject')}"
    return _compare(name, sides, SUBJECTS, sizes, effort)


def many_examples_of_one(effort: Effort) -> Comparison:
    """The reference: a full micro-batch of short texts, of one adapter."""
    sides = [
        Side("Rankstream", peer.rankstream),
        *_peft_test_then_train("PEFT"),
    ]
    return _compare(f"1 adapter, {BATCH} subjects", sides, SUBJECTS, [BATCH], effort)


def _count(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def write(comparisons: list[Comparison], effort: Effort, path: Path) -> None:
    content = {**asdict(effort), "comparisons": [c.as_json() for c in comparisons]}
    path.write_text(json.dumps(content, indent=1) + "\n")


def _peft_test_then_train(name: str) -> list[Side]:
    """Predictions from the training pass, and from a pass of their own."""
    return [
        Side(f"{name}, one pass", _peft(Predictions.TRAINING_PASS)),
        Side(f"{name}, two passes", _peft(Predictions.OWN_PASS)),
    ]


def _peft(predictions: Predictions) -> Callable[[Run], Peer]:
    return lambda run: peer.peft(run, predictions)


def _compare(
    name: str, sides: list[Side], workload: Workload, sizes: list[int], effort: Effort
) -> Comparison:
    with tempfile.TemporaryDirectory() as folder:
        base = models.Base(effort.base).at_hand(Path(folder))
        file = Path(folder) / "examples.json"
        workload.examples(base, sum(sizes) * effort.total_steps()).write(file)
        run = Run(base, file, sizes, effort.threads, effort.device, effort.total_steps())
        return Comparison(name, sizes, _measure(sides, run, effort))


def _measure(sides: list[Side], run: Run, effort: Effort) -> list[Measurement]:
    measurements = [Measurement(side, sum(run.micro_batches)) for side in sides]
    with ExitStack() as stack:
        turns = []
        for measurement in measurements:
            process = stack.enter_context(measurement.side.start(run))
            process.train(_FIRST_STEPS)
            turns.append((measurement, process))
        for _, process in turns:
            process.train(effort.warm_up)
        for _ in range(effort.rounds):
            for measurement, process in turns:
                measurement.answers.append(process.train(effort.steps))
            turns.reverse()
        for measurement, process in turns:
            measurement.peak_bytes = process.peak_bytes()
    return measurements
