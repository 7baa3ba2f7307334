"""Directories as PEFT writes them, for the tests of what reads them."""

import json
from dataclasses import replace
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, TaskType, get_peft_model
from peft.tuners.lora import LoraLayer

from . import bases, subwords, tokenizers
from .cases import (
    ALL_MODULES,
    ALL_OF_DISTILBERT,
    ALL_OF_MODERNBERT,
    ALL_OF_MPNET,
    EVERY_DENSE,
    EVERY_DENSE_OF_DEBERTA,
    Case,
)
from .classifier import padded
from .draws import uniform
from .goldens import MODELS, PEFT, RESOURCES
from .training import ADAPTER, adapt, train

_TEXTS = 5
_DEVIATION = 0.1
_LORA_SEED = 7

# PEFT masks at every step of the final phase, so no pruned triplet has moved since. The learning
# rate is high: what the triplets add to the logits must stand out from the reader's tolerance.
_MASKED = Case(
    "adalora-masked",
    steps=40,
    warmup_steps=5,
    final_steps=10,
    target_rank=1,
    alpha=8.0,
    learning_rate=2e-2,
    head_learning_rate=2e-2,
)
_POOLER = replace(_MASKED, name="adalora-pooler", base="tiny-pooler", own_head=True)
_ONE_LAYER = replace(_MASKED, name="adalora-one-layer", layers=(1,))
_ROBERTA = replace(
    _MASKED,
    name="adalora-roberta",
    base="tiny-roberta",
    own_head=True,
    target_modules=EVERY_DENSE,
)
_XLM_ROBERTA = replace(
    _MASKED, name="adalora-xlm-roberta", base="tiny-xlm-roberta", target_modules=EVERY_DENSE
)
_DISTILBERT = replace(
    _MASKED,
    name="adalora-distilbert",
    base="tiny-distilbert",
    own_head=True,
    target_modules=ALL_OF_DISTILBERT,
)
_MPNET = replace(
    _MASKED,
    name="adalora-mpnet",
    base="tiny-mpnet",
    own_head=True,
    target_modules=ALL_OF_MPNET,
)
_DEBERTA = replace(
    _MASKED,
    name="adalora-deberta",
    base="tiny-deberta-v3",
    own_head=True,
    target_modules=EVERY_DENSE_OF_DEBERTA,
)
_MODERNBERT = replace(
    _MASKED,
    name="adalora-modernbert",
    base="tiny-modernbert",
    own_head=True,
    target_modules=ALL_OF_MODERNBERT,
)
_REGRESSION = replace(_MASKED, name="adalora-regression", task="regression")
_MULTI_LABEL = replace(_MASKED, name="adalora-multi-label", task="multi-label")
_UNMASKED = replace(_MASKED, name="adalora-unmasked", warmup_steps=39, final_steps=0)

_CASES = (
    _UNMASKED,
    _MASKED,
    _ONE_LAYER,
    _POOLER,
    _ROBERTA,
    _XLM_ROBERTA,
    _DISTILBERT,
    _MPNET,
    _DEBERTA,
    _MODERNBERT,
    _REGRESSION,
    _MULTI_LABEL,
)


def write_all() -> None:
    """Writes an adapter of each kind, the logits that PEFT computes with it, and tokenizers."""
    for case in _CASES:
        model = adapt(case, bases.model(case))
        train(case, model, bases.examples(case))
        _write(PEFT / case.name, model, case)
    _write(PEFT / "lora", _lora(bases.model(_MASKED)), _MASKED)
    _write(
        PEFT / "lora-regex",
        _lora(bases.model(_MASKED), r".*\.layer\.0\..*(query|output\.dense)"),
        _MASKED,
    )
    tokenizers.write_all(RESOURCES / "tokenizers")
    subwords.write_variants(RESOURCES / "subwords", MODELS)


def logits(model: torch.nn.Module, token_ids: list[list[int]]) -> torch.Tensor:
    """Logits of texts of unequal lengths."""
    ids, mask = padded(token_ids, model.config.pad_token_id)
    with torch.no_grad():
        return model.eval()(input_ids=ids, attention_mask=mask).logits


def _lora(
    base: torch.nn.Module, target_modules: list[str] | str = list(ALL_MODULES)
) -> PeftModel:
    config = LoraConfig(
        task_type=TaskType.SEQ_CLS,
        r=4,
        lora_alpha=8,
        target_modules=target_modules,
    )
    model = get_peft_model(base, config)
    layers = [m for m in model.modules() if isinstance(m, LoraLayer)]
    trained = [m[ADAPTER].weight for layer in layers for m in (layer.lora_A, layer.lora_B)]
    trained.append(model.base_model.model.classifier.modules_to_save[ADAPTER].weight)
    with torch.no_grad():
        for stream, weight in enumerate(trained):
            drawn = uniform(_LORA_SEED, stream, tuple(weight.shape), _DEVIATION)
            weight.copy_(torch.from_numpy(drawn))
    return model


def _write(directory: Path, model: PeftModel, case: Case) -> None:
    model.save_pretrained(directory, save_embedding_layers=False)
    (directory / "README.md").unlink()
    texts = bases.examples(case).token_ids[:_TEXTS]
    loaded = PeftModel.from_pretrained(bases.model(case), directory)
    found = logits(loaded, texts)
    torch.testing.assert_close(found, logits(model, texts), rtol=0, atol=1e-6)
    content = {"tokenIds": texts, "logits": found.tolist()}
    (directory / "logits.json").write_text(json.dumps(content) + "\n")
