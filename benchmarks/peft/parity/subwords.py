"""Tokenizers of other kinds than BERT's, made of corpus.txt, and what they make of hard texts."""

import io
import json
import shutil
import tempfile
import unicodedata
from collections import Counter
from pathlib import Path

import sentencepiece
from sentencepiece.sentencepiece_model_pb2 import ModelProto
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    AddedToken,
    AutoTokenizer,
    DebertaV2Tokenizer,
    DistilBertTokenizer,
    MPNetTokenizer,
    PreTrainedTokenizerFast,
    RobertaTokenizer,
    XLMRobertaTokenizer,
)

LIMIT = 64

CORPUS = Path(__file__).with_name("corpus.txt")
_SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
_MASK = AddedToken("<mask>", lstrip=True, special=True)
_SPECIAL_OF_DEBERTA = ["[PAD]", "[CLS]", "[SEP]", "[UNK]"]
_FIRST_OF_MODERNBERT = ["|||IP_ADDRESS|||", "<|padding|>"]
_SPECIAL_OF_MODERNBERT = ["<|endoftext|>", "[UNK]", "[CLS]", "[SEP]", "[PAD]"]
_BYTE_LEVEL_SIZE = 420
_UNIGRAM_SIZE = 560
_WORDS = 160

# What XLM-R's normalizer folds, made from Unicode's tables for as much of them as the texts need.
_COMPATIBLE = [*range(0xA8, 0xBF), *range(0x2460, 0x2474), *range(0xFB00, 0xFB07), *range(0xFF01, 0xFF5F)]
_COMPOSED = range(0xC0, 0x180)
_SPACES = [0x09, 0x0A, 0x0D, 0xA0, *range(0x2000, 0x200B), 0x2028, 0x3000]
_NOTHING = [*range(0x01, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0x200B, 0xFEFF]

TEXTS = [
    "",
    " ",
    "      ",
    "the",
    " the",
    "the ",
    "the  learner   never    stops",
    "\n\tthe learner\r\n\r\nnever\t\tstops \n",
    "Hello World, hello world",
    "HELLO WoRLd",
    "it's we'd they've I'm you'll 'S 'D don't",
    "42.50 2019 3rd 1,000,000 x2y",
    "...!?,;:-()[]{}\"'#$%&*+/<=>@\\^_`|~",
    "!!!",
    "¿¡«»„“”‘’–—…§",
    "\u4f60\u597d world \u65e9\u4e0a\u706b\u8f66",
    "\u6d77\u3078\u884c\u304f\u6700\u521d\u306e\u96fb\u8eca \u30c6\u30b9\u30c8",
    "\ub0a0\uc528\uac00 \ube68\ub9ac",
    "\u0627\u0644\u0642\u0637\u0627\u0631 \u0627\u0644\u0623\u0648\u0644\u060c \u0634\u0643\u0631\u0627\u064b",
    "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd",
    "\u041f\u0435\u0440\u0432\u044b\u0439 \u043f\u043e\u0435\u0437\u0434",
    "caf\u00e9 cafe\u0301 na\u00efve nai\u0308ve \u00c5 A\u030a \u212b",
    "o\u0308\u0304 x\u0323\u0307 \u1e69",
    "Z\u0351\u036b\u0343a\u0363\u034b\u0308l\u034cg\u0329\u034e\u035ao",
    "\ufb01ne \uff21\uff22\uff23\uff11 \u2460 \u00bd \u00b2 \u2122",
    "stra\u00dfe STRASSE \u0130stanbul \u0131 \u01c5",
    "\U0001f600",
    "hello \U0001f600\U0001f680 world\u2764\ufe0f",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f44d\U0001f3fd \U0001f1e9\U0001f1ea",
    "\u1490\u14d1\u1585 \u13e3\u13b3\u13a9 \U00012000\U0001d573",
    "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35 \u0928\u092e\u0938\u094d\u0924\u0947",
    "a\u0000b\u0007c\u001fd\u007fe\u0085f",
    "a\u200bb\u200cc\u200dd\u00ade\ufefff\u2060g",
    "a\u00a0b\u2003c\u3000d\u2028e\u202fg",
    "\ufffd \uffff \ue000",
    "\u202eabc\u202c \u200fdef",
    "\u2581the \u2581 learner\u2581never",
    "\u0120the \u010a",
    "<s>",
    "the <s> list </s> now <pad> and <unk> here",
    "the <mask> stops",
    "the  <mask>  stops<mask>now <mask>",
    "<S> < s > <s <\uff53> &lt;s&gt;",
    "<s></s></s>A",
    "[CLS] the [SEP] [MASK]",
    "a" * 40,
    "responsibility" * 12,
    "the learner never stops " * 40,
    "\U0001f600" * 100,
    " " * 3000,
    "\u4f60" * 200,
    "the" + " " * 500 + "learner",
]

_PAIRS = [
    ("the learner", "never stops"),
    ("", ""),
    ("", "never stops"),
    ("the learner", ""),
    (" the", " stops"),
    ("<s> the", "stops </s>"),
    ("\u4f60\u597d", "\U0001f600"),
    ("the learner never stops " * 20, "never"),
    ("never", "the learner never stops " * 20),
    ("the learner never stops " * 20, "never stops the learner " * 20),
]

_LOWERCASE = {"normalizer": {"type": "Lowercase"}}
_ADDS_A_SPACE = {
    "pre_tokenizer": {
        "type": "ByteLevel",
        "add_prefix_space": True,
        "trim_offsets": True,
        "use_regex": True,
    }
}
_SPACES_STAY = {
    "pre_tokenizer": {
        "type": "Metaspace",
        "replacement": "\u2581",
        "prepend_scheme": "always",
        "split": True,
    }
}
_CASED = {
    "normalizer": {
        "type": "BertNormalizer",
        "clean_text": True,
        "handle_chinese_chars": True,
        "strip_accents": None,
        "lowercase": False,
    }
}
_ANY_CLASS = {"tokenizer_class": "PreTrainedTokenizerFast"}

# Whose tokenizer, what tokenizer_config.json says beside or instead, and what tokenizer.json does.
_VARIANTS = {
    "roberta-nothing-said": ("tiny-roberta", None, _ADDS_A_SPACE),
    "roberta-adds-a-space": ("tiny-roberta", {"add_prefix_space": True}, {}),
    "roberta-fast-class": ("tiny-roberta", {"tokenizer_class": "RobertaTokenizerFast"}, _LOWERCASE),
    "roberta-said-by-the-other-file": ("tiny-roberta", _ANY_CLASS, _ADDS_A_SPACE | _LOWERCASE),
    "roberta-other-special-tokens": ("tiny-roberta", {"cls_token": "</s>", "sep_token": "<s>"}, {}),
    "xlm-roberta-nothing-said": ("tiny-xlm-roberta", None, _SPACES_STAY),
    "xlm-roberta-adds-no-space": ("tiny-xlm-roberta", {"add_prefix_space": False}, {}),
    "xlm-roberta-said-by-the-other-file": ("tiny-xlm-roberta", _ANY_CLASS, _SPACES_STAY),
    "distilbert-nothing-said": ("tiny-distilbert", None, _CASED),
    "distilbert-no-class": ("tiny-distilbert", {"tokenizer_class": None}, _CASED),
    "distilbert-cased": ("tiny-distilbert", {"do_lower_case": False}, {}),
    "mpnet-nothing-said": ("tiny-mpnet", None, _CASED),
    "mpnet-no-class": ("tiny-mpnet", {"tokenizer_class": None}, _CASED),
    "mpnet-fast-class": ("tiny-mpnet", {"tokenizer_class": "MPNetTokenizerFast"}, _CASED),
    "mpnet-cased": ("tiny-mpnet", {"do_lower_case": False}, {}),
    "mpnet-keeps-accents": ("tiny-mpnet", {"strip_accents": False}, {}),
    "mpnet-whole-chinese-words": ("tiny-mpnet", {"tokenize_chinese_chars": False}, {}),
    "mpnet-said-by-the-other-file": ("tiny-mpnet", _ANY_CLASS, _CASED),
    "mpnet-other-special-tokens": ("tiny-mpnet", {"cls_token": "</s>", "sep_token": "<s>"}, {}),
    "mpnet-other-unknown-token": ("tiny-mpnet", {"unk_token": "<unk>"}, {}),
    "deberta-nothing-said": ("tiny-deberta-v3", None, _LOWERCASE),
    "deberta-splits-at-punctuation": (
        "tiny-deberta-v3",
        {"do_lower_case": True, "split_by_punct": True, "add_prefix_space": False},
        {},
    ),
    "deberta-fast-class": (
        "tiny-deberta-v3",
        {"tokenizer_class": "DebertaV2TokenizerFast"},
        _LOWERCASE,
    ),
    "deberta-said-by-the-other-file": ("tiny-deberta-v3", _ANY_CLASS, _LOWERCASE | _SPACES_STAY),
    "deberta-other-special-tokens": (
        "tiny-deberta-v3",
        {"cls_token": "[SEP]", "sep_token": "[CLS]", "unk_token": "[PAD]"},
        {},
    ),
    "modernbert-nothing-said": ("tiny-modernbert", None, _LOWERCASE),
    "modernbert-no-class": ("tiny-modernbert", {"tokenizer_class": None}, _LOWERCASE),
    "modernbert-published-class": (
        "tiny-modernbert",
        {"tokenizer_class": "PreTrainedTokenizerFast"},
        _LOWERCASE,
    ),
    "modernbert-other-class": (
        "tiny-modernbert",
        {"tokenizer_class": "RobertaTokenizerFast"},
        _ADDS_A_SPACE,
    ),
}

_VARIED = [
    "the learner",
    " the learner",
    "the  learner   never\n\nstops ",
    "Hello World",
    "the <mask> stops <s> here",
    "\ufb01ne caf\u00e9 \u4f60\u597d \U0001f600",
    " ",
    "",
]


def byte_level() -> RobertaTokenizer:
    """BPE over bytes."""
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=_BYTE_LEVEL_SIZE,
        special_tokens=_SPECIAL,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    trained.train_from_iterator(_corpus(), trainer)
    model = json.loads(trained.to_str())["model"]
    vocabulary = model["vocab"] | {_MASK.content: len(model["vocab"])}
    merges = [tuple(merge) for merge in model["merges"]]
    return RobertaTokenizer(
        vocab=vocabulary, merges=merges, mask_token=_MASK, model_max_length=LIMIT
    )


def byte_level_of_modernbert() -> PreTrainedTokenizerFast:
    """BPE over bytes behind NFC, as GPT-NeoX's, with tokens of several blanks and BERT's special tokens."""
    trained = Tokenizer(models.BPE())
    trained.normalizer = normalizers.NFC()
    trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trained.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=_BYTE_LEVEL_SIZE,
        special_tokens=_FIRST_OF_MODERNBERT,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    trained.train_from_iterator(_corpus(), trainer)
    trained.add_tokens([AddedToken(" " * count, normalized=True) for count in range(24, 1, -1)])
    trained.add_special_tokens(_SPECIAL_OF_MODERNBERT)
    trained.add_special_tokens([AddedToken("[MASK]", lstrip=True, normalized=False, special=True)])
    trained.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0",
        pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[(token, trained.token_to_id(token)) for token in ("[CLS]", "[SEP]")],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=trained,
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        pad_token="[PAD]",
        mask_token="[MASK]",
        model_max_length=LIMIT,
        model_input_names=["input_ids", "attention_mask"],
    )


