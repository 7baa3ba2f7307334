"""Two tiny ModernBERTs of drawn weights, as the Hugging Face directories they would come in."""

import json
from pathlib import Path

from transformers import ModernBertConfig, ModernBertForSequenceClassification, ModernBertModel

from . import subwords, tiny

NAME = "tiny-modernbert"
MEAN = "tiny-modernbert-mean"

_SEED = 20260806
_MEAN_SEED = 20260807

_LABELS = 3

# Windows of four tokens on each side: most texts are longer.
_SIZES = {
    "hidden_size": 24,
    "num_attention_heads": 3,
    "intermediate_size": 40,
    "max_position_embeddings": subwords.LIMIT,
    "local_attention": 8,
    "bos_token_id": None,
    "eos_token_id": None,
}

# Version 4 of transformers wrote the fields on the left, version 5 those on the right.
_BEFORE = {
    "global_attn_every_n_layers": 2,
    "global_rope_theta": 500.0,
    "local_rope_theta": 20.0,
    "torch_dtype": "float32",
}
_SINCE = ("layer_types", "rope_parameters", "dtype")


def write_all(directory: Path) -> None:
    """Writes both, with the ids of hard texts beside the tokenizers.

    One file has a classifier on the first token and so the prefix `model.` before the encoder's
    names. The other has the encoder alone, without a prefix, and a config.json as version 4 of
    transformers wrote it, for a classifier on the mean.
    """
    tokenizer = subwords.byte_level_of_modernbert()
    sizes = _SIZES | {
        "vocab_size": len(tokenizer),
        "pad_token_id": tokenizer.pad_token_id,
        "cls_token_id": tokenizer.cls_token_id,
        "sep_token_id": tokenizer.sep_token_id,
    }
    config = ModernBertConfig(**sizes, num_hidden_layers=4, num_labels=_LABELS)
    _write(directory / NAME, ModernBertForSequenceClassification(config), _SEED, tokenizer)
    config = ModernBertConfig(**sizes, num_hidden_layers=3, classifier_pooling="mean", **_BEFORE)
    _write(directory / MEAN, ModernBertModel(config), _MEAN_SEED, tokenizer)
    _as_before(directory / MEAN / "config.json")


def _write(directory: Path, model, seed: int, tokenizer) -> None:
    tiny.draw(model, seed)
    model.save_pretrained(directory)
    tokenizer.save_pretrained(directory)
    subwords.write_ids(directory)


def _as_before(file: Path) -> None:
    written = json.loads(file.read_text())
    content = {name: value for name, value in written.items() if name not in _SINCE}
    text = json.dumps(content | _BEFORE, indent=2, sort_keys=True) + "\n"
    file.write_text(text)
