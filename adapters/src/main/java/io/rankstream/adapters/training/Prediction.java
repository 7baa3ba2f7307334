package io.rankstream.adapters.training;

/**
 * What an adapter said of an example before it was trained on it.
 *
 * @param label row of the most probable label
 * @param probability its softmax probability
 * @param loss cross entropy of the true label, in nats
 */
public record Prediction(int label, float probability, float loss) {}
