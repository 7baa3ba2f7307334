package io.rankstream.adapters.training;

/**
 * One labeled text, ready for the trainer.
 *
 * @param tokenIds token ids with the special tokens, at least one; never modified
 * @param label row of the true label in the head, that of a label in use
 * @param truncated whether the text was longer than the token limit
 */
public record TrainingExample(int[] tokenIds, int label, boolean truncated) {}