def unigram() -> XLMRobertaTokenizer:
    """Pieces with scores, after a normalizer, out of a sentencepiece model as XLM-R's are."""
    model = _sentencepiece()
    pieces = [(p.piece, p.score) for p in model.pieces if p.type == p.NORMAL]
    return XLMRobertaTokenizer(
        vocab=[*((token, 0.0) for token in _SPECIAL), *pieces, (_MASK.content, 0.0)],
        mask_token=_MASK,
        model_max_length=LIMIT,
        _spm_precompiled_charsmap=model.normalizer_spec.precompiled_charsmap,
    )


def unigram_of_deberta() -> DebertaV2Tokenizer:
    """The same pieces behind what DeBERTa makes of spaces, with BERT's special tokens."""
    pieces = [(p.piece, p.score) for p in _sentencepiece().pieces if p.type == p.NORMAL]
    return DebertaV2Tokenizer(
        vocab=[*((token, 0.0) for token in _SPECIAL_OF_DEBERTA), *pieces, ("[MASK]", 0.0)],
        model_max_length=LIMIT,
    )


def wordpiece() -> DistilBertTokenizer:
    """BERT's pieces."""
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *_word_pieces()]
    return DistilBertTokenizer(vocab=_numbered(pieces), model_max_length=LIMIT)


