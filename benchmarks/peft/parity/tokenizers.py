"""What transformers makes of tokenizer.json and tokenizer_config.json where the two differ."""

import json
from pathlib import Path

from transformers import AutoTokenizer

from . import tiny

_TEXTS = [
    "Hello World",
    "FREE Money, free money",
    "h\u00e9llo caf\u00e9 \u00c9T\u00c9",
    "e\u0301 and \u00e9",
    "\u4f60\u597d world",
    "the [SEP] list [MASK] now [UNK]",
    "<new> offer hello<new>",
    "STRASSE stra\u00dfe \u0130",
    "",
]

_CASED = ["Hello", "FREE", "h\u00e9llo", "\u00e9", "##\u00e9", "\u4f60\u597d", "\u4f60", "\u597d", "[MASK]", "<new>"]

_NEW = {
    "content": "<new>",
    "single_word": False,
    "lstrip": False,
    "rstrip": False,
    "normalized": False,
    "special": False,
}

# Settings of tokenizer_config.json, and of the normalizer in tokenizer.json, by name.
_CASES = {
    "nothing-said": ({}, {"lowercase": False}),
    "cased": ({"do_lower_case": False, "tokenizer_class": "BertTokenizer"}, {}),
    "cased-fast-class": ({"do_lower_case": False, "tokenizer_class": "BertTokenizerFast"}, {}),
    "class-of-a-relative": ({"do_lower_case": False, "tokenizer_class": "DistilBertTokenizer"}, {}),
    "no-class": ({"do_lower_case": False, "tokenizer_class": None}, {}),
    "keeps-accents": ({"strip_accents": False, "tokenizer_class": "BertTokenizer"}, {}),
    "strips-accents-of-cased": ({"strip_accents": True, "do_lower_case": False}, {}),
    "whole-chinese-words": ({"tokenize_chinese_chars": False}, {}),
    "said-by-the-other-file": (
        {"tokenizer_class": "PreTrainedTokenizerFast", "do_lower_case": True},
        {"lowercase": False, "strip_accents": True},
    ),
    "added-token": ({"added_tokens_decoder": {"{new}": _NEW}}, {}),
    "other-special-tokens": (
        {"cls_token": "offer", "sep_token": {"content": "world", "__type": "AddedToken"}},
        {},
    ),
    "other-unknown-token": ({"unk_token": "free"}, {}),
}


def write_all(directory: Path) -> None:
    """Writes a folder a case: both files of the tokenizer, config.json, and what came out."""
    for name, (settings, normalizer) in _CASES.items():
        _write(directory / name, settings, normalizer)


def _write(folder: Path, settings: dict, normalizer: dict) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = tiny.tokenizer()
    vocabulary = tokenizer["model"]["vocab"]
    for token in _CASED:
        vocabulary[token] = len(vocabulary)
    tokenizer["normalizer"].update(normalizer)
    settings = json.loads(json.dumps(settings).replace("{new}", str(vocabulary["<new>"])))
    tiny.config(len(vocabulary)).save_pretrained(folder)
    _write_json(folder / "tokenizer.json", tokenizer)
    _write_json(folder / "tokenizer_config.json", settings)
    loaded = AutoTokenizer.from_pretrained(folder)
    _write_json(
        folder / "ids.json", [{"text": text, "ids": loaded(text)["input_ids"]} for text in _TEXTS]
    )


def _write_json(path: Path, content) -> None:
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")
