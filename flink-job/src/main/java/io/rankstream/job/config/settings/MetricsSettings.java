package io.rankstream.job.config.settings;

import java.util.OptionalInt;

/**
 * What is told of the job while it runs.
 *
 * @param maxAdapters adapters of a subtask that have metrics of their own
 * @param prometheusPort where {@code rankstream run} serves metrics on the loopback interface; 0
 *     for a free port
 */
public record MetricsSettings(int maxAdapters, OptionalInt prometheusPort) {}
