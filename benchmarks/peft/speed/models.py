"""The base models that steps are measured on."""

from dataclasses import dataclass, replace
from pathlib import Path

import torch
from parity import minilm, tiny
from parity.cases import EVERY_DENSE_OF_DEBERTA, Case
from transformers import DebertaV2Config, DebertaV2Model, PreTrainedConfig

_SEED = 1


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
        return "sdpa" if self.name == MINILM else "eager"

    def adapting(self, case: Case) -> Case:
        """The case with every linear layer of the model's as target."""
        return case if self.name == MINILM else replace(case, target_modules=EVERY_DENSE_OF_DEBERTA)

    def write_into(self, folder: Path) -> "Base":
        """The same in a folder of its own, if it has to be made."""
        if self.name == MINILM:
            return self
        directory = folder / self.name
        torch.manual_seed(_SEED)
        DebertaV2Model(DebertaV2Config(**_DEBERTA_V3_BASE)).save_pretrained(directory)
        return replace(self, directory=directory)


MINILM = "all-minilm-l6-v2"
DEBERTA = "deberta-v3-base"

NAMES = [MINILM, DEBERTA]

# The published shape; weights are drawn.
_DEBERTA_V3_BASE = {
    "vocab_size": 128100,
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "max_position_embeddings": 512,
    "type_vocab_size": 0,
    "relative_attention": True,
    "share_att_key": True,
    "position_biased_input": False,
    "position_buckets": 256,
    "max_relative_positions": -1,
    "norm_rel_ebd": "layer_norm",
    "pos_att_type": "p2c|c2p",
}
