package io.rankstream.job.simulation;

import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.job.batch.Examples;
import io.rankstream.job.config.settings.AdapterSettings;
import io.rankstream.job.config.settings.BatchSettings;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.PredictSettings;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.job.state.Backend;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * Configuration of a simulated job.
 *
 * @param roomInCache whether the cache has room for all adapters, or for one alone
 * @param linger of a micro-batch; zero waits for the other limits alone
 * @param bundleTokens zero trains every micro-batch, and predicts every input, by itself
 */
record SimulationSetup(
        Backend backend,
        int parallelism,
        boolean roomInCache,
        int publishEverySteps,
        int maxExamples,
        Duration linger,
        int bundleTokens,
        Others others) {

    /** Key groups; a job never has more subtasks. */
    static final int MAX_PARALLELISM = 8;

    /** Examples that a paused adapter holds. */
    static final int MAX_HELD = 3;

    /** Adapters with settings of their own. */
    static final List<String> NAMED = List.of("a", "b", "c");

    /** Adapters without. They share a key group, so that they share a subtask's limit. */
    static final List<String> UNNAMED =
            IntStream.iterate(0, i -> i + 1)
                    .mapToObj(i -> "x" + i)
                    .filter(id -> keyGroup(id) == keyGroup("x0"))
                    .limit(2)
                    .toList();

    private static final Duration BUNDLE_LINGER = Duration.ofMillis(10);

    private static final TrainingTemplate TEMPLATE = Examples.TEMPLATE;

    /** What becomes of adapters without settings of their own. */
    enum Others {
        UNKNOWN(false, 0),
        NONE(true, 0),
        ONE(true, 1),
        BOTH(true, 2);

        final boolean known;
        final int limit;

        Others(boolean known, int limit) {
            this.known = known;
            this.limit = limit;
        }
    }

    private static int keyGroup(String adapterId) {
        return KeyGroupRangeAssignment.assignToKeyGroup(adapterId, MAX_PARALLELISM);
    }

    /** The same with the other backend. */
    SimulationSetup onOtherBackend() {
        return new SimulationSetup(
                backend == Backend.HASH_MAP ? Backend.ROCKS_DB : Backend.HASH_MAP,
                parallelism,
                roomInCache,
                publishEverySteps,
                maxExamples,
                linger,
                bundleTokens,
                others);
    }

    /** The same with other bundles. */
    SimulationSetup withBundlesOf(int tokens) {
        return new SimulationSetup(
                backend,
                parallelism,
                roomInCache,
                publishEverySteps,
                maxExamples,
                linger,
                tokens,
                others);
    }

    /** The same with other batches. */
    SimulationSetup withBatchesOf(int examples) {
        return new SimulationSetup(
                backend,
                parallelism,
                roomInCache,
                publishEverySteps,
                examples,
                linger,
                bundleTokens,
                others);
    }

    BatchSettings batch() {
        return new BatchSettings(maxExamples, 1_000, linger, MAX_HELD);
    }

    TrainSettings train() {
        return new TrainSettings(
                roomInCache ? 1L << 30 : 1,
                others.limit,
                bundleTokens,
                BUNDLE_LINGER,
                new PredictSettings(bundleTokens, BUNDLE_LINGER),
                false);
    }

    ConfiguredAdapters adapters() {
        ConfiguredAdapters named =
                Examples.named(Map.of("a", TEMPLATE, "b", TEMPLATE, "c", TEMPLATE));
        return others.known ? named.withOthers(new AdapterSettings(TEMPLATE)) : named;
    }

    /** Whether the configuration admits the adapter at all. */
    boolean knows(String adapterId) {
        return others.known || NAMED.contains(adapterId);
    }

    /** Whether what becomes of each example, and when, follows from the log alone. */
    boolean isDeterministic() {
        return linger.isZero() && bundleTokens == 0;
    }
}