def wordpiece_of_mpnet() -> MPNetTokenizer:
    """BERT's pieces behind RoBERTa's special tokens, which it has beside its own."""
    pieces = [*_SPECIAL, "[UNK]", *_word_pieces(), _MASK.content]
    return MPNetTokenizer(vocab=_numbered(pieces), model_max_length=LIMIT)


def _word_pieces() -> list[str]:
    """Every character of the corpus alone and within a word, then the most frequent words."""
    normalizer = normalizers.BertNormalizer()
    splitter = pre_tokenizers.BertPreTokenizer()
    words = Counter(
        word
        for line in _corpus()
        for word, _ in splitter.pre_tokenize_str(normalizer.normalize_str(line))
    )
    characters = sorted({c for word in words for c in word})
    frequent = sorted(words, key=lambda word: (-words[word], word))
    longer = [word for word in frequent if len(word) > 1]
    return [*characters, *("##" + c for c in characters), *longer[:_WORDS]]


def _numbered(pieces: list[str]) -> dict[str, int]:
    return {piece: id for id, piece in enumerate(pieces)}


def write_ids(directory: Path) -> None:
    """Writes ids.json and pairs.json: what transformers makes of hard texts, cut at the limit."""
    tokenizer = AutoTokenizer.from_pretrained(directory)
    ids = tokenizer(TEXTS, truncation=True)["input_ids"]
    _write_json(
        directory / "ids.json",
        [{"text": text, "ids": found} for text, found in zip(TEXTS, ids, strict=True)],
    )
    # In a call of its own a pair would lose an empty second text; in a batch it keeps it.
    ids = tokenizer(_PAIRS, truncation=True)["input_ids"]
    _write_json(
        directory / "pairs.json",
        [
            {"text": text, "pair": pair, "ids": found}
            for (text, pair), found in zip(_PAIRS, ids, strict=True)
        ],
    )


