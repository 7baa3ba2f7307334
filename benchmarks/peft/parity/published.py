"""Loads what Rankstream published with PEFT and compares the logits."""

import json
from pathlib import Path

import torch
from peft import PeftModel
from peft.utils import get_peft_model_state_dict
from safetensors.torch import load_file

from . import minilm, tiny
from .classifier import classifier
from .directories import logits

_TOLERANCE = 1e-4


def compare(version: Path, logits_file: Path, base: Path | None) -> int:
    """Compares every directory of PEFT in a published version; 1 if one of them differs."""
    pooling = json.loads((version / "provenance.json").read_text())["pooling"]
    if pooling != "MEAN":
        raise SystemExit(f"{version} pools by {pooling}, expected MEAN.")
    directories = sorted(path.parent for path in version.glob("*/adapter_config.json"))
    if not directories:
        raise SystemExit(f"{version} holds no directory of PEFT, expected adalora or lora.")
    expected = json.loads(logits_file.read_text())
    within = True
    for directory in directories:
        found = logits(_load(directory, base), expected["tokenIds"])
        deviation = (found - torch.tensor(expected["logits"])).abs().max().item()
        print(f"{directory.name}: {len(found)} texts, largest deviation {deviation:.1e}")
        within = within and deviation <= _TOLERANCE
    return 0 if within else 1


def _load(directory: Path, base: Path | None) -> PeftModel:
    stored = load_file(directory / "adapter_model.safetensors")
    labels = stored["base_model.model.classifier.weight"].shape[0]
    read = tiny.read(base) if base else minilm.read()
    model = PeftModel.from_pretrained(classifier(*read, labels), directory)
    _require_same_tensors(directory, stored, get_peft_model_state_dict(model))
    return model


def _require_same_tensors(directory: Path, stored: dict, loaded: dict) -> None:
    """PEFT only warns of what a file lacks or has too many."""
    missing = sorted(loaded.keys() - stored.keys())
    unexpected = sorted(stored.keys() - loaded.keys())
    if missing or unexpected:
        raise SystemExit(
            f"{directory} lacks {missing or 'nothing'} and has {unexpected or 'nothing'} too many,"
            " expected the tensors that PEFT reads."
        )
