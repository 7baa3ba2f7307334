"""A tiny BERT of drawn weights, as the Hugging Face directory it would come in."""

import json
import re
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from transformers import CONFIG_MAPPING, BertConfig, BertModel, PreTrainedConfig, PreTrainedModel

from .draws import uniform

NAME = "tiny-bert"
WITH_POOLER = "tiny-bert-pooler"

_PREFIX = re.compile("^(roberta|distilbert|mpnet|deberta|model)[.]")

_SEED = 20260801
_DEVIATION = 0.1
_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_WORDS = """
    the and to of in is for you this that it on with your from we not are be free money offer click
    here buy now list patch kernel bug release code meeting please thanks mail spam ham hello world
    price order account linux java python server update report
""".split()

VOCABULARY = _SPECIAL + list(_CHARACTERS) + ["##" + c for c in _CHARACTERS] + _WORDS
WORDS = range(len(_SPECIAL), len(VOCABULARY))


def write(directory: Path, pooler: bool = False) -> None:
    """Writes config.json, model.safetensors and tokenizer.json; the encoder is always the same."""
    model = BertModel(config(len(VOCABULARY)), add_pooling_layer=pooler)
    draw(model, _SEED)
    model.save_pretrained(directory)
    text = json.dumps(tokenizer(), indent=1) + "\n"
    (directory / "tokenizer.json").write_text(text)


def draw(model: PreTrainedModel, seed: int) -> None:
    """Draws every parameter of a model."""
    with torch.no_grad():
        for stream, (name, parameter) in enumerate(model.named_parameters()):
            # LayerNorm scales around one; every other tensor around zero.
            mean = 1 if name.lower().replace("_", "").endswith("norm.weight") else 0
            drawn = uniform(seed, stream, tuple(parameter.shape), _DEVIATION)
            parameter.copy_(torch.from_numpy(drawn + np.float32(mean)))


def read(directory: Path) -> tuple[PreTrainedConfig, dict[str, torch.Tensor]]:
    """Sizes and weights of a Hugging Face directory of an encoder of any family.

    Names come without the family's prefix, without what a classifier has beside its encoder, and
    without the numbers of positions that older versions of transformers kept.
    """
    file = directory / "config.json"
    family = CONFIG_MAPPING[json.loads(file.read_text())["model_type"]]
    weights = {
        _PREFIX.sub("", name): values
        for name, values in load_file(directory / "model.safetensors").items()
        if not name.startswith(("classifier.", "pre_classifier.", "head."))
        and not name.endswith(".position_ids")
    }
    return family.from_json_file(file), weights


def config(vocabulary: int) -> BertConfig:
    """Sizes, for so many token ids."""
    return BertConfig(
        vocab_size=vocabulary,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
    )


def tokenizer() -> dict:
    """tokenizer.json."""
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {
                "id": id,
                "content": token,
                "single_word": False,
                "lstrip": False,
                "rstrip": False,
                "normalized": False,
                "special": True,
            }
            for id, token in enumerate(_SPECIAL)
        ],
        "normalizer": {
            "type": "BertNormalizer",
            "clean_text": True,
            "handle_chinese_chars": True,
            "strip_accents": None,
            "lowercase": True,
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "BertProcessing",
            "sep": ["[SEP]", _SPECIAL.index("[SEP]")],
            "cls": ["[CLS]", _SPECIAL.index("[CLS]")],
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": {token: id for id, token in enumerate(VOCABULARY)},
        },
    }
