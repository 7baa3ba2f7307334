"""The base models that steps are measured on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from parity import minilm, mpnet_base, tiny
from parity.cases import (
    ALL_MODULES,
    ALL_OF_DISTILBERT,
    ALL_OF_MODERNBERT,
    ALL_OF_MPNET,
    EVERY_DENSE,
    EVERY_DENSE_OF_DEBERTA,
    Case,
)
from tokenizers import Tokenizer
from transformers import (
    DebertaV2Config,
    DebertaV2Model,
    DistilBertConfig,
    DistilBertModel,
    ModernBertConfig,
    ModernBertModel,
    PreTrainedConfig,
    PreTrainedModel,
    RobertaConfig,
    RobertaModel,
)

MINILM = "all-minilm-l6-v2"

_SEED = 1


@dataclass(frozen=True)
class _Kind:
    """What a base model is adapted with.

    `targets` are all of its linear layers, and `attention` is the fastest implementation that
    transformers has of the model. `fetched` gets its directory; `drawn` makes it where no weights
    are at hand; the embedded model has neither.
    """

    targets: tuple[str, ...]
    attention: str = "sdpa"
    fetched: Callable[[], Path] | None = None
    drawn: Callable[[], PreTrainedModel] | None = None


def _deberta_v3_base() -> DebertaV2Model:
    return DebertaV2Model(
        DebertaV2Config(
            vocab_size=128100,
            hidden_size=768,
            num_hidden_layers=12,
            num_attention_heads=12,
            intermediate_size=3072,
            max_position_embeddings=512,
            type_vocab_size=0,
            relative_attention=True,
            share_att_key=True,
            position_biased_input=False,
            position_buckets=256,
            max_relative_positions=-1,
            norm_rel_ebd="layer_norm",
            pos_att_type="p2c|c2p",
        )
    )


def _roberta_base() -> RobertaModel:
    return RobertaModel(
        RobertaConfig(
            vocab_size=50265, max_position_embeddings=514, type_vocab_size=1, layer_norm_eps=1e-5
        )
    )


# Shapes are the published ones; those that are not given are transformers' defaults.
_KINDS = {
    MINILM: _Kind(ALL_MODULES),
    mpnet_base.NAME: _Kind(ALL_OF_MPNET, attention="eager", fetched=mpnet_base.fetch),
    "deberta-v3-base": _Kind(EVERY_DENSE_OF_DEBERTA, attention="eager", drawn=_deberta_v3_base),
    "roberta-base": _Kind(EVERY_DENSE, drawn=_roberta_base),
    "distilbert-base": _Kind(ALL_OF_DISTILBERT, drawn=lambda: DistilBertModel(DistilBertConfig())),
    "modernbert-base": _Kind(ALL_OF_MODERNBERT, drawn=lambda: ModernBertModel(ModernBertConfig())),
}

NAMES = list(_KINDS)


@dataclass(frozen=True)
class Base:
    """A model by name; `directory` is where it lies, or nothing for the embedded one."""

    name: str
    directory: Path | None = None

    def read(self) -> tuple[PreTrainedConfig, dict[str, torch.Tensor]]:
        """Sizes and weights."""
        return tiny.read(self.directory) if self.directory else minilm.read()

    def attention(self) -> str:
        """The fastest implementation that transformers has of the model."""
        return _KINDS[self.name].attention

    def adapting(self, case: Case) -> Case:
        """The case with every linear layer of the model's as target."""
        return replace(case, target_modules=_KINDS[self.name].targets)

    def tokenizer(self, length: int) -> Tokenizer:
        """The model's own, cut at `length` tokens and without padding; all-MiniLM-L6-v2's for a
        model of drawn weights, to which ids mean nothing."""
        if _KINDS[self.name].fetched is None:
            return minilm.tokenizer(length)
        tokenizer = Tokenizer.from_file(str(self.directory / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(length)
        return tokenizer

    def at_hand(self, folder: Path) -> "Base":
        """The same in a directory: drawn in `folder`, or fetched."""
        kind = _KINDS[self.name]
        if kind.fetched:
            return replace(self, directory=kind.fetched())
        if kind.drawn is None:
            return self
        directory = folder / self.name
        torch.manual_seed(_SEED)
        kind.drawn().save_pretrained(directory)
        return replace(self, directory=directory)
