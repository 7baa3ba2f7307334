"""Trains a case with PEFT and keeps what it did at every step."""

import math
from dataclasses import dataclass, field

import numpy as np
import torch
from peft import AdaLoraConfig, PeftModel, TaskType, get_peft_model
from peft.tuners.adalora import AdaLoraModel
from peft.tuners.adalora.layer import AdaLoraLayer
from torch.nn.utils import clip_grad_norm_
from transformers import PreTrainedModel

from .cases import Case
from .classifier import padded, task_loss
from .draws import uniform
from .examples import Examples

ADAPTER = "default"

# Parts of a head in the order in which data flows; DeBERTa's own has the first one too, DistilBERT's the
# second, ModernBERT's the third. Answers have the last alone, or ModernBERT's two.
_HEADS = ("pooler", "pre_classifier", "head", "classifier", "qa_outputs")

# Those of them that PEFT leaves out by itself.
_LEFT_OUT = ("pooler", "head")


@dataclass
class Run:
    """What a run did, one entry a step, and the tensors that it passed through."""

    loss: list[float] = field(default_factory=list)
    orthogonality_loss: list[float] = field(default_factory=list)
    gradient_norm: list[float] = field(default_factory=list)
    learning_rate: list[float] = field(default_factory=list)
    budget: list[int] = field(default_factory=list)
    live: list[list[bool]] = field(default_factory=list)
    smallest_gap: float = math.inf
    tensors: dict[str, np.ndarray] = field(default_factory=dict)


def adapt(
    case: Case, base: PreTrainedModel, task_type: TaskType = TaskType.SEQ_CLS
) -> PeftModel:
    """`base` with AdaLoRA at its drawn start."""
    config = AdaLoraConfig(
        task_type=task_type,
        init_r=case.init_rank,
        target_r=case.target_rank,
        tinit=case.warmup_steps,
        tfinal=case.final_steps,
        total_step=case.steps,
        deltaT=case.mask_interval,
        beta1=0.85,
        beta2=0.85,
        orth_reg_weight=case.orthogonality,
        lora_alpha=case.alpha,
        lora_dropout=0.0,
        target_modules=list(case.target_modules),
        layers_to_transform=list(case.layers) if case.layers else None,
        # PEFT adds what ends in `classifier`, but the others would stay as they were drawn.
        modules_to_save=[part for part in _LEFT_OUT if getattr(base, part, None)] or None,
    )
    model = get_peft_model(base, config)
    with torch.no_grad():
        layers = adapted_layers(model).values()
        for index, layer in enumerate(layers):
            _draw(layer.lora_A[ADAPTER], case, 2 * index)
            _draw(layer.lora_B[ADAPTER], case, 2 * index + 1)
        stream = 2 * len(layers)
        for name, parameter in head(model).items():
            if name.endswith("bias"):
                parameter.zero_()
            else:
                _draw(parameter, case, stream)
                stream += 1
            if name.endswith("norm.weight"):
                parameter.add_(1)
    return model


def head(model: PeftModel) -> dict[str, torch.nn.Parameter]:
    """The head's parameters by their name in the model, in its order."""
    return {
        f"{part}.{name}": parameter
        for part in _HEADS
        if getattr(model.base_model.model, part, None) is not None
        for name, parameter in getattr(model.base_model.model, part)
        .modules_to_save[ADAPTER]
        .named_parameters()
    }


def adapted_layers(model: PeftModel) -> dict[str, AdaLoraLayer]:
    """Adapted layers by their name in the encoder, in its order."""
    encoder = f"base_model.model.{_encoder(model)}."
    return {
        name.removeprefix(encoder): module
        for name, module in model.named_modules()
        if isinstance(module, AdaLoraLayer)
    }


def _encoder(model: PeftModel) -> str:
    """The encoder's name in its classifier."""
    return model.base_model.model.base_model_prefix


def parameter_groups(case: Case, model: PeftModel) -> list[dict]:
    """What is trained, each with its learning rate; torch's AdamW has our other defaults."""
    trained = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    triplets = [p for name, p in trained if "lora_" in name]
    others = [p for name, p in trained if "lora_" not in name]
    return [
        {"params": triplets, "lr": case.learning_rate},
        {"params": others, "lr": case.head_learning_rate},
    ]


