"""A tiny RoBERTa and a tiny XLM-R of drawn weights, as the Hugging Face directories they would come in."""

from pathlib import Path

from transformers import (
    PreTrainedModel,
    PreTrainedTokenizerBase,
    RobertaConfig,
    RobertaForSequenceClassification,
    XLMRobertaConfig,
    XLMRobertaModel,
)

from . import subwords, tiny

NAME = "tiny-roberta"
XLM = "tiny-xlm-roberta"

LABELS = 3

_SEED = 20260802
_XLM_SEED = 20260803


def write_all(directory: Path) -> None:
    """Writes both, with the ids of hard texts beside the tokenizers.

    One file has a classifier and so the prefix `roberta.` before the encoder's names; the other has
    the encoder and its pooler, without a prefix.
    """
    tokenizer = subwords.byte_level()
    config = RobertaConfig(**_sizes(tokenizer), num_labels=LABELS)
    _write(directory / NAME, RobertaForSequenceClassification(config), _SEED, tokenizer)
    tokenizer = subwords.unigram()
    config = XLMRobertaConfig(**_sizes(tokenizer))
    _write(directory / XLM, XLMRobertaModel(config), _XLM_SEED, tokenizer)


def _write(
    directory: Path, model: PreTrainedModel, seed: int, tokenizer: PreTrainedTokenizerBase
) -> None:
    tiny.draw(model, seed)
    model.save_pretrained(directory)
    tokenizer.save_pretrained(directory)
    subwords.write_ids(directory)


def _sizes(tokenizer: PreTrainedTokenizerBase) -> dict:
    """Positions are counted from the padding token's id on, so its table has more than a text."""
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": 24,
        "num_hidden_layers": 2,
        "num_attention_heads": 3,
        "intermediate_size": 40,
        "max_position_embeddings": subwords.LIMIT + tokenizer.pad_token_id + 1,
        "type_vocab_size": 1,
        "layer_norm_eps": 1e-5,
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
    }
