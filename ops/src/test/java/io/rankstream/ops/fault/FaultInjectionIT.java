package io.rankstream.ops.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.weights.Sha256;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.preflight.TopicCreation;
import io.rankstream.ops.run.RunningJob;
import io.rankstream.schemas.AdapterVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job on real processes through a sequence of faults that a seed decides. It learns what an
 * undisturbed job learns from the same input, bit for bit, and commits every result once.
 *
 * <p>{@code -Drankstream.faults.seed=N} repeats the faults of a seed.
 */
class FaultInjectionIT {

    /** Faults of three parts of the system; it is the nightly run that looks for what is new. */
    private static final long SAME_EVERY_TIME = -3803608064521550722L;

    private static final String SEED_PROPERTY = "rankstream.faults.seed";
    private static final int BATCHES_BEFORE = 8;
    private static final int BATCHES_AFTER = 4;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void learnsTheSameAsUndisturbedThroughThreeFaults() throws Exception {
        run(3, SAME_EVERY_TIME);
    }

    @Test
    @Tag("nightly")
    @Timeout(value = 4, unit = TimeUnit.HOURS)
    void learnsTheSameAsUndisturbedThroughEveryFaultTwice() throws Exception {
        run(2 * Fault.values().length, new Random().nextLong());
    }

    private void run(int count, long unlessGiven) throws Exception {
        long seed = Long.getLong(SEED_PROPERTY, unlessGiven);
        List<Fault> faults = faults(count, seed);
        System.out.printf("faults of seed %d: %s%n", seed, faults);
        try {
            strikeAll(faults, seed);
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    "failed with faults %s; repeat them with -D%s=%d; logs are in %s"
                            .formatted(faults, SEED_PROPERTY, seed, folder),
                    e);
        }
    }

    /** A killed TaskManager first; then every kind in an order of the seed, again and again. */
    private static List<Fault> faults(int count, long seed) {
        Random random = new Random(seed);
        List<Fault> faults = new ArrayList<>(List.of(Fault.KILLED_TASK_MANAGER));
        while (faults.size() < count) {
            List<Fault> kinds = new ArrayList<>(Arrays.asList(Fault.values()));
            Collections.shuffle(kinds, random);
            faults.addAll(kinds);
        }
        return faults.subList(0, count);
    }

    private void strikeAll(List<Fault> faults, long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        try (Deployment deployment = Deployment.start(folder);
                Outputs outputs = new Outputs(deployment.config());
                Traffic traffic =
                        new Traffic(deployment.config(), deployment.exampleSchema(), random)) {
            for (Fault fault : faults) {
                strike(fault, deployment, outputs, traffic, random);
                assertThat(problems(deployment, outputs, traffic)).as("after %s", fault).isEmpty();
            }
            drain(deployment);
            assertThat(problems(deployment, outputs, traffic)).as("at the end").isEmpty();
            assertThat(states(deployment.config()))
                    .as("adapters after faults and undisturbed")
                    .isEqualTo(undisturbedStates(deployment.undisturbed()));
        }
    }

    /** Strikes when some of the examples are committed and others are on their way. */
    private static void strike(
            Fault fault,
            Deployment deployment,
            Outputs outputs,
            Traffic traffic,
            SplittableRandom random)
            throws Exception {
        int before = outputs.predicted();
        traffic.send(BATCHES_BEFORE);
        int committed = 1 + random.nextInt(2 * Traffic.BATCH_EXAMPLES);
        awaitOutputs(deployment, outputs, () -> outputs.predicted() >= before + committed);

        Fault.Repair repair = fault.strike(deployment, traffic);
        long struck = System.nanoTime();
        outputs.catchUp();
        int atStrike = outputs.predicted();
        Future<?> repaired = inBackground(repair);
        traffic.send(BATCHES_AFTER);
        awaitOutputs(deployment, outputs, () -> outputs.predicted() > atStrike);
        Duration firstCommit = Duration.ofNanos(System.nanoTime() - struck);
        repaired.get();

        Ledger sent = traffic.ledger();
        awaitOutputs(deployment, outputs, () -> outputs.hasAll(sent, Deployment.versionsDue(sent)));
        System.out.printf(
                "%-34s first commit after %5.1f s, caught up after %5.1f s%n",
                fault, seconds(firstCommit), seconds(Duration.ofNanos(System.nanoTime() - struck)));
    }

    /** The outputs are followed meanwhile, to see when they go on. */
    private static Future<?> inBackground(Fault.Repair repair) {
        FutureTask<?> task =
                new FutureTask<>(
                        () -> {
                            repair.run();
                            return null;
                        });
        Thread thread = new Thread(task, "repair");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    /**
     * Follows the outputs, and supervises the TaskManagers meanwhile; a limit that is reached shows
     * what is missing.
     */
    private static void awaitOutputs(Deployment deployment, Outputs outputs, Condition condition)
            throws Exception {
        long start = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - start > Await.LIMIT.toNanos()) {
                throw new AssertionError(
                        "the job is %s and got no further than %s within %d s"
                                .formatted(
                                        deployment.job().state(),
                                        outputs,
                                        Await.LIMIT.toSeconds()));
            }
            deployment.flink().replaceEndedTaskManagers();
            outputs.look();
        }
    }

    private static List<String> problems(Deployment deployment, Outputs outputs, Traffic traffic)
            throws Exception {
        return outputs.problems(traffic.ledger(), deployment.volume().mountPoint());
    }

    private static void drain(Deployment deployment) throws Exception {
        deployment.job().stopAndDrain(deployment.savepoints());
        Await.until("the job has ended", () -> deployment.job().state().equals("FINISHED"));
    }

    private static Map<String, List<String>> undisturbedStates(JobConfig config) throws Exception {
        TopicCreation.createMissing(config.kafka(), config.topics(), config.usedTopics());
        try (RunningJob job = RunningJob.start(config)) {
            job.await();
        }
        return states(config);
    }

    /** Digests of the whole state in each version of each adapter. */
    private static Map<String, List<String>> states(JobConfig config) throws IOException {
        Map<String, List<String>> states = new TreeMap<>();
        for (AdapterVersion version : Outputs.allVersions(config)) {
            byte[] state = Files.readAllBytes(Path.of(version.getPath(), AdapterSnapshot.FILE));
            states.computeIfAbsent(version.getAdapterId(), id -> new ArrayList<>())
                    .add("v%d %s".formatted(version.getVersion(), Sha256.of(state)));
        }
        return states;
    }
}
