"""Directories as PEFT writes them, for the tests of what reads them."""

import json
from dataclasses import replace
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, TaskType, get_peft_model
from peft.tuners.lora import LoraLayer

from . import tiny, tokenizers
from .cases import ALL_MODULES, Case
from .classifier import classifier, padded, pooled_classifier
from .draws import uniform
from .examples import Examples
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
_POOLER = replace(_MASKED, name="adalora-pooler", base="tiny-pooler")
_ONE_LAYER = replace(_MASKED, name="adalora-one-layer", layers=(1,))
_UNMASKED = replace(_MASKED, name="adalora-unmasked", warmup_steps=39, final_steps=0)


def write_all(directory: Path, examples: Examples) -> None:
    """Writes the base model, an adapter of each kind over it, and the logits that PEFT computes."""
    base = directory / tiny.NAME
    tiny.write(base)
    for case in (_UNMASKED, _MASKED, _ONE_LAYER):
        model = adapt(case, _classifier(base, examples))
        train(case, model, examples)
        _write(directory / case.name, model, base, examples)
    _write(directory / "lora", _lora(_classifier(base, examples)), base, examples)
    _write(
        directory / "lora-regex",
        _lora(_classifier(base, examples), r".*\.layer\.0\..*(query|output\.dense)"),
        base,
        examples,
    )
    pooler = directory / tiny.WITH_POOLER
    tiny.write(pooler, pooler=True)
    model = adapt(_POOLER, _classifier(pooler, examples))
    train(_POOLER, model, examples)
    _write(directory / _POOLER.name, model, pooler, examples)
    tokenizers.write_all(directory.parent / "tokenizers")


def logits(model: torch.nn.Module, token_ids: list[list[int]]) -> torch.Tensor:
    """Logits of texts of unequal lengths."""
    ids, mask = padded(token_ids)
    with torch.no_grad():
        return model.eval()(input_ids=ids, attention_mask=mask).logits


def _classifier(base: Path, examples: Examples):
    build = pooled_classifier if base.name == tiny.WITH_POOLER else classifier
    model = build(*tiny.read(base), examples.number_of_labels())
    # What adapter_config.json calls the base model; a path would differ between machines.
    model.name_or_path = base.name
    return model


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


def _write(directory: Path, model: PeftModel, base: Path, examples: Examples) -> None:
    model.save_pretrained(directory, save_embedding_layers=False)
    (directory / "README.md").unlink()
    texts = examples.token_ids[:_TEXTS]
    loaded = PeftModel.from_pretrained(_classifier(base, examples), directory)
    found = logits(loaded, texts)
    torch.testing.assert_close(found, logits(model, texts), rtol=0, atol=1e-6)
    content = {"tokenIds": texts, "logits": found.tolist()}
    (directory / "logits.json").write_text(json.dumps(content) + "\n")
