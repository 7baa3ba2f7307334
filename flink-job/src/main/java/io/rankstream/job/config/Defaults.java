package io.rankstream.job.config;

import io.rankstream.adapters.adalora.Counted;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;

/** Defaults of ours that a job was begun under. It keeps them when it is resumed. */
public enum Defaults {

    /** Those of jobs whose state does not tell: sixteen examples a step, warm-ups in steps. */
    FIRST,

    /** Those of a job that is begun by this release. */
    CURRENT;

    private static final Map<ConfigOption<Integer>, Integer> OF_FIRST =
            Map.of(
                    RankstreamOptions.BATCH_MAX_EXAMPLES, 16,
                    RankstreamOptions.PUBLISH_FIRST_STEP, 100,
                    RankstreamOptions.PUBLISH_EVERY_STEPS, 100);

    /** What warm-ups are counted in unless the file says so. */
    Counted warmUps() {
        return this == FIRST ? Counted.STEPS : Counted.EXAMPLES;
    }

    /** Default of an option; null where it has none. */
    @SuppressWarnings("unchecked") // an option's default has the option's type
    <T> T of(ConfigOption<T> option) {
        return this == FIRST && OF_FIRST.containsKey(option)
                ? (T) OF_FIRST.get(option)
                : option.defaultValue();
    }
}
