"""What transformers makes of questions and their passages: windows, places of answers, losses, gradients."""

import json
from pathlib import Path

import torch
from peft import AdaLoraConfig, PeftModel, TaskType, get_peft_model
from safetensors.numpy import save_file
from transformers import AutoModelForQuestionAnswering, AutoTokenizer, PreTrainedModel

from .draws import uniform
from .goldens import PARITY, rounded
from .training import ADAPTER, adapted_layers, head

LIMIT = 48

_SEED = 3
_RANK = 2
_ALPHA = 4.0
_DEVIATION = 0.3

_STORY = (
    "The learner never stops \U0001f600 reading the manual. Größe and price of the order are 42.50, "
    "and the train leaves at nine. Nobody reads it until something breaks, \U0001f469\u200d\U0001f680 and then "
    "everybody wants one. 早上 the last train waits at the old station for the captain."
)

# Each with the first character of the answer and its text; without either there is none.
_QUESTIONS = {
    "short": ("Who never stops?", "The learner never stops.", "The learner"),
    "after an emoji": ("What does it read?", "It \U0001f600 reads the manual.", "the manual"),
    "of one token": ("Who?", "nobody", "nobody"),
    "unanswerable": ("Who waits?", "The learner never stops.", None),
    "several windows": ("When does the train leave?", _STORY, "at nine"),
    "in two windows": ("What is the price?", _STORY, "42.50"),
    "in the last window": ("Who is waited for?", _STORY, "the captain"),
    "unanswerable in several windows": ("Where is the ship?", _STORY, None),
    "longer than a window": ("What is this?", _STORY, _STORY[:230]),
    "long question": ("Who is it that never stops, as nobody reads? " * 4, _STORY, "old station"),
    "spaces": ("  Who \t never   stops? ", "\n The   learner\r\n\tnever stops.  ", "learner"),
    "other scripts": ("早上?", "早上 火车 la\u0301 gro\u0308ße \ufb01n", "火车"),
}

_WITH_GRADIENTS = ("short", "unanswerable", "several windows")


def write(directory: Path, target_modules: tuple[str, ...]) -> None:
    """Writes questions-NAME.json and questions-NAME.safetensors of a model directory NAME.

    The loss of a question is the mean of what the model gives its windows one by one: no padding takes part.
    """
    tokenizer = AutoTokenizer.from_pretrained(directory)
    model, trained = _drawn(directory, target_modules)
    tensors = {f"adapter.{name}": p.detach().numpy().copy() for name, p in trained.items()}
    questions = []
    for name, (question, passage, answer) in _QUESTIONS.items():
        windows = _windows(tokenizer, question, passage)
        span = None if answer is None else _span(passage, answer)
        losses, logits = [], []
        for window in windows:
            start, end = _places(window, span)
            # PEFT's own class drops the token types.
            output = model.base_model(
                input_ids=torch.tensor([window["ids"]]),
                start_positions=torch.tensor([start]),
                end_positions=torch.tensor([end]),
                **_types(model, window),
            )
            window["answer"] = [start, end]
            losses.append(output.loss)
            logits += torch.stack([output.start_logits[0], output.end_logits[0]], 1).tolist()
        loss = torch.stack(losses).mean()
        questions.append(
            {
                "name": name,
                "question": question,
                "passage": passage,
                "answer": span,
                "windows": windows,
                "loss": rounded(loss.item()),
            }
        )
        if name in _WITH_GRADIENTS:
            questions[-1]["logits"] = [[rounded(x) for x in row] for row in logits]
            for key, gradient in zip(trained, torch.autograd.grad(loss, list(trained.values()))):
                tensors[f"{name}.gradient.{key}"] = gradient.numpy().copy()
    content = {
        "model": directory.name,
        "limit": LIMIT,
        "targetModules": target_modules,
        "rank": _RANK,
        "alpha": _ALPHA,
        "questions": questions,
    }
    (PARITY / f"questions-{directory.name}.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")
    save_file(tensors, PARITY / f"questions-{directory.name}.safetensors")


def write_directory(directory: Path, base: Path, target_modules: tuple[str, ...]) -> None:
    """Writes an adapter as PEFT saves it, and the logits that it has when PEFT has loaded it.

    They are of texts of one type, start and end of token after token.
    """
    model, _ = _drawn(base, target_modules)
    model.base_model.model.name_or_path = base.name
    model.peft_config[ADAPTER].base_model_name_or_path = base.name
    model.save_pretrained(directory, save_embedding_layers=False)
    (directory / "README.md").unlink()
    loaded = PeftModel.from_pretrained(_base(base), directory).eval()
    tokenizer = AutoTokenizer.from_pretrained(base)
    ids, logits = [], []
    for name in _WITH_GRADIENTS[:2]:
        question, passage, _ = _QUESTIONS[name]
        for window in _windows(tokenizer, question, passage):
            with torch.no_grad():
                output = loaded(input_ids=torch.tensor([window["ids"]]))
            ids.append(window["ids"])
            outputs = torch.stack([output.start_logits[0], output.end_logits[0]], 1)
            logits.append([rounded(x) for x in outputs.flatten().tolist()])
    (directory / "logits.json").write_text(json.dumps({"tokenIds": ids, "logits": logits}) + "\n")


