"""The runs that are compared."""

from dataclasses import dataclass

ALL_MODULES = (
    "query",
    "key",
    "value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)

# PEFT's own choice for RoBERTa. It leaves out what the head has, whatever its name: `classifier` is
# trained in full.
EVERY_DENSE = ("query", "key", "value", "dense")

# The same for DeBERTa.
EVERY_DENSE_OF_DEBERTA = ("query_proj", "key_proj", "value_proj", "dense")

# PEFT has no choice of its own for these.
ALL_OF_DISTILBERT = ("q_lin", "k_lin", "v_lin", "out_lin", "lin1", "lin2")
ALL_OF_MPNET = ("attn.q", "attn.k", "attn.v", "attn.o", "intermediate.dense", "output.dense")
ALL_OF_MODERNBERT = ("attn.Wqkv", "attn.Wo", "mlp.Wi", "mlp.Wo")


@dataclass(frozen=True)
class Case:
    """Settings of one run; `steps` is the paper's T.

    The seed draws the initial A, B and head. Each is the first from 1 on with which no mask of the
    run has a near tie, and learning rates are so low that A and B stay well away from orthogonal:
    there the regulariser, a norm that is not squared, has a kink, and two runs that differ by
    rounding part.
    """

    name: str
    base: str = "tiny"
    seed: int = 1
    steps: int = 240
    warmup_steps: int = 40
    final_steps: int = 80
    mask_interval: int = 10
    init_rank: int = 4
    target_rank: int = 2
    alpha: float = 16.0
    initial_deviation: float = 0.02
    orthogonality: float = 0.1
    target_modules: tuple[str, ...] = ALL_MODULES
    learning_rate: float = 5e-4
    head_learning_rate: float = 2e-3
    learning_rate_warmup_steps: int = 0
    learning_rate_decay_end_step: int = 0
    weight_decay: float = 0.0
    max_gradient_norm: float = 0.0
    accumulated_parts: int = 1
    sample_stride: int = 1
    layers: tuple[int, ...] | None = None
    own_head: bool = False
    task: str = "classification"

    def learning_rate_factor(self, step: int) -> float:
        """Linear warm-up, then constant, or linear decay to 0 at `learning_rate_decay_end_step`."""
        warmup = self.learning_rate_warmup_steps
        end = self.learning_rate_decay_end_step
        if step < warmup:
            return (step + 1) / warmup
        return max(0.0, (end - step) / (end - warmup)) if end else 1.0

    @property
    def last_importance_step(self) -> int:
        """The last step that updates the importance; after it PEFT drops and we keep it."""
        return self.steps - self.final_steps - 1

    @property
    def middle_step(self) -> int:
        """A step in the middle of the ramp."""
        return (self.warmup_steps + self.last_importance_step) // 2


CASES = [
    Case("no-regulariser", orthogonality=0.0, learning_rate=2e-4),
    Case("regulariser", orthogonality=0.5),
    Case("mask-every-step", mask_interval=1),
    # The last step of the ramp is no multiple of the interval: PEFT masks there all the same.
    Case("final-mask-between-intervals", mask_interval=7),
    Case("clipping", max_gradient_norm=0.1),
    Case("accumulation", accumulated_parts=4),
    Case("nothing-to-prune", target_rank=4),
    Case("rank-zero", target_rank=1),
    Case("query-and-value", seed=2, target_modules=("query", "value")),
    Case("pooler", base="tiny-pooler", seed=2, own_head=True, learning_rate=2e-4),
    Case("one-layer", layers=(1,), learning_rate=2e-4),
    Case(
        "weight-decay-and-learning-rate",
        seed=2,
        weight_decay=0.1,
        head_learning_rate=5e-3,
        learning_rate_warmup_steps=20,
        learning_rate_decay_end_step=260,
    ),
    Case(
        "all-minilm-l6-v2",
        base="minilm",
        seed=2,
        steps=200,
        warmup_steps=30,
        final_steps=60,
        init_rank=12,
        target_rank=8,
        alpha=96.0,
        initial_deviation=0.01,
        learning_rate=7e-5,
        head_learning_rate=1e-3,
        max_gradient_norm=1.0,
        sample_stride=101,
    ),
    Case("roberta", base="tiny-roberta", target_modules=EVERY_DENSE),
    Case(
        "roberta-own-head",
        base="tiny-roberta",
        seed=2,
        own_head=True,
        target_modules=EVERY_DENSE,
    ),
    Case("xlm-roberta", base="tiny-xlm-roberta", target_modules=EVERY_DENSE),
    Case("xlm-roberta-own-head", base="tiny-xlm-roberta", own_head=True, target_modules=EVERY_DENSE),
    Case("distilbert", base="tiny-distilbert", target_modules=ALL_OF_DISTILBERT),
    Case(
        "distilbert-own-head",
        base="tiny-distilbert",
        seed=4,
        own_head=True,
        target_modules=ALL_OF_DISTILBERT,
    ),
    Case("mpnet", base="tiny-mpnet", target_modules=ALL_OF_MPNET),
    Case("mpnet-own-head", base="tiny-mpnet", own_head=True, target_modules=ALL_OF_MPNET),
    Case("deberta-v3", base="tiny-deberta-v3", target_modules=EVERY_DENSE_OF_DEBERTA),
    Case(
        "deberta-v3-own-head",
        base="tiny-deberta-v3",
        own_head=True,
        target_modules=EVERY_DENSE_OF_DEBERTA,
    ),
    Case("deberta-v2", base="tiny-deberta-v2", target_modules=EVERY_DENSE_OF_DEBERTA),
    Case("modernbert", base="tiny-modernbert", target_modules=ALL_OF_MODERNBERT),
    Case(
        "modernbert-own-head",
        base="tiny-modernbert",
        own_head=True,
        target_modules=ALL_OF_MODERNBERT,
    ),
    Case(
        "modernbert-mean-own-head",
        base="tiny-modernbert-mean",
        own_head=True,
        target_modules=ALL_OF_MODERNBERT,
    ),
    Case("regression", task="regression", orthogonality=0.3, head_learning_rate=2e-2),
    Case("multi-label", task="multi-label", base="tiny-pooler", own_head=True, learning_rate=2e-4),
]
