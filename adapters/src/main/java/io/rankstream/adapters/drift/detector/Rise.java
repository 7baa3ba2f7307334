package io.rankstream.adapters.drift.detector;

/**
 * Surprises have become more frequent.
 *
 * @param length examples since then, as far as can be told
 * @param before share of surprises before
 * @param since share of surprises among the newest {@code length}
 */
public record Rise(int length, double before, double since) {}
