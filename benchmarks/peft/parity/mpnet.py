"""A tiny MPNet of drawn weights, as the Hugging Face directory it would come in."""

from pathlib import Path

from transformers import MPNetConfig, MPNetModel

from . import subwords, tiny

NAME = "tiny-mpnet"

_SEED = 20260805


def write(directory: Path) -> None:
    """Writes the encoder with a pooler, without a prefix, and the ids of hard texts.

    Positions are counted from the padding token's id on, so its table has more than a text.
    """
    tokenizer = subwords.wordpiece_of_mpnet()
    config = MPNetConfig(
        vocab_size=len(tokenizer),
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=3,
        intermediate_size=40,
        max_position_embeddings=subwords.LIMIT + tokenizer.pad_token_id + 1,
        layer_norm_eps=1e-5,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )
    model = MPNetModel(config)
    tiny.draw(model, _SEED)
    model.save_pretrained(directory)
    tokenizer.save_pretrained(directory)
    subwords.write_ids(directory)
