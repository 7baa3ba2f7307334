"""A process that trains on request and waits meanwhile."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .models import Base
from .peft_trainer import Predictions
from .settings import settings, training_options

_ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Run:
    """What every side of a comparison trains.

    `examples` is a file; `micro_batches` has the size of each adapter's, and a step is one of every
    adapter. The run ends before `total_steps`.
    """

    base: Base
    examples: Path
    micro_batches: list[int]
    threads: int
    device: str
    total_steps: int

    def arguments(self) -> list[str]:
        sizes = ",".join(map(str, self.micro_batches))
        return [
            str(self.examples),
            f"--micro-batches={sizes}",
            f"--threads={self.threads}",
            f"--device={self.device}",
        ]


@dataclass(frozen=True)
class Answer:
    """Wall time of each step, and what was trained on in all of them."""

    nanos: list[int]
    tokens: int
    paddedTokens: int
    correct: int


# As ./rankstream has it: what a step frees is not handed back to the system, on either side.
_KEEP_FREED_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(4 << 30),
    "MALLOC_TOP_PAD_": str(64 << 20),
}


class Peer:
    """Handle of such a process."""

    def __init__(self, command: list[str], threads: int):
        self._command = command
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={
                **_KEEP_FREED_MEMORY,
                **os.environ,
                "OMP_NUM_THREADS": str(threads),
                "PYTHONPATH": str(Path(__file__).parents[1]),
            },
        )

    def train(self, steps: int) -> Answer:
        """Waits until every adapter has taken `steps` steps."""
        try:
            print(steps, file=self._process.stdin, flush=True)
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise SystemExit(
                f"{' '.join(self._command)} ended with exit code {self._process.wait()}, expected"
                " an answer."
            )
        return Answer(**json.loads(answer))

    def peak_bytes(self) -> int:
        """Peak resident memory since its start."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
        return int(peak.split()[1]) * 1024

    def __enter__(self) -> "Peer":
        return self

    def __exit__(self, *_) -> None:
        self._process.stdin.close()
        self._process.wait()


def build() -> None:
    """Builds of Rankstream what is out of date."""
    subprocess.run(["mvn", "-q", "-B", "package", "-DskipTests"], cwd=_ROOT, check=True)


def rankstream(run: Run, *, bundled: bool = False) -> Peer:
    """Our trainer; `bundled` hands it the micro-batches of all adapters at once."""
    options = training_options(run.base.adapting(settings(run.total_steps)))
    command = [str(_ROOT / "benchmarks/launch"), "peer", *run.arguments()]
    command += [f"--set={option}" for option in options]
    if run.base.directory:
        command += [f"--model={run.base.directory}"]
    return Peer(command + (["--bundled"] if bundled else []), run.threads)


def peft(run: Run, predictions: Predictions) -> Peer:
    command = [sys.executable, "-m", "speed.peft_peer", *run.arguments()]
    command += [f"--total-steps={run.total_steps}", f"--predictions={predictions}"]
    command += [f"--base={run.base.name}"]
    if run.base.directory:
        command += [f"--directory={run.base.directory}"]
    return Peer(command, run.threads)
