"""Tokenizers of DeBERTa where there is spm.model and no tokenizer.json.

The ids are those of transformers' converter for it, which keeps the model's own normalizer, as
version 4 did and SentencePiece itself does; the tokenizer class of version 5 leaves it out.
"""

import gzip
import io
import json
import subprocess
import tempfile
from pathlib import Path
from types import SimpleNamespace

import sentencepiece
from sentencepiece.sentencepiece_model_pb2 import ModelProto
from transformers import AutoTokenizer, PreTrainedTokenizerFast
from transformers.convert_slow_tokenizer import DebertaV2Converter

from . import subwords

_ROOT = Path(__file__).parents[3]
_MODEL = "spm.model"
_SETTINGS = "tokenizer_config.json"
_CONFIG = {
    "model_type": "deberta-v2",
    "hidden_size": 24,
    "num_hidden_layers": 1,
    "num_attention_heads": 3,
    "intermediate_size": 40,
    "max_position_embeddings": subwords.LIMIT,
    "relative_attention": True,
    "pos_att_type": "p2c|c2p",
    "share_att_key": True,
    "position_buckets": 8,
    "norm_rel_ebd": "layer_norm",
    "position_biased_input": False,
    "type_vocab_size": 0,
}

# Beside the special tokens, as DeBERTa-v3's own; the symbol shows what becomes of such pieces.
_TRAINING = {
    "model_type": "unigram",
    "character_coverage": 1.0,
    "num_threads": 1,
    "minloglevel": 2,
    "pad_id": 0,
    "bos_id": 1,
    "eos_id": 2,
    "unk_id": 3,
    "pad_piece": "[PAD]",
    "bos_piece": "[CLS]",
    "eos_piece": "[SEP]",
    "unk_piece": "[UNK]",
    "user_defined_symbols": ["<mail>"],
}
_SIZE = 400

# Most tokens of a line that is compared.
_LONGEST = 512

# tokenizer_config.json and added_tokens.json by name.
_CASES = {
    "nothing-said": (None, None),
    "as-published": ({"do_lower_case": False, "vocab_type": "spm"}, None),
    "lower-case": ({"do_lower_case": True, "tokenizer_class": "DebertaV2Tokenizer"}, None),
    "split-at-punctuation": ({"split_by_punct": True}, None),
    "added-tokens": ({}, {"[MASK]": _SIZE, "<new>": _SIZE + 1}),
    "other-mask-token": ({"mask_token": "<gap>"}, None),
}

_TEXTS = [
    *subwords.TEXTS,
    "a <mail> from<mail>you, <new> or<new>, [MASK] <gap>",
    "\u2026 \u00bd \u2460 \uff21\uff22\uff23 \ufb01ne \u212b \u1ea6 A\u0302\u0300",
    "the\u00a0learner\u3000never\u200bstops\u2028now\u00ad",
    "the\u2581learner \u2581\u2581 never",
    "don't stop; e-mail me (now): 3.5%, $1,000!",
]


def write_all(directory: Path) -> None:
    """Writes spm.model, and a folder a case of what lies beside it, with the ids of hard texts."""
    directory.mkdir(parents=True, exist_ok=True)
    lines = subwords.CORPUS.read_text(encoding="utf-8").splitlines()
    (directory / _MODEL).write_bytes(_trained(lines, _SIZE))
    for name, (settings, added) in _CASES.items():
        folder = directory / name
        folder.mkdir(exist_ok=True)
        _write(folder / "config.json", _CONFIG | {"vocab_size": _SIZE + 10})
        if settings is not None:
            _write(folder / _SETTINGS, settings)
        if added is not None:
            _write(folder / "added_tokens.json", added)
        tokenizer = _converted(directory / _MODEL, settings or {}, added or {})
        every = tokenizer(_TEXTS, truncation=True, max_length=subwords.LIMIT)["input_ids"]
        found = [{"text": text, "ids": ids} for text, ids in zip(_TEXTS, every, strict=True)]
        _write(folder / "ids.json", found)


def compare(files: list[Path], size: int, count: int) -> int:
    """Trains a model on the texts of JSON lines and compares their ids; 1 if they differ."""
    texts = [text for file in files for text in _texts(file)]
    lines = list(dict.fromkeys(line for text in texts for line in text.splitlines()))[:count]
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        (folder / _MODEL).write_bytes(_trained(lines, size))
        sizes = {"vocab_size": size + 10, "max_position_embeddings": _LONGEST}
        _write(folder / "config.json", _CONFIG | sizes)
        _write(folder / "lines.json", lines)
        command = [_ROOT / "benchmarks/run", "ids", folder, "--texts", folder / "lines.json"]
        subprocess.run([*command, "--out", folder / "ids.json"], check=True)
        ours = json.loads((folder / "ids.json").read_text())
        limit = {"truncation": True, "max_length": _LONGEST}
        converted = _converted(folder / _MODEL, {}, {})(lines, **limit)["input_ids"]
        of_class = AutoTokenizer.from_pretrained(folder)(lines, **limit)["input_ids"]
        processor = sentencepiece.SentencePieceProcessor(model_file=str(folder / _MODEL))
        most = _LONGEST - 2
        own = [[1, *ids[:most], 2] for ids in processor.encode(lines)]
    print(f"{len(lines)} lines, {sum(map(len, ours))} ids, vocabulary of {size}; lines that differ:")
    differ = _different(ours, converted)
    print(f"from transformers' converter {differ}")
    print(f"from SentencePiece {_different(ours, own)}")
    print(f"from the tokenizer class of transformers 5 {_different(ours, of_class)}")
    return 1 if differ else 0


def _different(ours: list[list[int]], others: list[list[int]]) -> int:
    return sum(a != b for a, b in zip(ours, others, strict=True))


def _texts(file: Path) -> list[str]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        read = map(json.loads, lines)
        return [one.get("text") or one.get("body", "") for one in read]


def _trained(lines: list[str], size: int) -> bytes:
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=model, vocab_size=size, **_TRAINING
    )
    return model.getvalue()


def _converted(model: Path, settings: dict, added: dict[str, int]) -> PreTrainedTokenizerFast:
    """What the converter makes of the file, which asks a tokenizer of version 4 for settings."""
    pieces = {p.piece: id for id, p in enumerate(ModelProto.FromString(model.read_bytes()).pieces)}
    slow = SimpleNamespace(
        vocab_file=str(model),
        do_lower_case=settings.get("do_lower_case", False),
        split_by_punct=settings.get("split_by_punct", False),
        convert_tokens_to_ids=pieces.get,
    )
    special = {
        f"{name}_token": settings.get(f"{name}_token", token)
        for name, token in {
            "cls": "[CLS]",
            "sep": "[SEP]",
            "unk": "[UNK]",
            "pad": "[PAD]",
            "mask": "[MASK]",
        }.items()
    }
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=DebertaV2Converter(slow).converted(), **special
    )
    tokenizer.add_tokens([token for token in added if token not in special.values()])
    return tokenizer


def _write(path: Path, content) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n")
