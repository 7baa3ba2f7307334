"""Loads what Rankstream published with PEFT and compares the logits."""

import json
from pathlib import Path

import torch
from peft import PeftModel
from peft.utils import get_peft_model_state_dict
from safetensors.torch import load_file

from . import card, minilm, tiny
from .classifier import classifier, padded
from .directories import logits

_TOLERANCE = 1e-4


def compare(version: Path, logits_file: Path, base: Path | None) -> int:
    """Compares the card's code and every directory of PEFT below `version`; 1 if one differs.

    `version` is the folder of a published version, or what `rankstream adapter export` wrote.
    """
    expected = json.loads(logits_file.read_text())
    wanted = torch.tensor(expected["logits"])
    labels = json.loads((version / "labels.json").read_text())
    one_label = "problem_type" not in labels
    found = card.logits(version, expected["texts"], base)
    within = _report("README.md", found, wanted, one_label)
    outputs = 1 if labels.get("problem_type") == "regression" else len(labels["id2label"])
    directories = sorted(path.parent for path in version.glob("**/adapter_config.json"))
    for directory in directories:
        own_head = labels["pooling"] == "POOLER" or labels.get("head") == "OWN"
        model = _load(directory, own_head, outputs, base)
        reads_first = labels["pooling"] == "CLS" and not own_head
        found = _logits(model, reads_first, expected["tokenIds"])
        within = _report(directory.name or ".", found, wanted, one_label) and within
    return 0 if within else 1


def _report(name: str, found: torch.Tensor, expected: torch.Tensor, one_label: bool) -> bool:
    if one_label:
        # Rankstream's may be logarithms of probabilities, which are equal up to a constant of a text.
        found, expected = found.log_softmax(1), expected.log_softmax(1)
    deviation = (found - expected).abs().max().item()
    print(f"{name}: {len(found)} texts, largest deviation {deviation:.1e}")
    return deviation <= _TOLERANCE


def _load(directory: Path, own_head: bool, outputs: int, base: Path | None) -> PeftModel:
    stored = load_file(directory / "adapter_model.safetensors")
    read = tiny.read(base) if base else minilm.read()
    built = classifier(*read, outputs, own_head=own_head)
    model = PeftModel.from_pretrained(built, directory)
    _require_same_tensors(directory, stored, get_peft_model_state_dict(model))
    return model


def _logits(model: PeftModel, reads_first: bool, token_ids: list[list[int]]) -> torch.Tensor:
    if not reads_first:
        return logits(model, token_ids)
    ids, mask = padded(token_ids, model.config.pad_token_id)
    adapted = model.eval().base_model.model
    with torch.no_grad():
        tokens = adapted.base_model(input_ids=ids, attention_mask=mask).last_hidden_state
        return adapted.classifier(tokens[:, 0])


def _require_same_tensors(directory: Path, stored: dict, loaded: dict) -> None:
    """PEFT only warns of what a file lacks or has too many."""
    missing = sorted(loaded.keys() - stored.keys())
    unexpected = sorted(stored.keys() - loaded.keys())
    if missing or unexpected:
        raise SystemExit(
            f"{directory} lacks {missing or 'nothing'} and has {unexpected or 'nothing'} too many,"
            " expected the tensors that PEFT reads."
        )
