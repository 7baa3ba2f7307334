"""Comparisons as text."""

from statistics import median

from .comparison import Comparison, Measurement

HEADER = (
    f"{'side':<35}{'step':>10}{'examples':>13}{'time to the first':>21}{'useful':>8}"
    f"{'accuracy':>10}{'peak memory':>13}"
)


def rows(comparison: Comparison) -> list[str]:
    base = comparison.measurements[0]
    return [comparison.name] + [f"  {_row(m, base)}" for m in comparison.measurements]


def _row(found: Measurement, base: Measurement) -> str:
    ratios = found.ratios(base)
    spread = "" if found is base else f" ({min(ratios):.2f} to {max(ratios):.2f})"
    ratio = f"{median(ratios):.2f}{spread}"
    accuracy = "-" if found.accuracy() is None else f"{found.accuracy():.3f}"
    return (
        f"{found.side.name:<33}{found.median_seconds_per_step() * 1e3:>7.0f} ms"
        f"{found.examples_per_second():>11.1f}/s{ratio:>21}"
        f"{found.useful_token_share():>8.0%}{accuracy:>10}"
        f"{found.peak_bytes / 2**20:>9.0f} MiB"
    )
