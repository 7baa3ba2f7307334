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


def logits(folder: Path, texts: list[str], base: Path | None) -> torch.Tensor:
    """Logits of `texts` by the code in README.md of `folder`, one text after the other and at once.

    The code is run as it stands, in a folder that has what is in `folder`, and the base model where
    the code looks for it: `base`, or else all-MiniLM-L6-v2.
    """
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
        if len(shown.getvalue().splitlines()) != 2:
            raise SystemExit(f"The code printed {shown.getvalue()!r}, expected a line a text.")
        together = names["logits"](texts)
        apart = torch.cat([names["logits"]([text]) for text in texts])
    torch.testing.assert_close(together, apart, rtol=0, atol=1e-4)
    return together


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
