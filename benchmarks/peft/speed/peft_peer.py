"""PEFT's process: every line of standard input asks for that many steps of each adapter."""

import argparse
import json
import sys
import time
import warnings
from pathlib import Path

import torch
from parity.examples import Examples

from .microbatches import micro_batches
from .models import Base
from .peft_trainer import Predictions, Trainer
from .settings import settings


def main() -> None:
    # A name that PEFT still uses.
    warnings.filterwarnings("ignore", message=".*is_gradient_checkpointing")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("examples", type=Path)
    parser.add_argument("--micro-batches", required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--device", choices=["cpu", "gpu"], required=True)
    parser.add_argument("--total-steps", type=int, required=True)
    parser.add_argument("--base", required=True)
    parser.add_argument("--directory", type=Path)
    parser.add_argument("--predictions", type=Predictions, required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    sizes = [int(size) for size in options.micro_batches.split(",")]
    device = torch.device("cuda" if options.device == "gpu" else "cpu")
    base = Base(options.base, options.directory)
    trainer = Trainer(
        base, settings(options.total_steps), len(sizes), options.predictions, device
    )
    batches = micro_batches(Examples.read(options.examples), sizes)
    for line in sys.stdin:
        print(json.dumps(_train(trainer, batches, int(line))), flush=True)


def _train(trainer: Trainer, batches, steps: int) -> dict:
    answer = {"nanos": [], "tokens": 0, "paddedTokens": 0, "correct": 0}
    for _ in range(steps):
        step = next(batches)
        start = time.perf_counter_ns()
        for adapter, batch in zip(trainer.adapters, step, strict=True):
            answer["correct"] += trainer.train(adapter, batch)
        trainer.finish()
        answer["nanos"].append(time.perf_counter_ns() - start)
        answer["tokens"] += sum(batch.tokens() for batch in step)
        answer["paddedTokens"] += sum(batch.padded_tokens() for batch in step)
    return answer


if __name__ == "__main__":
    main()
