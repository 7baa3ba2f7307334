"""What transformers' token classifiers and PEFT make of tagged texts: logits, losses and gradients."""

import json
from dataclasses import replace
from pathlib import Path

import torch
from peft import PeftModel, TaskType
from safetensors.numpy import save_file
from transformers import AutoTokenizer, PreTrainedModel

from . import tiny
from .cases import Case
from .classifier import reader
from .goldens import PARITY, rounded
from .passes import draw_singular_values
from .training import ADAPTER, adapt, head

TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")

_CASE = Case("tags", init_rank=2, alpha=4.0, initial_deviation=0.1, orthogonality=0.0)

# Not of the loss: transformers' word for what is left out.
_LEFT_OUT = -100

# Words and their tags; what has no tag is O.
_TEXTS = [
    "Anna/B-PER Maier/I-PER takes the train to Lisbon/B-LOC",
    "nothing here is a name",
    "\U0001f600 Gr\u00f6\u00dfe \u65e9 \u4e0a \U0001f680 Lima/B-LOC \U0001f600 Bo/B-PER",
    "New/B-LOC York/I-LOC " + "and then everybody wants one " * 14 + "Paris/B-LOC",
    "Rome/B-LOC",
]


def write(directory: Path, target_modules: tuple[str, ...], own_head: bool = False) -> None:
    """Writes tags-NAME.json and tags-NAME.safetensors of a model directory NAME, or tags-NAME-own.

    A word's tag is at its first token, as in transformers' run_ner.py without label_all_tokens; the
    others have -100. `loss` is that of each text alone, by transformers' own class; gradients are
    those of the mean of the losses. ModernBERT's own class has a layer more before the classifier:
    without `own_head` it is left out.
    """
    case = replace(_CASE, target_modules=target_modules)
    tokenizer = AutoTokenizer.from_pretrained(directory, model_max_length=64)
    model = adapt(case, _classifier(directory, own_head), TaskType.TOKEN_CLS)
    triplets = draw_singular_values(model)
    tensors = {f"adapter.{key}": p.detach().numpy() for key, p in triplets.items()}
    tensors |= {key: p.detach().numpy() for key, p in head(model).items()}
    texts, losses = [], []
    for written in _TEXTS:
        words = [word.partition("/") for word in written.split(" ") if word]
        text = " ".join(word for word, _, _ in words)
        encoding = tokenizer(text, truncation=True)[0]
        labels = [_LEFT_OUT] * len(encoding.ids)
        at = 0
        for word, _, tag in words:
            token = next(
                (
                    token
                    for token, (start, end) in enumerate(encoding.offsets)
                    if encoding.sequence_ids[token] == 0 and start <= at + (at > 0) and end > at
                    and text[start:end].strip()
                ),
                None,
            )
            if token is not None and labels[token] == _LEFT_OUT:
                labels[token] = TAGS.index(tag or "O")
            at += len(word) + 1
        answer = model(
            input_ids=torch.tensor([encoding.ids]),
            attention_mask=torch.ones(1, len(encoding.ids), dtype=torch.long),
            labels=torch.tensor([labels]),
        )
        losses.append(answer.loss)
        texts.append(
            {
                "text": text,
                "entities": _entities(words),
                "ids": encoding.ids,
                "tags": labels,
                "logits": [[rounded(x) for x in row] for row in answer.logits[0].tolist()],
                "loss": rounded(answer.loss.item()),
            }
        )
    trained = triplets | head(model)
    gradients = torch.autograd.grad(torch.stack(losses).mean(), list(trained.values()))
    for key, gradient in zip(trained, gradients):
        tensors[f"gradient.{key}"] = gradient.numpy()
    content = {
        "model": directory.name,
        "targetModules": target_modules,
        "rank": _CASE.init_rank,
        "alpha": _CASE.alpha,
        "texts": texts,
    }
    text = json.dumps(content, separators=(",", ":")) + "\n"
    name = f"tags-{directory.name}{'-own' if own_head else ''}"
    (PARITY / f"{name}.json").write_text(text)
    save_file(tensors, PARITY / f"{name}.safetensors")


def write_directory(
    directory: Path, base: Path, target_modules: tuple[str, ...], own_head: bool = False
) -> None:
    """Writes an adapter as PEFT saves it, and the logits that it has when PEFT has loaded it."""
    case = replace(_CASE, target_modules=target_modules)
    model = adapt(case, _classifier(base, own_head), TaskType.TOKEN_CLS)
    draw_singular_values(model)
    model.base_model.model.name_or_path = base.name
    model.peft_config[ADAPTER].base_model_name_or_path = base.name
    model.save_pretrained(directory, save_embedding_layers=False)
    (directory / "README.md").unlink()
    loaded = PeftModel.from_pretrained(_classifier(base, own_head), directory).eval()
    tokenizer = AutoTokenizer.from_pretrained(base)
    ids = [tokenizer(text)["input_ids"] for text in ("the list is free", "hello")]
    with torch.no_grad():
        logits = [loaded(input_ids=torch.tensor([text])).logits[0].flatten() for text in ids]
    content = {"tokenIds": ids, "logits": [[rounded(x) for x in text.tolist()] for text in logits]}
    (directory / "logits.json").write_text(json.dumps(content) + "\n")


def _classifier(directory: Path, own_head: bool) -> PreTrainedModel:
    return reader("token-classification", *tiny.read(directory), len(TAGS), own_head)


def _entities(words: list[tuple[str, str, str]]) -> list[list]:
    """Start, end and kind of each."""
    entities: list[list] = []
    at = 0
    for word, _, tag in words:
        if tag.startswith("B-"):
            entities.append([at, at + len(word), tag[2:]])
        elif tag.startswith("I-"):
            entities[-1][1] = at + len(word)
        at += len(word) + 1
    return entities