def _drawn(
    directory: Path, target_modules: tuple[str, ...]
) -> tuple[PeftModel, dict[str, torch.nn.Parameter]]:
    """A model all of whose trained parameters are drawn, and these by name."""
    model = _adapted(directory, target_modules)
    trained = {}
    for name, layer in adapted_layers(model).items():
        for part in ("lora_A", "lora_E", "lora_B"):
            trained[f"{name}.{part}"] = getattr(layer, part)[ADAPTER]
    trained |= head(model)
    with torch.no_grad():
        for stream, parameter in enumerate(trained.values()):
            parameter.copy_(torch.from_numpy(uniform(_SEED, stream, tuple(parameter.shape), _DEVIATION)))
    return model, trained


def _base(directory: Path) -> PreTrainedModel:
    return AutoModelForQuestionAnswering.from_pretrained(
        directory, num_labels=2, attn_implementation="eager", ignore_mismatched_sizes=True
    ).eval()


def _adapted(directory: Path, target_modules: tuple[str, ...]) -> PeftModel:
    base = _base(directory)
    config = AdaLoraConfig(
        task_type=TaskType.QUESTION_ANS,
        init_r=_RANK,
        target_r=_RANK,
        total_step=10,
        orth_reg_weight=0.0,
        lora_alpha=_ALPHA,
        target_modules=list(target_modules),
        # PEFT adds `qa_outputs`, which ModernBERT's class does not have.
        modules_to_save=[part for part in ("head", "classifier") if hasattr(base, part)] or None,
    )
    return get_peft_model(base, config).eval()


def _windows(tokenizer, question: str, passage: str) -> list[dict]:
    """As transformers' own script cuts them; a question keeps half of what special tokens leave at most."""
    room = LIMIT - tokenizer.num_special_tokens_to_add(pair=True)
    asked = tokenizer(
        question,
        add_special_tokens=False,
        truncation=True,
        max_length=room // 2,
        return_offsets_mapping=True,
        return_overflowing_tokens=True,
    )
    if len(asked["input_ids"]) > 1:
        question = question[: asked["offset_mapping"][0][-1][1]]
    found = tokenizer(
        [question],
        [passage],
        truncation="only_second",
        max_length=LIMIT,
        stride=LIMIT // 3,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
        return_token_type_ids=True,
    )
    windows = []
    for i, ids in enumerate(found["input_ids"]):
        places = [
            place if sequence == 1 else (-1, -1)
            for place, sequence in zip(found["offset_mapping"][i], found.sequence_ids(i))
        ]
        windows.append(
            {
                "ids": ids,
                "types": found["token_type_ids"][i],
                "starts": [start for start, _ in places],
                "ends": [end for _, end in places],
            }
        )
    return windows


def _span(passage: str, answer: str) -> list[int]:
    start = passage.index(answer)
    return [start, start + len(answer)]


def _places(window: dict, span: list[int] | None) -> tuple[int, int]:
    """First and last token of a span; the first special token where the window has not all of it.

    Transformers' script finds the same where no two tokens share a character.
    """
    inside = [i for i, start in enumerate(window["starts"]) if start >= 0]
    if not inside or span is None:
        return 0, 0
    if window["starts"][inside[0]] > span[0] or window["ends"][inside[-1]] < span[1]:
        return 0, 0
    start = min(i for i in inside if window["ends"][i] > span[0])
    end = max(i for i in inside if window["starts"][i] < span[1])
    share = len(set(window["starts"][i] for i in inside)) < len(inside)
    scripts = (
        max(i for i in inside if window["starts"][i] <= span[0]),
        min(i for i in inside if window["ends"][i] >= span[1]),
    )
    if not share and (start, end) != scripts:
        raise SystemExit(f"The answer is tokens {start} to {end}, but {scripts} by transformers' script.")
    return start, end


def _types(model: PeftModel, window: dict) -> dict[str, torch.Tensor]:
    if getattr(model.config, "type_vocab_size", 0) < 2:
        return {}
    return {"token_type_ids": torch.tensor([window["types"]])}
