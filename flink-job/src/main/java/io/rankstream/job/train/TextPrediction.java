package io.rankstream.job.train;

import io.rankstream.adapters.Prediction;

/**
 * What an adapter says of a text whose label is not known.
 *
 * @param textId id that the producer gave the text
 * @param adapterId the adapter
 * @param step steps that the adapter had taken; 0 of one that is not there yet, for which its
 *     template answers
 * @param eventTime milliseconds since the epoch, as given by the producer
 * @param prediction label and probabilities
 */
public record TextPrediction(
        String textId, String adapterId, long step, long eventTime, Prediction prediction) {}
