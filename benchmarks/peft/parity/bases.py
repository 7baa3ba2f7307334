"""The base models of the cases, and the texts that each is trained on."""

from pathlib import Path

from transformers import AutoTokenizer, PreTrainedModel

from . import deberta, distilbert, minilm, modernbert, mpnet, pieces, roberta, tiny
from .cases import Case
from .classifier import classifier
from .examples import Examples, drawn, mail_subjects, scored, tagged
from .goldens import MODELS, PARITY, PEFT, RESOURCES

DIRECTORIES = {
    "tiny": PEFT / tiny.NAME,
    "tiny-pooler": PEFT / tiny.WITH_POOLER,
    "tiny-roberta": MODELS / roberta.NAME,
    "tiny-xlm-roberta": MODELS / roberta.XLM,
    "tiny-distilbert": MODELS / distilbert.NAME,
    "tiny-mpnet": MODELS / mpnet.NAME,
    "tiny-deberta-v3": MODELS / deberta.NAME,
    "tiny-deberta-v2": MODELS / deberta.V2,
    "tiny-modernbert": MODELS / modernbert.NAME,
    "tiny-modernbert-mean": MODELS / modernbert.MEAN,
}


def write_all() -> None:
    """Writes the tiny models and all texts."""
    tiny.write(DIRECTORIES["tiny"])
    tiny.write(DIRECTORIES["tiny-pooler"], pooler=True)
    roberta.write_all(MODELS)
    distilbert.write(MODELS / distilbert.NAME)
    mpnet.write(MODELS / mpnet.NAME)
    deberta.write_all(MODELS)
    deberta.write_distances(PARITY / "deberta-distances.json")
    modernbert.write_all(MODELS)
    pieces.write_all(RESOURCES / "sentencepiece")
    _write_examples("tiny", drawn(480, tiny.WORDS))
    _write_examples("tiny-regression", scored(480, tiny.WORDS))
    _write_examples("tiny-multi-label", tagged(480, tiny.WORDS))
    _write_examples("minilm", mail_subjects(640))
    for base in (
        "tiny-roberta",
        "tiny-xlm-roberta",
        "tiny-distilbert",
        "tiny-mpnet",
        "tiny-deberta-v3",
        "tiny-deberta-v2",
        "tiny-modernbert",
        "tiny-modernbert-mean",
    ):
        tokenizer = AutoTokenizer.from_pretrained(DIRECTORIES[base])
        first = len(tokenizer) // 2
        texts = drawn(480, range(first, first + len(tiny.WORDS)))
        texts = texts.between(tokenizer.cls_token_id, tokenizer.sep_token_id)
        _write_examples(base, texts)


def model(case: Case) -> PreTrainedModel:
    """What a case adapts."""
    read = minilm.read() if case.base == "minilm" else tiny.read(DIRECTORIES[case.base])
    built = classifier(
        *read,
        examples(case).outputs(),
        own_head=case.own_head,
        several=case.task == "multi-label",
    )
    if case.base in DIRECTORIES:
        # What adapter_config.json calls the base model; a path would differ between machines.
        built.name_or_path = DIRECTORIES[case.base].name
    return built


def examples(case: Case) -> Examples:
    """What a case is trained on."""
    task = "" if case.task == "classification" else f"-{case.task}"
    return Examples.read(_examples_file(case.base.removesuffix("-pooler") + task))


def _write_examples(name: str, examples: Examples) -> None:
    PARITY.mkdir(parents=True, exist_ok=True)
    examples.write(_examples_file(name))


def _examples_file(name: str) -> Path:
    return PARITY / f"examples-{name}.json"
