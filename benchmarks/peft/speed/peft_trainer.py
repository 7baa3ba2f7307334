"""PEFT's AdaLoRA as a careful user trains it."""

from enum import StrEnum

import torch
from parity.cases import Case
from parity.classifier import classifier
from parity.examples import MAIL_LABELS
from parity.training import ADAPTER, adapt, parameter_groups
from peft.tuners.adalora.layer import RankAllocator
from torch.nn.utils import clip_grad_norm_
from torch.optim.lr_scheduler import LambdaLR

from .microbatches import MicroBatch
from .models import Base


class Predictions(StrEnum):
    """Where the predictions come from that test-then-train wants before each step."""

    NONE = "none"
    TRAINING_PASS = "training-pass"
    OWN_PASS = "own-pass"


class Adapter:
    """What is an adapter's own in a model that trains several in turn."""

    def __init__(self, values: list[torch.Tensor], optimizer, schedule, allocator):
        self.values = values
        self.optimizer = optimizer
        self.schedule = schedule
        self.allocator = allocator
        self.step = 0


class Trainer:
    """Trains adapters over one model; all start from the same numbers.

    PEFT trains one AdaLoRA adapter a model. Adapters therefore take turns in it, with optimizer and
    allocator of their own, and a swap moves no number: parameters are pointed at other tensors.
    """

    def __init__(
        self,
        base: Base,
        case: Case,
        adapters: int,
        predictions: Predictions,
        device: torch.device,
    ):
        self._case = base.adapting(case)
        self._device = device
        self._predictions = predictions
        built = classifier(*base.read(), len(MAIL_LABELS), attention=base.attention())
        self._model = adapt(self._case, built).to(device).train()
        self._tuner = self._model.base_model
        self._parameters = [p for p in self._model.parameters() if p.requires_grad]
        self.adapters = [self._adapter() for _ in range(adapters)]
        self._resident = None

    def _adapter(self) -> Adapter:
        # Of torch's three ways to update, the fused one is the fastest here on a CPU.
        optimizer = torch.optim.AdamW(
            parameter_groups(self._case, self._model),
            weight_decay=self._case.weight_decay,
            fused=True,
        )
        return Adapter(
            [p.detach().clone() for p in self._parameters],
            optimizer,
            LambdaLR(optimizer, self._case.learning_rate_factor),
            RankAllocator(self._tuner.model, self._model.peft_config[ADAPTER], ADAPTER),
        )

    def train(self, adapter: Adapter, batch: MicroBatch) -> int:
        """One optimizer step; returns how many examples were predicted right beforehand."""
        if adapter is not self._resident:
            self._swap_in(adapter)
        ids, mask = (tensor.to(self._device) for tensor in batch.padded())
        labels = batch.labels.to(self._device)
        logits = None
        if self._predictions is Predictions.OWN_PASS:
            logits = self._predict(ids, mask)
        output = self._model(input_ids=ids, attention_mask=mask, labels=labels)
        if self._predictions is Predictions.TRAINING_PASS:
            logits = output.logits.detach()
        output.loss.backward()
        clip_grad_norm_(self._parameters, self._case.max_gradient_norm)
        adapter.optimizer.step()
        self._tuner.update_and_allocate(adapter.step)
        adapter.optimizer.zero_grad(set_to_none=True)
        adapter.schedule.step()
        adapter.step += 1
        return 0 if logits is None else int((logits.argmax(1) == labels).sum())

    def finish(self) -> None:
        """Waits for what was started on a GPU."""
        if self._device.type == "cuda":
            torch.cuda.synchronize()

    def _swap_in(self, adapter: Adapter) -> None:
        for parameter, values in zip(self._parameters, adapter.values, strict=True):
            parameter.data = values
        self._tuner.rankallocator = adapter.allocator
        self._resident = adapter

    def _predict(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        self._model.eval()
        with torch.inference_mode():
            logits = self._model(input_ids=ids, attention_mask=mask).logits
        self._model.train()
        return logits
