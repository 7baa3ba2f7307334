"""PEFT behind FastAPI: one base model, and the adapter of each request switched to."""

import argparse
import threading
from pathlib import Path

import torch
import uvicorn
from fastapi import FastAPI
from peft import PeftModel
from pydantic import BaseModel

from parity import minilm
from parity.classifier import classifier, padded


class Texts(BaseModel):
    """Body of a request."""

    texts: list[str]


def add(commands: argparse._SubParsersAction) -> None:
    """Adds `serve`."""
    serve = commands.add_parser("serve", help="serve published adapters, for benchmarks/run serve")
    serve.add_argument("folder", type=Path, help="folder with a folder of versions each adapter")
    serve.add_argument("--adapters", type=int, required=True, help="serve the first so many")
    serve.add_argument("--length", type=int, required=True, help="tokens of a text")
    serve.add_argument("--threads", type=int, required=True)
    serve.add_argument("--port", type=int, required=True)
    serve.set_defaults(command=_serve)


def _serve(options: argparse.Namespace) -> int:
    torch.set_num_threads(options.threads)
    model = _loaded(options.folder, options.adapters)
    uvicorn.run(
        _app(model, minilm.tokenizer(options.length)),
        host="127.0.0.1",
        port=options.port,
        log_level="warning",
        access_log=False,
    )
    return 0


def _loaded(folder: Path, count: int) -> PeftModel:
    """The base model with all adapters in memory, as PEFT's documentation has it."""
    built = classifier(*minilm.read(), 2, attention="sdpa")
    model = None
    for i in range(count):
        name = f"tenant-{i}"
        directory = folder / name / "v00000001" / "lora"
        if model is None:
            model = PeftModel.from_pretrained(built, directory, adapter_name=name)
        else:
            model.load_adapter(directory, adapter_name=name)
    return model.eval()


def _app(model: PeftModel, tokenizer) -> FastAPI:
    app = FastAPI()
    lock = threading.Lock()

    @app.get("/readyz")
    def ready() -> dict:
        return {"status": "UP"}

    @app.post("/v1/adapters/{adapter}/predict")
    def predict(adapter: str, body: Texts) -> dict:
        ids, mask = padded([tokenizer.encode(text).ids for text in body.texts])
        with lock, torch.inference_mode():
            model.set_adapter(adapter)
            logits = model(input_ids=ids, attention_mask=mask).logits
        return {
            "predictions": [
                {"probabilities": row} for row in torch.softmax(logits, dim=-1).tolist()
            ]
        }

    return app
