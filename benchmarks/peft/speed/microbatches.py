"""Micro-batches of several adapters, cut from one list of examples."""

from collections.abc import Iterator

import torch
from parity.examples import Examples
from torch.nn.utils.rnn import pad_sequence


class MicroBatch:
    """Examples of one step, not yet padded."""

    def __init__(self, token_ids: list[torch.Tensor], labels: list[int]):
        self.token_ids = token_ids
        self.labels = torch.tensor(labels)

    def tokens(self) -> int:
        return sum(len(ids) for ids in self.token_ids)

    def padded_tokens(self) -> int:
        return len(self.token_ids) * max(len(ids) for ids in self.token_ids)

    def padded(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Token ids, padded to the longest text, and the mask of what is no padding."""
        ids = pad_sequence(self.token_ids, batch_first=True)
        lengths = torch.tensor([len(ids) for ids in self.token_ids])
        mask = torch.arange(ids.shape[1]) < lengths.unsqueeze(1)
        return ids, mask.long()


def micro_batches(examples: Examples, sizes: list[int]) -> Iterator[list[MicroBatch]]:
    """For ever, one micro-batch an adapter; from the start again at the end of the examples."""
    token_ids = [torch.tensor(ids) for ids in examples.token_ids]
    at = 0
    while True:
        step = []
        for size in sizes:
            rows = [(at + i) % len(token_ids) for i in range(size)]
            step.append(
                MicroBatch([token_ids[i] for i in rows], [examples.labels[i] for i in rows])
            )
            at += size
        yield step
