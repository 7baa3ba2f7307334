package io.rankstream.job.input;

/**
 * What a model that is not an adapter of this job said of an input.
 *
 * @param version version of that model, as it names it
 * @param said what it said
 */
public record GivenPrediction(String version, LabelProbabilities said) {}
