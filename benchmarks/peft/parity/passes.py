"""What transformers and PEFT make of a few batches: hidden states, logits, losses and gradients."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from peft import PeftModel
from safetensors.numpy import save_file
from torch.nn import Parameter
from transformers import AutoConfig, AutoModel, AutoTokenizer

from . import tiny
from .cases import Case
from .classifier import classifier, padded, task_loss
from .draws import uniform
from .goldens import PARITY, rounded
from .training import ADAPTER, adapt, adapted_layers, head

_CASE = Case(
    "pass",
    init_rank=2,
    alpha=4.0,
    initial_deviation=0.1,
    orthogonality=0.0,
)

_LABELS = 3

# Streams of the singular values, above all that `adapt` draws from.
_SINGULAR_VALUES = 1000
_SINGULAR_DEVIATION = 0.5

_ONE_TOKEN = " the"
_SHORT = "The price of the order is 42.50."
_LONG = "Nobody reads the manual until something breaks, and then everybody wants one. " * 4

_BATCHES = {
    "one-token": [(_ONE_TOKEN,)],
    "no-padding": [(_SHORT,)],
    "at-the-limit": [(_LONG,)],
    "together": [(_SHORT,), (_LONG,), ("",), (_ONE_TOKEN,), ("Größe 早上 \U0001f600",)],
    "pairs": [("the learner", "never stops"), (_SHORT, "It is free."), ("", "no"), (_LONG, "no")],
    # A text may spell the padding token: no mask hides it, but positions do not count it.
    "padding-token-in-the-text": [("the list <pad> is <pad><pad> here",), ("<pad>",), (_SHORT,)],
}

_WITH_GRADIENTS = ("together", "pairs")

_MOST = max(map(len, _BATCHES.values()))

# Of the texts of a batch, by the task.
_LABELS_OF_OTHERS = {
    "regression": [0.5, -3.0, 4.25, 2.0, 0.0],
    "multi-label": [[1.0, 0.0, 1.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]],
}


def write(directory: Path, target_modules: tuple[str, ...]) -> None:
    """Writes pass-NAME.json and pass-NAME.safetensors of a model directory NAME.

    Hidden states are the base model's, of real tokens alone, text after text. Each head gives its
    logits and loss with the base model, and then with an adapter whose A, E and B are all drawn;
    gradients are those of the latter loss.
    """
    batches = _batches(directory, _BATCHES, [row % _LABELS for row in range(_MOST)])
    tensors = _hidden_states(directory, batches)
    tensors |= _passes(directory, target_modules, batches, _LABELS)
    _write(directory.name, directory, target_modules, batches, tensors)


def write_of_other_tasks(directory: Path, target_modules: tuple[str, ...]) -> None:
    """Writes pass-NAME-TASK.json and .safetensors: the same of the tasks that a text is read as a whole for.

    They have one batch; labels are numbers, or for each label 1 or 0.
    """
    for task, labels in _LABELS_OF_OTHERS.items():
        batches = _batches(directory, ["together"], labels)
        outputs = len(labels[0]) if task == "multi-label" else 1
        tensors = _passes(directory, target_modules, batches, outputs)
        _write(f"{directory.name}-{task}", directory, target_modules, batches, tensors)


def _batches(directory: Path, names: Iterable[str], labels: list) -> list[dict]:
    tokenizer = AutoTokenizer.from_pretrained(directory)
    batches = []
    for name in names:
        texts = _BATCHES[name]
        read = [tokenizer(*text, truncation=True) for text in texts]
        ids = [text["input_ids"] for text in read]
        batches.append({"name": name, "texts": texts, "tokenIds": ids, "labels": labels[: len(texts)]})
        if getattr(AutoConfig.from_pretrained(directory), "type_vocab_size", 0) > 1:
            batches[-1]["types"] = [text["token_type_ids"] for text in read]
    return batches


def _passes(
    directory: Path, target_modules: tuple[str, ...], batches: list[dict], outputs: int
) -> dict[str, np.ndarray]:
    """Adds logits and losses to batches; returns the adapter, the heads and the gradients."""
    case = replace(_CASE, target_modules=target_modules)
    tensors = {}
    for name, own_head in (("mean", False), ("own", True)):
        several = isinstance(batches[0]["labels"][0], list)
        base = classifier(*tiny.read(directory), outputs, own_head=own_head, several=several)
        model = adapt(case, base)
        for batch in batches:
            logits, loss = _forward(model, batch)
            batch[name] = {"baseLogits": _numbers(logits), "baseLoss": rounded(loss.item())}
        triplets = draw_singular_values(model)
        tensors |= {f"adapter.{key}": p.detach().numpy() for key, p in triplets.items()}
        tensors |= {f"{name}.{key}": p.detach().numpy() for key, p in head(model).items()}
        for batch in batches:
            logits, loss = _forward(model, batch)
            batch[name] |= {"logits": _numbers(logits), "loss": rounded(loss.item())}
            if batch["name"] in _WITH_GRADIENTS:
                trained = triplets | head(model)
                gradients = torch.autograd.grad(loss, list(trained.values()))
                for key, gradient in zip(trained, gradients):
                    tensors[f"{batch['name']}.{name}.gradient.{key}"] = gradient.numpy()
    return tensors


def _write(
    name: str,
    directory: Path,
    target_modules: tuple[str, ...],
    batches: list[dict],
    tensors: dict[str, np.ndarray],
) -> None:
    content = {
        "model": directory.name,
        "targetModules": target_modules,
        "rank": _CASE.init_rank,
        "alpha": _CASE.alpha,
        "batches": batches,
    }
    text = json.dumps(content, separators=(",", ":")) + "\n"
    (PARITY / f"pass-{name}.json").write_text(text)
    save_file(tensors, PARITY / f"pass-{name}.safetensors")


def _hidden_states(directory: Path, batches: list[dict]) -> dict[str, np.ndarray]:
    model = AutoModel.from_pretrained(directory, attn_implementation="eager")
    states = {}
    for batch in batches:
        inputs = _inputs(batch, model.config.pad_token_id)
        with torch.no_grad():
            hidden = model(**inputs).last_hidden_state
        states[f"{batch['name']}.hidden"] = hidden[inputs["attention_mask"].bool()].numpy()
    return states


def _forward(model: PeftModel, batch: dict) -> tuple[torch.Tensor, torch.Tensor]:
    logits = model(**_inputs(batch, model.config.pad_token_id)).logits
    return logits, task_loss(logits, torch.tensor(batch["labels"]))


def _inputs(batch: dict, padding: int) -> dict[str, torch.Tensor]:
    ids, mask = padded(batch["tokenIds"], padding)
    inputs = {"input_ids": ids, "attention_mask": mask}
    if "types" in batch:
        inputs["token_type_ids"], _ = padded(batch["types"])
    return inputs


def draw_singular_values(model: PeftModel) -> dict[str, Parameter]:
    """Draws every E; returns all of the triplets by name."""
    triplets = {}
    for index, (name, layer) in enumerate(adapted_layers(model).items()):
        for part in ("lora_A", "lora_E", "lora_B"):
            triplets[f"{name}.{part}"] = getattr(layer, part)[ADAPTER]
        values = triplets[f"{name}.lora_E"]
        stream = _SINGULAR_VALUES + index
        drawn = uniform(_CASE.seed, stream, tuple(values.shape), _SINGULAR_DEVIATION)
        with torch.no_grad():
            values.copy_(torch.from_numpy(drawn))
    return triplets


def _numbers(logits: torch.Tensor) -> list[list[float]]:
    return [[rounded(x) for x in row] for row in logits.tolist()]
