"""A tiny DeBERTa-v3 and a tiny DeBERTa-v2 of drawn weights, as the Hugging Face directories they would come in."""

import json
from pathlib import Path

import torch
from transformers import DebertaV2Config, DebertaV2ForSequenceClassification, DebertaV2Model
from transformers.models.deberta_v2.modeling_deberta_v2 import build_relative_position

from . import subwords, tiny

NAME = "tiny-deberta-v3"
V2 = "tiny-deberta-v2"

_LABELS = 3

_SEED = 20260804
_V2_SEED = 20260805

_SIZES = {
    "hidden_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 3,
    "intermediate_size": 40,
    "max_position_embeddings": subwords.LIMIT,
    "relative_attention": True,
    "share_att_key": True,
}

# As the published ones, but for sizes: so few buckets that most distances share one.
_V3 = {
    "type_vocab_size": 0,
    "position_biased_input": False,
    "position_buckets": 8,
    "max_relative_positions": -1,
    "norm_rel_ebd": "layer_norm",
    "pos_att_type": "p2c|c2p",
}

# What else there is: positions and types in the input, a convolution, and distances that end, not
# in buckets.
_OF_V2 = {
    "type_vocab_size": 2,
    "position_biased_input": True,
    "max_relative_positions": 16,
    "pos_att_type": ["c2p", "p2c"],
    "conv_kernel_size": 3,
    "conv_act": "gelu",
}

# Buckets and farthest distances of tables, the published ones' first.
_TABLES = [(256, 512), (-1, 512), (8, 64), (32, 512), (64, 50), (100, 1000), (4, 16)]
_LONGEST = 530


def write_all(directory: Path) -> None:
    """Writes both, with the ids of hard texts beside the tokenizers.

    One file has a classifier and so the prefix `deberta.` before the encoder's names, the other the
    encoder alone, without a prefix.
    """
    tokenizer = subwords.unigram_of_deberta()
    sizes = {"vocab_size": len(tokenizer), "pad_token_id": tokenizer.pad_token_id} | _SIZES
    for name, model, seed in (
        (NAME, DebertaV2ForSequenceClassification(_config(sizes | _V3)), _SEED),
        (V2, DebertaV2Model(_config(sizes | _OF_V2)), _V2_SEED),
    ):
        tiny.draw(model, seed)
        model.save_pretrained(directory / name)
        tokenizer.save_pretrained(directory / name)
        subwords.write_ids(directory / name)


def _config(settings: dict) -> DebertaV2Config:
    return DebertaV2Config(**settings, num_labels=_LABELS)


def write_distances(file: Path) -> None:
    """Writes the row that each distance has in tables of several sizes."""
    content = []
    for buckets, farthest in _TABLES:
        text = torch.empty(_LONGEST, 1)
        relative = build_relative_position(text, text, buckets, farthest)[0]
        distances = torch.cat([relative[0].flip(0), relative[1:, 0]])
        span = buckets if buckets > 0 else farthest
        rows = (distances + span).clamp(0, 2 * span - 1)
        content.append({"buckets": max(0, buckets), "farthest": farthest, "rows": rows.tolist()})
    file.write_text(json.dumps(content, separators=(",", ":")) + "\n")
