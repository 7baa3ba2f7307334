package io.rankstream.job.config;

import java.io.Serializable;

/**
 * Training operator.
 *
 * @param cacheBytes bytes of adapters that one subtask keeps ready to train; at least the newest
 *     one stays
 */
public record TrainSettings(long cacheBytes) implements Serializable {}
