"""The models that both sides train: an encoder and a head."""

import torch
from torch import nn
from torch.nn import functional
from transformers import (
    AutoModelForQuestionAnswering,
    AutoModelForTokenClassification,
    BertForSequenceClassification,
    DebertaV2ForSequenceClassification,
    DistilBertForSequenceClassification,
    ModernBertForQuestionAnswering,
    ModernBertForSequenceClassification,
    MPNetForSequenceClassification,
    PreTrainedConfig,
    PreTrainedModel,
    RobertaForSequenceClassification,
    XLMRobertaForSequenceClassification,
)
from transformers.modeling_outputs import QuestionAnsweringModelOutput, SequenceClassifierOutput


class _MeanPooling:
    """A linear head on the mean of the token vectors instead of transformers' own."""

    def __init__(self, config: PreTrainedConfig):
        super().__init__(config)
        self.base_model.pooler = None
        self.classifier = nn.Linear(config.hidden_size, config.num_labels)
        nn.init.zeros_(self.classifier.bias)

    def forward(self, input_ids, attention_mask, labels=None, token_type_ids=None, **_):
        types = {} if token_type_ids is None else {"token_type_ids": token_type_ids}
        tokens = self.base_model(
            input_ids, attention_mask=attention_mask, **types
        ).last_hidden_state
        real = attention_mask.unsqueeze(-1).to(tokens.dtype)
        logits = self.classifier((tokens * real).sum(1) / real.sum(1))
        loss = None if labels is None else task_loss(logits, labels)
        return SequenceClassifierOutput(loss=loss, logits=logits)


class _MeanPooledBert(_MeanPooling, BertForSequenceClassification):
    pass


class _MeanPooledRoberta(_MeanPooling, RobertaForSequenceClassification):
    pass


class _MeanPooledXlmRoberta(_MeanPooling, XLMRobertaForSequenceClassification):
    pass


class _MeanPooledDeberta(_MeanPooling, DebertaV2ForSequenceClassification):
    def __init__(self, config: PreTrainedConfig):
        super().__init__(config)
        self.pooler = None


class _MeanPooledDistilBert(_MeanPooling, DistilBertForSequenceClassification):
    def __init__(self, config: PreTrainedConfig):
        super().__init__(config)
        self.pre_classifier = None


class _MeanPooledModernBert(_MeanPooling, ModernBertForSequenceClassification):
    def __init__(self, config: PreTrainedConfig):
        super().__init__(config)
        self.head = None


class _MeanPooledMpnet(_MeanPooling, MPNetForSequenceClassification):
    pass


_MEAN_POOLED = {
    "bert": _MeanPooledBert,
    "deberta-v2": _MeanPooledDeberta,
    "distilbert": _MeanPooledDistilBert,
    "modernbert": _MeanPooledModernBert,
    "mpnet": _MeanPooledMpnet,
    "roberta": _MeanPooledRoberta,
    "xlm-roberta": _MeanPooledXlmRoberta,
}

_OWN = {
    "bert": BertForSequenceClassification,
    "deberta-v2": DebertaV2ForSequenceClassification,
    "distilbert": DistilBertForSequenceClassification,
    "modernbert": ModernBertForSequenceClassification,
    "mpnet": MPNetForSequenceClassification,
    "roberta": RobertaForSequenceClassification,
    "xlm-roberta": XLMRobertaForSequenceClassification,
}


class _LinearAnswersOfModernBert(ModernBertForQuestionAnswering):
    """A linear head with the name that the other families' has, where transformers has two layers."""

    def __init__(self, config: PreTrainedConfig):
        super().__init__(config)
        self.head = self.classifier = None
        self.qa_outputs = nn.Linear(config.hidden_size, config.num_labels)

    def forward(self, input_ids, attention_mask=None, **_):
        tokens = self.model(input_ids, attention_mask=attention_mask).last_hidden_state
        start, end = self.qa_outputs(tokens).unbind(-1)
        return QuestionAnsweringModelOutput(start_logits=start, end_logits=end)


# transformers' classes whose head reads every token, by the task.
READERS = {
    "question-answering": AutoModelForQuestionAnswering,
    "token-classification": AutoModelForTokenClassification,
}

_DROPOUTS = (
    "hidden_dropout_prob",
    "attention_probs_dropout_prob",
    "dropout",
    "attention_dropout",
    "seq_classif_dropout",
)


def classifier(
    config: PreTrainedConfig,
    encoder: dict[str, torch.Tensor],
    outputs: int,
    attention: str = "eager",
    own_head: bool = False,
    several: bool = False,
) -> PreTrainedModel:
    """A classifier without dropout over the weights of an encoder, or a regressor of one output.
    With `several`, a text may have any number of labels.

    `encoder` has Hugging Face's names without the family's prefix; `attention` is one of the
    implementations that transformers knows. The head is linear on the mean of the token vectors, or
    the family's own, as transformers has it: BERT's reads the pooler, ModernBERT's what its
    config says, the others' the first token.
    """
    config.num_labels = outputs
    config.problem_type = (
        "multi_label_classification"
        if several
        else "regression" if outputs == 1 else "single_label_classification"
    )
    for dropout in _DROPOUTS:
        if hasattr(config, dropout):
            setattr(config, dropout, 0.0)
    config._attn_implementation = attention
    model = (_OWN if own_head else _MEAN_POOLED)[config.model_type](config)
    has_pooler = getattr(model.base_model, "pooler", None) is not None
    model.base_model.load_state_dict(
        {name: w for name, w in encoder.items() if has_pooler or not name.startswith("pooler.")}
    )
    return model


def reader(
    task: str,
    config: PreTrainedConfig,
    encoder: dict[str, torch.Tensor],
    outputs: int,
    own_head: bool = False,
) -> PreTrainedModel:
    """transformers' own class of a task that reads every token, without dropout.

    ModernBERT's has a layer more before its last one: without `own_head` it is left out.
    """
    config.num_labels = outputs
    config._attn_implementation = "eager"
    if not own_head and (config.model_type, task) == ("modernbert", "question-answering"):
        model = _LinearAnswersOfModernBert(config)
    else:
        model = READERS[task].from_config(config)
    model.base_model.load_state_dict(
        {name: w for name, w in encoder.items() if not name.startswith("pooler.")}, strict=False
    )
    if hasattr(model, "head") and not own_head:
        model.head = nn.Identity()
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    return model.eval()


def task_loss(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Mean squared error of numbers, cross entropy of labels, binary of several."""
    if labels.dim() == 2:
        return functional.binary_cross_entropy_with_logits(logits, labels)
    if labels.is_floating_point():
        return functional.mse_loss(logits.squeeze(-1), labels.to(logits.dtype))
    return functional.cross_entropy(logits, labels)


def padded(texts: list[list[int]], padding: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids, padded to the longest text, and the mask of what is no padding."""
    length = max(len(text) for text in texts)
    ids = torch.full((len(texts), length), padding, dtype=torch.long)
    mask = torch.zeros(len(texts), length, dtype=torch.long)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = torch.tensor(text)
        mask[row, : len(text)] = 1
    return ids, mask
