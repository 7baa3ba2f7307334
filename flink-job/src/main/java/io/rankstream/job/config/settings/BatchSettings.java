package io.rankstream.job.config.settings;

import java.io.Serializable;
import java.time.Duration;

/**
 * When a micro-batch closes: at the first limit that is reached.
 *
 * @param maxExamples examples
 * @param maxTokens tokens without padding
 * @param linger processing time since its first example; zero waits for the other limits alone
 * @param maxHeld examples of a paused adapter that are held until it is resumed
 */
public record BatchSettings(int maxExamples, int maxTokens, Duration linger, int maxHeld)
        implements Serializable {}
