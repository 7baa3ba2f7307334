"""Loads what Rankstream published with PEFT and compares the logits."""

import json
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from peft import PeftModel
from peft.utils import get_peft_model_state_dict
from safetensors.torch import load_file
from transformers import PreTrainedModel

from . import card, minilm, tiny
from .classifier import READERS, classifier, padded, reader

_ROOT = Path(__file__).parents[3]
# An adapter that learned at a high rate enlarges what is rounded; then Rankstream may be off by
# twice what PEFT itself is off by in float.
_TOLERANCE = 1e-4


@dataclass(frozen=True)
class Text:
    """A text or a pair, the windows that it is read in, and Rankstream's logits of it.

    They are a row, or of a task that reads every token a row a token, window after window.
    """

    text: list[str]
    windows: list[dict]
    logits: torch.Tensor


def compare(version: Path, logits_file: Path, base: Path | None) -> int:
    """Compares the card's code and every directory of PEFT below `version`; 1 if one differs.

    `version` is the folder of a published version, or what `rankstream adapter export` wrote.
    """
    texts = [
        Text(text["text"], text["windows"], torch.tensor(text["logits"]))
        for text in json.loads(logits_file.read_text())
    ]
    labels = json.loads((version / "labels.json").read_text())
    task = labels.get("task", "classification")
    one_label = task == "classification"
    card_texts = [text.text for text in texts]
    if task in READERS:
        found = card.logits_of_tokens(version, card_texts, base)
        # The card reads the first window alone.
        wanted = [text.logits[: len(text.windows[0]["ids"])] for text in texts]
    else:
        found = card.logits(version, card_texts, base)
        wanted = [text.logits for text in texts]
    deviation = _deviation("README.md", found, wanted, one_label)
    print(f"README.md: {len(texts)} texts, largest deviation {deviation:.1e}", flush=True)
    within = deviation <= _TOLERANCE
    wanted = [text.logits for text in texts]
    for directory in sorted(path.parent for path in version.glob("**/adapter_config.json")):
        name = directory.name or "."
        model = _load(directory, _base(labels, task, base))
        read = _reading(model, labels, task)
        found = _logits(read, texts)
        model.double()
        exact = _logits(read, texts)
        deviation = _deviation(name, exact, wanted, one_label)
        rounding = _deviation(name, exact, found, one_label)
        print(
            f"{name}: {len(texts)} texts, largest deviation {deviation:.1e}"
            f" from PEFT in double, whose own in float is {rounding:.1e}",
            flush=True,
        )
        within = deviation <= max(_TOLERANCE, 2 * rounding) and within
    return 0 if within else 1


def compare_all(bases: list[Path | None]) -> int:
    """Publishes adapters of each task, head and method over each base model, and compares them."""
    within = True
    with tempfile.TemporaryDirectory() as work:
        for number, base in enumerate(bases):
            out = Path(work) / str(number)
            out.mkdir()
            command = [_ROOT / "benchmarks/run", "versions", "--out", out]
            subprocess.run([*command, "--model", base] if base else command, check=True)
            for logits_file in sorted(out.glob("*.json")):
                name = logits_file.stem
                print(f"{base.name if base else 'all-MiniLM-L6-v2'}, {name}", flush=True)
                within = compare(out / name, logits_file, base) == 0 and within
    return 0 if within else 1


def _logits(read: Callable[[dict], torch.Tensor], texts: list[Text]) -> list[torch.Tensor]:
    return [torch.cat([read(window) for window in text.windows]) for text in texts]


def _deviation(
    name: str, found: list[torch.Tensor], expected: list[torch.Tensor], one_label: bool
) -> float:
    if one_label:
        # Rankstream's may be logarithms of probabilities, which are equal up to a constant of a text.
        found = [rows.log_softmax(1) for rows in found]
        expected = [rows.log_softmax(1) for rows in expected]
    if [rows.shape for rows in found] != [rows.shape for rows in expected]:
        shapes = [list(rows.shape) for rows in expected]
        raise SystemExit(f"{name} gives logits of other shapes, expected {shapes} of the texts.")
    return max((f - e).abs().max().item() for f, e in zip(found, expected))


def _base(labels: dict, task: str, base: Path | None) -> PreTrainedModel:
    """transformers' model under an adapter; a linear head reads the mean in it, whatever it is to read."""
    config, encoder = tiny.read(base) if base else minilm.read()
    outputs = len(labels["id2label"]) if "id2label" in labels else labels["num_labels"]
    own_head = labels["pooling"] == "POOLER" or labels.get("head") == "OWN"
    if task in READERS:
        return reader(task, config, encoder, outputs, own_head)
    several = labels.get("problem_type") == "multi_label_classification"
    return classifier(config, encoder, outputs, own_head=own_head, several=several)


def _load(directory: Path, base: PreTrainedModel) -> PeftModel:
    stored = load_file(directory / "adapter_model.safetensors")
    model = PeftModel.from_pretrained(base, directory).eval()
    _require_same_tensors(directory, stored, get_peft_model_state_dict(model))
    return model


def _reading(model: PeftModel, labels: dict, task: str) -> Callable[[dict], torch.Tensor]:
    """What gives the logits of a window."""
    # PEFT's own class for questions drops the token types.
    adapted = model.base_model
    reads_first = labels["pooling"] == "CLS" and labels.get("head") != "OWN"

    def read(window: dict) -> torch.Tensor:
        ids, mask = padded([window["ids"]])
        inputs = {"input_ids": ids, "attention_mask": mask}
        if window["second"] < ids.shape[1]:
            inputs["token_type_ids"] = (torch.arange(ids.shape[1]) >= window["second"]).long()[None]
        with torch.no_grad():
            if reads_first:
                classes = adapted.model
                return classes.classifier(classes.base_model(**inputs).last_hidden_state[:, 0])
            output = adapted(**inputs)
        if task == "question-answering":
            return torch.stack([output.start_logits[0], output.end_logits[0]], 1)
        return output.logits[0] if task in READERS else output.logits

    return read


def _require_same_tensors(directory: Path, stored: dict, loaded: dict) -> None:
    """PEFT only warns of what a file lacks or has too many."""
    missing = sorted(loaded.keys() - stored.keys())
    unexpected = sorted(stored.keys() - loaded.keys())
    if missing or unexpected:
        raise SystemExit(
            f"{directory} lacks {missing or 'nothing'} and has {unexpected or 'nothing'} too many,"
            " expected the tensors that PEFT reads."
        )
