"""The model that both sides train: a BERT encoder, mean pooling, a linear head."""

import torch
from torch.nn import functional
from transformers import BertConfig, BertForSequenceClassification
from transformers.modeling_outputs import SequenceClassifierOutput


class MeanPooledClassifier(BertForSequenceClassification):
    """BERT with a head on the mean of its token vectors instead of on its pooler's output."""

    def __init__(self, config: BertConfig):
        super().__init__(config)
        self.bert.pooler = None

    def forward(self, input_ids, attention_mask, labels=None, **_):
        tokens = self.bert(input_ids, attention_mask=attention_mask).last_hidden_state
        real = attention_mask.unsqueeze(-1).to(tokens.dtype)
        logits = self.classifier((tokens * real).sum(1) / real.sum(1))
        loss = None if labels is None else functional.cross_entropy(logits, labels)
        return SequenceClassifierOutput(loss=loss, logits=logits)


def classifier(
    config: BertConfig, encoder: dict[str, torch.Tensor], labels: int, attention: str = "eager"
) -> MeanPooledClassifier:
    """A classifier without dropout over the weights of an encoder.

    `encoder` has Hugging Face's names without the prefix `bert.`, and no pooler; `attention` is one
    of the implementations that transformers knows.
    """
    config.num_labels = labels
    config.hidden_dropout_prob = 0.0
    config.attention_probs_dropout_prob = 0.0
    config._attn_implementation = attention
    model = MeanPooledClassifier(config)
    model.bert.load_state_dict(encoder)
    return model


def pooled_classifier(
    config: BertConfig, model: dict[str, torch.Tensor], labels: int
) -> BertForSequenceClassification:
    """transformers' own classifier, whose head reads BERT's pooler; without dropout.

    `model` has the weights of encoder and pooler, named as in `classifier`.
    """
    config.num_labels = labels
    config.hidden_dropout_prob = 0.0
    config.attention_probs_dropout_prob = 0.0
    config._attn_implementation = "eager"
    built = BertForSequenceClassification(config)
    built.bert.load_state_dict(model)
    return built


def padded(texts: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids, padded with 0 to the longest text, and the mask of what is no padding."""
    length = max(len(text) for text in texts)
    ids = torch.zeros(len(texts), length, dtype=torch.long)
    mask = torch.zeros(len(texts), length, dtype=torch.long)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = torch.tensor(text)
        mask[row, : len(text)] = 1
    return ids, mask
