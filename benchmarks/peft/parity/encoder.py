"""Compares the token vectors of a whole encoder with transformers'."""

import json
import subprocess
import tempfile
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import AutoModel, AutoTokenizer

from .classifier import padded

_ROOT = Path(__file__).parents[3]
_TOLERANCE = 1e-4

_MAIL = "The price of the order is 42.50, the delivery is free, and the invoice comes by mail. "

# Of one token beside the special ones, of a few, and of more than any model has positions for.
_TEXTS = [
    "the",
    "Hello World",
    "Your order has been shipped.",
    "caf\u00e9 na\u00efve \u4f60\u597d \U0001f600\U0001f680 stra\u00dfe",
    "it's we'd they've I'm you'll",
    _MAIL,
    _MAIL * 2,
    _MAIL * 4,
    _MAIL * 7,
    _MAIL * 11,
    _MAIL * 20,
    "Nobody reads the manual until something breaks, and then everybody wants one. " * 60,
]


def compare(directory: Path) -> int:
    """Compares ids and vectors of texts alone and in one batch; 1 if they differ."""
    with tempfile.TemporaryDirectory() as work:
        texts, found = Path(work) / "texts.json", Path(work) / "vectors.safetensors"
        texts.write_text(json.dumps(_TEXTS))
        subprocess.run(
            [_ROOT / "benchmarks/run", "vectors", directory, "--texts", texts, "--out", found],
            check=True,
        )
        ours = load_file(found)
    model = AutoModel.from_pretrained(directory, attn_implementation="eager").eval()
    tokenizer = AutoTokenizer.from_pretrained(directory)
    ids = [ours[f"ids.{i}"].tolist() for i in range(len(_TEXTS))]
    limit = max(map(len, ids))
    if ids != tokenizer(_TEXTS, truncation=True, max_length=limit)["input_ids"]:
        raise SystemExit("The token ids differ, expected the same.")
    alone = [_vectors(model, [text]) for text in ids]
    worst = _report("alone", torch.cat([ours[f"alone.{i}"] for i in range(len(ids))]), torch.cat(alone))
    worst = max(worst, _report("in one batch", ours["together"], _vectors(model, ids)))
    print(f"{len(ids)} texts of {min(map(len, ids))} to {limit} tokens")
    return 0 if worst <= _TOLERANCE else 1


def _vectors(model: torch.nn.Module, ids: list[list[int]]) -> torch.Tensor:
    """Of real tokens alone, text after text."""
    tokens, mask = padded(ids, model.config.pad_token_id)
    with torch.no_grad():
        return model(tokens, attention_mask=mask).last_hidden_state[mask.bool()]


def _report(name: str, found: torch.Tensor, expected: torch.Tensor) -> float:
    deviation = (found - expected).abs().max().item()
    print(f"{name}: largest deviation {deviation:.1e}, of vectors up to {expected.abs().max():.1f}")
    return deviation
