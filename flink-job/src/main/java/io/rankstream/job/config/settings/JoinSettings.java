package io.rankstream.job.config.settings;

import java.io.Serializable;
import java.time.Duration;

/**
 * How people are asked for labels, and how what they say is joined. All durations are times of an
 * adapter's stream.
 *
 * @param horizon how long an input waits for its label
 * @param corrections how long a decision can be corrected
 * @param votes votes of different people that a request wants
 * @param doubleShare share of requests that want one vote more, from 0 to 1
 * @param suggest whether people are shown what was predicted
 * @param window how far back estimates of quality go
 * @param maxJump how far one input may be ahead of the others and be believed
 */
public record JoinSettings(
        Duration horizon,
        Duration corrections,
        int votes,
        double doubleShare,
        boolean suggest,
        Duration window,
        Duration maxJump)
        implements Serializable {}
