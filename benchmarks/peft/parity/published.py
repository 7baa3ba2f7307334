"""Loads what Rankstream published with PEFT and compares the logits."""

import json
from pathlib import Path

import torch
from peft import PeftModel
from peft.utils import get_peft_model_state_dict
from safetensors.torch import load_file

from . import tiny
from .classifier import classifier
from .directories import logits

_TOLERANCE = 1e-4


def compare(version: str, base: str, logits_file: str) -> int:
    """Compares both directories of a published version; 1 if one of them differs."""
    folder = Path(version)
    provenance = json.loads((folder / "provenance.json").read_text())
    if provenance["pooling"] != "MEAN":
        raise SystemExit(f"{folder} pools by {provenance['pooling']}, expected MEAN.")
    expected = json.loads(Path(logits_file).read_text())
    within = True
    for kind in ("adalora", "lora"):
        found = logits(_load(folder / kind, Path(base)), expected["tokenIds"])
        deviation = (found - torch.tensor(expected["logits"])).abs().max().item()
        print(f"{kind}: {len(found)} texts, largest deviation of a logit {deviation:.1e}")
        within = within and deviation <= _TOLERANCE
    return 0 if within else 1


def _load(directory: Path, base: Path) -> PeftModel:
    stored = load_file(directory / "adapter_model.safetensors")
    labels = stored["base_model.model.classifier.weight"].shape[0]
    model = PeftModel.from_pretrained(classifier(*tiny.read(base), labels), directory)
    _require_same_names(directory, stored, get_peft_model_state_dict(model))
    return model


def _require_same_names(directory: Path, stored: dict, loaded: dict) -> None:
    missing = sorted(loaded.keys() - stored.keys())
    unexpected = sorted(stored.keys() - loaded.keys())
    if missing or unexpected:
        raise SystemExit(
            f"{directory} lacks {missing or 'nothing'} and has {unexpected or 'nothing'} too many,"
            " expected the names that PEFT reads."
        )