def write_places(directory: Path) -> None:
    """Writes places.json: where transformers has the tokens of the texts in ids.json.

    Characters are counted from 0; -1 is a special token's. A token may have the blank before it.
    """
    tokenizer = AutoTokenizer.from_pretrained(directory)
    places = []
    for text in TEXTS:
        encoding = tokenizer(text, truncation=True)[0]
        found = [
            place if sequence == 0 else (-1, -1)
            for place, sequence in zip(encoding.offsets, encoding.sequence_ids, strict=True)
        ]
        places.append({"starts": [s for s, _ in found], "ends": [e for _, e in found]})
    lines = [json.dumps(place, separators=(",", ":")) for place in places]
    (directory / "places.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")


def write_variants(directory: Path, models: Path) -> None:
    """Writes a folder a case of what differs between both files of a tokenizer, as in tokenizers.py."""
    for name, (model, settings, tokenizer) in _VARIANTS.items():
        folder = directory / name
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(models / model / "config.json", folder / "config.json")
        changed = _read_json(models / model, "tokenizer") | tokenizer
        (folder / "tokenizer.json").write_text(json.dumps(changed, separators=(",", ":")) + "\n")
        said = _read_json(models / model, "tokenizer_config") | (settings or {})
        _write_json(folder / "tokenizer_config.json", {} if settings is None else said)
        loaded = AutoTokenizer.from_pretrained(folder)
        ids = loaded(_VARIED)["input_ids"]
        _write_json(
            folder / "ids.json",
            [{"text": text, "ids": found} for text, found in zip(_VARIED, ids, strict=True)],
        )


def _read_json(directory: Path, name: str) -> dict:
    return json.loads((directory / f"{name}.json").read_text(encoding="utf-8"))


def _sentencepiece() -> ModelProto:
    """The library `tokenizers` trains such a model too, but another one at every run."""
    model = io.BytesIO()
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as table:
        table.writelines(_rules())
        table.flush()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(_corpus()),
            model_writer=model,
            model_type="unigram",
            vocab_size=_UNIGRAM_SIZE,
            character_coverage=1.0,
            normalization_rule_tsv=table.name,
            num_threads=1,
            minloglevel=2,
        )
    return ModelProto.FromString(model.getvalue())


def _rules() -> list[str]:
    """What the normalizer replaces, in code points."""
    rules = {chr(c): unicodedata.normalize("NFKC", chr(c)) for c in _COMPATIBLE}
    rules |= {unicodedata.normalize("NFD", chr(c)): chr(c) for c in _COMPOSED}
    rules |= {chr(c): " " for c in _SPACES} | {chr(c): "" for c in _NOTHING}
    return [f"{_points(old)}\t{_points(new)}\n" for old, new in rules.items() if old != new]


def _points(text: str) -> str:
    return " ".join(f"{ord(c):X}" for c in text)


def _corpus() -> list[str]:
    return CORPUS.read_text(encoding="utf-8").splitlines()


def _write_json(path: Path, content) -> None:
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")
