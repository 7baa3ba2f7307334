"""Compares the token vectors of whole encoders with those of others.

A directory's are transformers'. Those of a jar are what its own ONNX graph computes.
"""

import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx.reference import ReferenceEvaluator
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import AutoModel, AutoTokenizer

from . import jars
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


class _Directory:
    """transformers over a Hugging Face directory."""

    def __init__(self, path: Path) -> None:
        self._model = AutoModel.from_pretrained(path, attn_implementation="eager").eval()
        self._tokenizer = AutoTokenizer.from_pretrained(path)

    def ids(self, texts: list[str], limit: int) -> list[list[int]]:
        return self._tokenizer(texts, truncation=True, max_length=limit)["input_ids"]

    def vectors(self, ids: list[list[int]]) -> torch.Tensor:
        """Of real tokens alone, text after text."""
        tokens, mask = padded(ids, self._model.config.pad_token_id)
        with torch.no_grad():
            return self._model(tokens, attention_mask=mask).last_hidden_state[mask.bool()]


class _Jar:
    """ONNX's own evaluator over the graph in a jar, and the library of tokenizers."""

    def __init__(self, path: Path) -> None:
        self._graph = ReferenceEvaluator(onnx.load_model_from_string(jars.entry(path, ".onnx")))
        self._tokenizer = Tokenizer.from_buffer(jars.entry(path, "-tokenizer.json"))
        self._tokenizer.no_padding()

    def ids(self, texts: list[str], limit: int) -> list[list[int]]:
        self._tokenizer.enable_truncation(limit)
        return [self._tokenizer.encode(text).ids for text in texts]

    def vectors(self, ids: list[list[int]]) -> torch.Tensor:
        """Of real tokens alone, text after text."""
        tokens, mask = padded(ids, 0)
        inputs = {
            "input_ids": tokens.numpy(),
            "attention_mask": mask.numpy(),
            "token_type_ids": np.zeros_like(tokens.numpy()),
        }
        [hidden] = self._graph.run(["last_hidden_state"], inputs)
        return torch.from_numpy(hidden)[mask.bool()]


def compare(models: list[Path]) -> int:
    """Compares ids and vectors of texts alone and in one batch; 1 if any differ."""
    return 0 if max(map(_deviation, models)) <= _TOLERANCE else 1


def _deviation(path: Path) -> float:
    print(path.name, flush=True)
    with tempfile.TemporaryDirectory() as work:
        texts, found = Path(work) / "texts.json", Path(work) / "vectors.safetensors"
        texts.write_text(json.dumps(_TEXTS))
        subprocess.run(
            [_ROOT / "benchmarks/run", "vectors", path, "--texts", texts, "--out", found],
            check=True,
        )
        ours = load_file(found)
    model = _Jar(path) if path.suffix == ".jar" else _Directory(path)
    ids = [ours[f"ids.{i}"].tolist() for i in range(len(_TEXTS))]
    limit = max(map(len, ids))
    if ids != model.ids(_TEXTS, limit):
        raise SystemExit("The token ids differ, expected the same.")
    alone = torch.cat([model.vectors([text]) for text in ids])
    worst = _report("alone", torch.cat([ours[f"alone.{i}"] for i in range(len(ids))]), alone)
    worst = max(worst, _report("in one batch", ours["together"], model.vectors(ids)))
    print(f"{len(ids)} texts of {min(map(len, ids))} to {limit} tokens", flush=True)
    return worst


def _report(name: str, found: torch.Tensor, expected: torch.Tensor) -> float:
    deviation = (found - expected).abs().max().item()
    print(f"{name}: largest deviation {deviation:.1e}, of vectors up to {expected.abs().max():.1f}")
    return deviation
