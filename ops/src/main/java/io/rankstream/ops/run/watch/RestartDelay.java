package io.rankstream.ops.run.watch;

import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;

/** How long Flink waits after a failure until it starts a job's tasks anew. */
public interface RestartDelay {

    /**
     * Time until the next attempt, without Flink's jitter.
     *
     * @param failureTime in milliseconds since 1970; later than at the last call
     */
    Duration after(long failureTime);

    /** The delay that a configuration sets. */
    static RestartDelay of(Configuration flink) {
        return switch (flink.get(RestartStrategyOptions.RESTART_STRATEGY)) {
            case "fixed-delay", "fixeddelay" ->
                    time -> flink.get(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY);
            case "failure-rate", "failurerate" ->
                    time -> flink.get(RestartStrategyOptions.RESTART_STRATEGY_FAILURE_RATE_DELAY);
            default ->
                    new Growing(
                            flink.get(
                                    RestartStrategyOptions
                                            .RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF),
                            flink.get(
                                    RestartStrategyOptions
                                            .RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF),
                            flink.get(
                                    RestartStrategyOptions
                                            .RESTART_STRATEGY_EXPONENTIAL_DELAY_BACKOFF_MULTIPLIER),
                            flink.get(
                                    RestartStrategyOptions
                                            .RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD));
        };
    }

    /** Grows with every failure up to a limit, until the job has run for a while. */
    final class Growing implements RestartDelay {

        private final Duration initial;
        private final Duration most;
        private final double factor;
        private final Duration goodTime;

        private long millis;
        private long restart;

        Growing(Duration initial, Duration most, double factor, Duration goodTime) {
            this.initial = initial;
            this.most = most;
            this.factor = factor;
            this.goodTime = goodTime;
        }

        @Override
        public Duration after(long failureTime) {
            boolean first = millis == 0 || failureTime - restart >= goodTime.toMillis();
            millis = first ? initial.toMillis() : grown();
            Duration delay = Duration.ofMillis(millis);
            restart = failureTime + delay.toMillis();
            return delay;
        }

        private long grown() {
            return Math.min(most.toMillis(), Math.round((double) millis * factor));
        }
    }
}
