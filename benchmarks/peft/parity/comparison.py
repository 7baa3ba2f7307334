"""How far two runs of a case are apart."""

from dataclasses import dataclass

import numpy as np

from .training import Run

HEADER = (
    f"{'case':<32}{'loss':>9}{'penalty':>9}{'norm':>9}{'budgets':>9}{'masks':>8}"
    f"{'importance':>12}{'weights':>9}{'gap':>9}"
)

# Smaller elements than this share of their tensor's largest count as that large.
_FLOOR = 1e-2


@dataclass(frozen=True)
class Deviation:
    """Largest deviations of one run from another.

    Losses and final weights are compared absolutely; the gradient norm relatively; importance by
    element, relatively to the element or to a hundredth of its tensor's largest.
    """

    loss: float
    orthogonality_loss: float
    gradient_norm: float
    budgets: int
    masks: int
    importance: float
    weights: float

    @staticmethod
    def of(found: Run, expected: Run) -> "Deviation":
        names = expected.tensors.keys()
        return Deviation(
            loss=_absolute(found.loss, expected.loss),
            orthogonality_loss=_absolute(found.orthogonality_loss, expected.orthogonality_loss),
            gradient_norm=_relative(found.gradient_norm, expected.gradient_norm),
            budgets=_unequal(found.budget, expected.budget),
            masks=_unequal(found.live, expected.live),
            importance=max(
                _relative(found.tensors[n], expected.tensors[n])
                for n in names
                if not n.startswith("final.")
            ),
            weights=max(
                _absolute(found.tensors[n], expected.tensors[n])
                for n in names
                if n.startswith("final.")
            ),
        )

    def row(self, name: str, gap: float | None) -> str:
        return (
            f"{name:<32}{self.loss:>9.1e}{self.orthogonality_loss:>9.1e}"
            f"{self.gradient_norm:>9.1e}{self.budgets:>9}{self.masks:>8}"
            f"{self.importance:>12.1e}{self.weights:>9.1e}"
            f"{'-' if gap is None else format(gap, '.1e'):>9}"
        )

    def is_small(self) -> bool:
        """Whether losses agree within 1e-5, importance and weights within 1e-4."""
        return (
            self.loss <= 1e-5
            and self.budgets == 0
            and self.masks == 0
            and self.importance <= 1e-4
            and self.weights <= 1e-4
        )


def _absolute(found, expected) -> float:
    return float(np.max(np.abs(np.asarray(found) - np.asarray(expected))))


def _relative(found, expected) -> float:
    expected = np.abs(np.asarray(expected))
    scale = np.maximum(expected, _FLOOR * expected.max())
    return float(np.max(np.abs(np.asarray(found) - expected) / scale))


def _unequal(found: list, expected: list) -> int:
    """Steps at which two runs differ."""
    return sum(f != e for f, e in zip(found, expected, strict=True))
