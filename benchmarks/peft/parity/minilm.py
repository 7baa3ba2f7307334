"""all-MiniLM-L6-v2 out of the jar that Rankstream embeds."""

import onnx
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer
from transformers import BertConfig

from . import jars


def read() -> tuple[BertConfig, dict[str, torch.Tensor]]:
    """Sizes and encoder weights."""
    config = BertConfig(
        vocab_size=30522,
        hidden_size=384,
        num_hidden_layers=6,
        num_attention_heads=12,
        intermediate_size=1536,
    )
    graph = onnx.load_model_from_string(jars.entry(jars.embedded(), ".onnx")).graph
    return config, _encoder(graph)


def tokenizer(length: int) -> Tokenizer:
    """The model's tokenizer, cut at `length` tokens and without padding."""
    tokenizer = Tokenizer.from_buffer(jars.entry(jars.embedded(), "-tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(length)
    return tokenizer


def _encoder(graph: onnx.GraphProto) -> dict[str, torch.Tensor]:
    """Weights by Hugging Face's names.

    The export keeps the names of biases, LayerNorms and embeddings; a linear layer is a MatMul with
    a nameless weight (in, out), followed by an Add of the bias that it can be named after.
    """
    stored = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    bias_of = {}
    for node in graph.node:
        if node.op_type == "Add":
            for name, other in zip(node.input, reversed(node.input)):
                if name.endswith(".bias") and name in stored:
                    bias_of[other] = name
    weights = {
        name: values
        for name, values in stored.items()
        if name.startswith(("embeddings.", "encoder."))
    }
    for node in graph.node:
        if node.op_type == "MatMul" and node.output[0] in bias_of and node.input[1] in stored:
            name = bias_of[node.output[0]].removesuffix("bias") + "weight"
            weights[name] = stored[node.input[1]].T
    return {
        name: torch.from_numpy(values.copy())
        for name, values in weights.items()
        if name != "embeddings.position_ids"
    }
