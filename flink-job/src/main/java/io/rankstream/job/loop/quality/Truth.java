package io.rankstream.job.loop.quality;

/**
 * The label that was decided for an input of which a label had been predicted.
 *
 * @param label what is true
 * @param predicted whether that is what had been predicted
 */
public record Truth(String label, boolean predicted) {}
