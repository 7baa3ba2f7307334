"""A tiny DistilBERT of drawn weights, as the Hugging Face directory it would come in."""

from pathlib import Path

from transformers import DistilBertConfig, DistilBertForSequenceClassification

from . import subwords, tiny

NAME = "tiny-distilbert"

_SEED = 20260804


def write(directory: Path) -> None:
    """Writes it with a classifier, and so with the prefix `distilbert.`, and the ids of hard texts."""
    tokenizer = subwords.wordpiece()
    config = DistilBertConfig(
        vocab_size=len(tokenizer),
        dim=24,
        n_layers=2,
        n_heads=3,
        hidden_dim=40,
        max_position_embeddings=subwords.LIMIT,
        pad_token_id=tokenizer.pad_token_id,
        num_labels=3,
    )
    model = DistilBertForSequenceClassification(config)
    tiny.draw(model, _SEED)
    model.save_pretrained(directory)
    tokenizer.save_pretrained(directory)
    subwords.write_ids(directory)
