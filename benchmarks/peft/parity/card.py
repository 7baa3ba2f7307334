"""Runs the snippet of a model card, as its reader would."""

import contextlib
import io
import os
import re
import tempfile
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from . import minilm

_SNIPPET = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def logits(folder: Path, texts: list[list[str]], base: Path | None) -> list[torch.Tensor]:
    """Logits of texts and pairs by the code in README.md of `folder`, one after the other and at once.

    The code is run as it stands, in a folder that has what is in `folder`, and the base model where
    the code looks for it: `base`, or else all-MiniLM-L6-v2.
    """
    with _names(folder, base) as (names, shown):
        if len(shown.splitlines()) != 2:
            raise SystemExit(f"The code printed {shown!r}, expected a line a text.")
        found = {}
        for texts_of_form in (
            [text[0] for text in texts if len(text) == 1],
            [tuple(text) for text in texts if len(text) == 2],
        ):
            together = names["logits"](texts_of_form)
            apart = torch.cat([names["logits"]([text]) for text in texts_of_form])
            torch.testing.assert_close(together, apart, rtol=0, atol=1e-4)
            found |= dict(zip(texts_of_form, together.unsqueeze(1)))
    return [found[tuple(text) if len(text) == 2 else text[0]] for text in texts]


def logits_of_tokens(
    folder: Path, texts: list[list[str]], base: Path | None
) -> list[torch.Tensor]:
    """The same of a task that reads every token: a row a token."""
    with _names(folder, base) as (names, shown):
        if not shown:
            raise SystemExit("The code printed nothing, expected what the adapter says.")
        return [names["logits"](*text) for text in texts]


@contextlib.contextmanager
def _names(folder: Path, base: Path | None):
    """What the code defines and what it printed, in the folder that it was run in."""
    folder = folder.resolve()
    base = base.resolve() if base else None
    code = _SNIPPET.search((folder / "README.md").read_text()).group(1)
    with tempfile.TemporaryDirectory() as work, contextlib.chdir(work):
        for path in folder.iterdir():
            os.symlink(path, path.name)
        _put_base(re.search(r"^BASE = (.*)$", code, re.MULTILINE).group(1), base)
        names: dict = {}
        with contextlib.redirect_stdout(io.StringIO()) as shown:
            exec(compile(code, str(folder / "README.md"), "exec"), names)
        yield names, shown.getvalue()


def _put_base(literal: str, base: Path | None) -> None:
    place = Path(eval(literal))
    if place.is_absolute():
        raise SystemExit(f"The card names the base model {place}, expected no absolute path.")
    place.parent.mkdir(parents=True, exist_ok=True)
    if base:
        os.symlink(base, place)
        return
    place.mkdir()
    config, encoder = minilm.read()
    model = BertModel(BertConfig(**config.to_dict()))
    model.load_state_dict(encoder, strict=False)
    model.save_pretrained(place)
    tokenizer: Tokenizer = minilm.tokenizer(512)
    tokenizer.no_truncation()
    tokenizer.save(str(place / "tokenizer.json"))
    (place / "tokenizer_config.json").write_text('{"tokenizer_class": "BertTokenizer"}\n')
