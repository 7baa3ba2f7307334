"""Golden files: what PEFT did in each case, small enough to commit and readable from Java."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

from .cases import Case
from .training import Run

RESOURCES = Path(__file__).parents[3] / "adapters/src/test/resources"
PARITY = RESOURCES / "parity"
PEFT = RESOURCES / "peft"
MODELS = RESOURCES / "models"


def write(case: Case, run: Run) -> None:
    """Writes NAME.json and NAME.safetensors.

    Singular values are kept in full, of every other tensor each `sample_stride`-th value in
    row-major order.
    """
    content = {
        "settings": asdict(case),
        "middleStep": case.middle_step,
        "smallestGap": rounded(run.smallest_gap) if np.isfinite(run.smallest_gap) else None,
        "loss": [rounded(x) for x in run.loss],
        "orthogonalityLoss": [rounded(x) for x in run.orthogonality_loss],
        "gradientNorm": [rounded(x) for x in run.gradient_norm],
        "learningRate": [rounded(x) for x in run.learning_rate],
        "budget": run.budget,
        "live": ["".join("1" if alive else "0" for alive in live) for live in run.live],
    }
    PARITY.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, separators=(",", ":")) + "\n"
    (PARITY / f"{case.name}.json").write_text(text)
    save_file(sampled(case, run.tensors), PARITY / f"{case.name}.safetensors")


def read(case: Case) -> Run:
    """The committed run of a case; its tensors are sampled."""
    path = PARITY / f"{case.name}.json"
    if not path.exists():
        raise SystemExit(f"{path} is missing, expected the goldens of {case.name}.")
    content = json.loads(path.read_text())
    return Run(
        loss=content["loss"],
        orthogonality_loss=content["orthogonalityLoss"],
        gradient_norm=content["gradientNorm"],
        learning_rate=content["learningRate"],
        budget=content["budget"],
        live=[[bit == "1" for bit in live] for live in content["live"]],
        smallest_gap=content["smallestGap"],
        tensors=load_file(PARITY / f"{case.name}.safetensors"),
    )


def sampled(case: Case, tensors: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What the golden file keeps of each tensor, flat."""
    return {
        name: np.ascontiguousarray(values.ravel()[:: _stride(case, name)])
        for name, values in tensors.items()
    }


def _stride(case: Case, name: str) -> int:
    return 1 if name.endswith("lora_E") or "classifier" in name else case.sample_stride


def rounded(value: float) -> float:
    """Nine digits tell every 32-bit float from the next."""
    return float(f"{value:.9g}")