def train(case: Case, model: PeftModel, examples: Examples) -> Run:
    """Trains `model` in place."""
    run = Run()
    tuner = model.base_model
    _watch_thresholds(tuner, run)
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameter_groups(case, model), weight_decay=case.weight_decay)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, case.learning_rate_factor)
    for step in range(case.steps):
        _backward(case, model, examples.batch(step), run)
        norm = clip_grad_norm_(parameters, case.max_gradient_norm or math.inf)
        run.gradient_norm.append(norm.item())
        run.learning_rate.append(schedule.get_last_lr()[0])
        optimizer.step()
        _allocate(case, tuner, step)
        optimizer.zero_grad()
        schedule.step()
        run.budget.append(tuner.rankallocator.budget_schedule(step)[0])
        run.live.append(_live(model))
        if step == case.middle_step:
            _keep_importance(run, model, "middle")
        if step == case.last_importance_step:
            _keep_importance(run, model, "last")
    _keep_parameters(run, model)
    return run


def _draw(parameter: torch.Tensor, case: Case, stream: int) -> None:
    values = uniform(case.seed, stream, tuple(parameter.shape), case.initial_deviation)
    parameter.copy_(torch.from_numpy(values))


def _backward(case: Case, model: PeftModel, batch: Examples, run: Run) -> None:
    """Gradients of the mean over the parts of a batch; the regulariser is as PEFT adds it."""
    losses = []
    penalties = []
    for part in batch.parts(case.accumulated_parts):
        ids, mask = padded(part.token_ids, model.config.pad_token_id)
        labels = torch.tensor(part.labels)
        output = model(input_ids=ids, attention_mask=mask, labels=labels)
        (output.loss / case.accumulated_parts).backward()
        losses.append(task_loss(output.logits.detach(), labels).item())
        penalties.append(output.loss.item() - losses[-1])
    run.loss.append(float(np.mean(losses)))
    run.orthogonality_loss.append(float(np.mean(penalties)))


def _allocate(case: Case, tuner: AdaLoraModel, step: int) -> None:
    if case.init_rank > case.target_rank:
        tuner.update_and_allocate(step)
    elif step <= case.last_importance_step:
        # With nothing to prune PEFT asks for the 0th smallest score, which torch refuses.
        tuner.rankallocator.update_ipt(tuner.model)


def _watch_thresholds(tuner: AdaLoraModel, run: Run) -> None:
    """Keeps the smallest gap between the best pruned and the worst kept score, by the latter."""
    allocator = tuner.rankallocator
    mask_to_budget = allocator.mask_to_budget

    def watched(model, budget):
        scores = np.sort(_scores(tuner))
        pruned = allocator.init_bgt - budget
        gap = (scores[pruned] - scores[pruned - 1]) / scores[pruned]
        run.smallest_gap = min(run.smallest_gap, float(gap))
        return mask_to_budget(model, budget)

    allocator.mask_to_budget = watched


def _scores(tuner: AdaLoraModel) -> np.ndarray:
    allocator = tuner.rankallocator
    scores = []
    for name in allocator.name_set:
        e, a, b = (
            (allocator.exp_avg_ipt[n] * allocator.exp_avg_unc[n]).double().numpy()
            for n in (name % "lora_E", name % "lora_A", name % "lora_B")
        )
        scores.append(e[:, 0] + a.mean(1) + b.mean(0))
    return np.concatenate(scores)


def _live(model: PeftModel) -> list[bool]:
    pattern = model.peft_config[ADAPTER].rank_pattern
    live = []
    for name, layer in adapted_layers(model).items():
        key = f"{_encoder(model)}.{name}.lora_E.{ADAPTER}"
        live += pattern[key] if pattern else [True] * layer.r[ADAPTER]
    return live


def _keep_importance(run: Run, model: PeftModel, moment: str) -> None:
    allocator = model.base_model.rankallocator
    for name in adapted_layers(model):
        for part in ("lora_A", "lora_E", "lora_B"):
            key = f"{_encoder(model)}.{name}.{part}.{ADAPTER}"
            tensor = f"{name}.{part}"
            run.tensors[f"{moment}.sensitivity.{tensor}"] = allocator.exp_avg_ipt[key].numpy()
            run.tensors[f"{moment}.uncertainty.{tensor}"] = allocator.exp_avg_unc[key].numpy()


def _keep_parameters(run: Run, model: PeftModel) -> None:
    for name, layer in adapted_layers(model).items():
        for part in ("lora_A", "lora_E", "lora_B"):
            values = getattr(layer, part)[ADAPTER].detach().numpy()
            run.tensors[f"final.{name}.{part}"] = values.copy()
    for name, parameter in head(model).items():
        run.tensors[f"final.{name}"] = parameter.detach().numpy().copy()
