package io.rankstream.job.config;

import java.io.Serializable;

/**
 * Training operator.
 *
 * @param cacheBytes bytes of adapters that one subtask keeps ready to train; at least the newest
 *     one stays
 * @param maxAdapters adapters without settings of their own that one subtask creates
 * @param starts what new adapters start from
 */
public record TrainSettings(long cacheBytes, int maxAdapters, AdapterStarts starts)
        implements Serializable {}
