"""What both sides train with: Rankstream's defaults, with masks from the start."""

from parity.cases import Case


def settings(total_steps: int) -> Case:
    """Settings of a run that ends before `total_steps`.

    The budget falls over the whole run, so that every tenth step sets a mask and none is of PEFT's
    final phase, which an endless stream does not have.
    """
    return Case(
        "speed",
        base="minilm",
        steps=total_steps,
        warmup_steps=0,
        final_steps=0,
        mask_interval=10,
        init_rank=12,
        target_rank=8,
        alpha=32.0,
        orthogonality=0.1,
        learning_rate=2e-3,
        head_learning_rate=3e-2,
        learning_rate_warmup_steps=20,
        weight_decay=0.01,
        max_gradient_norm=1.0,
    )


def training_options(case: Case) -> list[str]:
    """The same settings as options below `training` in Rankstream's configuration."""
    return [
        f"target-modules: [{', '.join(case.target_modules)}]",
        f"init-rank: {case.init_rank}",
        f"alpha: {case.alpha}",
        "dropout: 0",
        "budget.schedule: streaming",
        f"budget.target-rank: {case.target_rank}",
        f"budget.warmup-steps: {case.warmup_steps}",
        f"budget.ramp-steps: {case.steps - case.warmup_steps}",
        f"budget.mask-interval: {case.mask_interval}",
        f"orthogonality.coefficient: {case.orthogonality}",
        f"optimizer.learning-rate: {case.learning_rate}",
        f"optimizer.head-learning-rate: {case.head_learning_rate}",
        f"optimizer.warmup-steps: {case.learning_rate_warmup_steps}",
        f"optimizer.weight-decay: {case.weight_decay}",
        f"optimizer.max-gradient-norm: {case.max_gradient_norm}",
    ]
