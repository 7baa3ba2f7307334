package io.rankstream.job.savepoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.weights.Sha256;
import io.rankstream.job.Uids;
import io.rankstream.job.config.Defaults;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.state.BudgetStateSerializer;
import io.rankstream.job.train.NotedSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.testutils.junit.SharedObjectsExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Savepoints of a real job, read and changed without it. */
class SavepointIT {

    /** 18 examples in turn are 9 each: two steps of four, and one that waits. */
    private static final List<EncodedExample> EXAMPLES = TinyJob.examples(18, "b", "a");

    @RegisterExtension
    private final SharedObjectsExtension shared = SharedObjectsExtension.create();

    @TempDir private Path folder;

    private TinyJob job;

    @BeforeEach
    void writeModel() throws IOException {
        job = new TinyJob(TinyBert.small().writeTo(folder.resolve("model")));
    }

    @ParameterizedTest
    @EnumSource(
            value = Taken.class,
            names = {"ROCKS_DB_CANONICAL", "HASH_MAP_NATIVE"})
    void holdsTheAdaptersThatTheJobHad(Taken taken) throws Exception {
        assertHoldsTheAdapters(taken);
    }

    /**
     * Every backend and format: which one it was makes a difference to Flink's own reader alone.
     */
    @Tag("nightly")
    @ParameterizedTest
    @EnumSource(Taken.class)
    void holdsThemHoweverItWasTaken(Taken taken) throws Exception {
        assertHoldsTheAdapters(taken);
    }

    private void assertHoldsTheAdapters(Taken taken) throws Exception {
        Savepoint savepoint = Savepoint.at(take(taken, 2));

        assertThat(savepoint.adapter("a")).isEqualTo(afterTwoSteps("a"));
        assertThat(savepoint.adapter("b")).isEqualTo(afterTwoSteps("b"));
        assertThat(savepoint.adapters())
                .containsExactly(
                        AdapterSummary.of(afterTwoSteps("a")),
                        AdapterSummary.of(afterTwoSteps("b")));
        assertThat(savepoint.pendingExamples()).isEqualTo(Map.of("a", 1, "b", 1));
        assertThat(SavepointNotes.at(savepoint.path()).settings())
                .contains(
                        new TreeMap<>(
                                Map.of(
                                        "a",
                                                NotedSettings.of(
                                                        afterTwoSteps("a"),
                                                        Optional.of(Method.ADALORA)),
                                        "b",
                                                NotedSettings.of(
                                                        afterTwoSteps("b"),
                                                        Optional.of(Method.ADALORA)))));
    }

    @Test
    void tellsImportanceByModule() throws Exception {
        AdapterState state = afterTwoSteps("a");

        AdapterSummary summary = AdapterSummary.of(state);

        assertThat(summary.modules())
                .extracting(AdapterSummary.Module::name)
                .startsWith("encoder.layer.0.attention.self.query")
                .hasSize(12);
        assertThat(summary.modules())
                .allSatisfy(module -> assertThat(module.importance()).isPositive());
        assertThat(summary.liveRanks()).isEqualTo(state.budget().liveTriplets());
        assertThat(summary.meta().score().examples()).isEqualTo(8);
    }

    @ParameterizedTest
    @EnumSource(
            value = Taken.class,
            names = {"ROCKS_DB_CANONICAL"})
    void takesInAnAdapterAndKeepsTheRest(Taken taken) throws Exception {
        assertTakesInAnAdapter(taken);
    }

    @Tag("nightly")
    @ParameterizedTest
    @EnumSource(
            value = Taken.class,
            names = {"ROCKS_DB_NATIVE", "HASH_MAP_NATIVE"})
    void takesInAnAdapterOfANativeSavepointToo(Taken taken) throws Exception {
        assertTakesInAnAdapter(taken);
    }

    private void assertTakesInAnAdapter(Taken taken) throws Exception {
        String old = take(taken, 2);
        Map<String, String> before = digests(Path.of(URI.create(old)));
        AdapterState imported = job.learned(job.fresh("c"), TinyJob.examples(4, "c"));

        Savepoint.at(old).with(imported, false, target());

        Savepoint written = Savepoint.at(target());
        assertThat(written.adapter("a")).isEqualTo(afterTwoSteps("a"));
        assertThat(written.adapter("b")).isEqualTo(afterTwoSteps("b"));
        assertThat(written.adapter("c")).isEqualTo(imported);
        assertThat(SavepointNotes.at(target()).settings())
                .contains(
                        new TreeMap<>(
                                Map.of(
                                        "a",
                                                NotedSettings.of(
                                                        afterTwoSteps("a"),
                                                        Optional.of(Method.ADALORA)),
                                        "b",
                                                NotedSettings.of(
                                                        afterTwoSteps("b"),
                                                        Optional.of(Method.ADALORA)),
                                        "c", NotedSettings.of(imported, Optional.empty()))));
        assertThat(written.pendingExamples()).isEqualTo(Map.of("a", 1, "b", 1));
        CheckpointMetadata metadata = written.metadata().content();
        CheckpointMetadata original = Savepoint.at(old).metadata().content();
        assertThat(metadata.getCheckpointId()).isEqualTo(original.getCheckpointId());
        assertThat(metadata.getCheckpointProperties())
                .isEqualTo(original.getCheckpointProperties());
        assertThat(written.metadata().operators())
                .isEqualTo(Savepoint.at(old).metadata().operators());
        assertThat(SavepointNotes.at(target()).begunUnder()).isEqualTo(Defaults.CURRENT);
        assertThat(Savepoint.at(old).metadata().operatorStates(Uids.MICRO_BATCH))
                .contains("knows-adapters");
        assertThat(written.metadata().operatorStates(Uids.MICRO_BATCH))
                .doesNotContain("knows-adapters");
        assertThat(digests(Path.of(URI.create(old)))).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rocksdb", "hashmap"})
    void letsAJobGoOnFromAnImport(String backend) throws Exception {
        String old = take(Taken.ROCKS_DB_CANONICAL, 2);
        AdapterState imported = job.learned(job.fresh("c"), TinyJob.examples(4, "c"));
        Savepoint.at(old).with(imported, false, target());
        List<EncodedExample> more = TinyJob.examples(18, "a", "b", "c");

        Map<String, AdapterState> end = job.resume(backend, target(), more);

        assertThat(end).containsOnlyKeys("a", "b", "c");
        assertThat(end.get("a")).isEqualTo(published(uninterrupted("a", more)));
        assertThat(end.get("b")).isEqualTo(published(uninterrupted("b", more)));
        assertThat(end.get("c")).isEqualTo(published(job.learned(imported, TinyJob.of("c", more))));
    }

    @ParameterizedTest
    @EnumSource(
            value = Taken.class,
            names = {"ROCKS_DB_CANONICAL", "HASH_MAP_CANONICAL"})
    void keepsWhatWaitsInABundleForTheJobThatGoesOn(Taken taken) throws Exception {
        String old = taken.from(job.bundling(), EXAMPLES, 2, shared, folder);
        AdapterState imported = job.learned(job.fresh("c"), TinyJob.examples(4, "c"));

        Savepoint.at(old).with(imported, false, target());

        Savepoint written = Savepoint.at(target());
        assertThat(written.adapters())
                .extracting(summary -> summary.meta().adapterId(), summary -> summary.meta().step())
                .containsExactly(tuple("a", 1L), tuple("b", 1L), tuple("c", 1L));
        assertThat(written.pendingExamples()).isEqualTo(Map.of("a", 1 + 4, "b", 1 + 4));
        Map<String, AdapterState> end =
                job.resume("rocksdb", target(), TinyJob.examples(6, "a", "b"));
        assertThat(end)
                .extractingByKeys("a", "b")
                .extracting(AdapterState::meta)
                .extracting(AdapterMeta::step, meta -> meta.score().examples())
                .containsExactly(tuple(3L, 12L), tuple(3L, 12L));
    }

    @Test
    void losesNoAdapterUnlessAsked() throws Exception {
        String old = take(Taken.HASH_MAP_CANONICAL, 1);
        AdapterState other = job.learned(job.fresh("a"), TinyJob.examples(12, "a"));

        assertThatThrownBy(() -> Savepoint.at(old).with(other, false, target()))
                .isInstanceOf(SavepointException.class)
                .hasMessageContaining("has an adapter 'a' already, at step 2");
        assertThat(folder.resolve("new")).doesNotExist();

        Savepoint.at(old).with(other, true, target());
        assertThat(Savepoint.at(target()).adapter("a")).isEqualTo(other);
        assertThat(Savepoint.at(target()).adapter("b")).isEqualTo(afterTwoSteps("b"));
    }

    @Test
    void countsTheVersionsOfAReplacedAdapterOn() throws Exception {
        String old = take(Taken.HASH_MAP_CANONICAL, 1);
        AdapterState third = published(published(published(afterTwoSteps("a"))));
        Savepoint.at(old).with(third, true, target());
        String next = folder.resolve("next").toUri().toString();

        Savepoint.at(target()).with(afterTwoSteps("a"), true, next);

        assertThat(Savepoint.at(next).adapter("a").meta().version()).isEqualTo(3);
    }

    @Test
    void changesNoCheckpoint() throws Exception {
        String checkpoint = take(Taken.ROCKS_DB_CHECKPOINT, 1);

        assertThatThrownBy(() -> Savepoint.at(checkpoint).with(afterTwoSteps("a"), true, target()))
                .isInstanceOf(SavepointException.class)
                .hasMessageContaining("is a checkpoint")
                .hasMessageContaining("take one");
    }

    @Test
    void namesTheAdaptersThatThereAre() throws Exception {
        String savepoint = take(Taken.HASH_MAP_CANONICAL, 1);

        assertThatThrownBy(() -> Savepoint.at(savepoint).adapter("spam"))
                .isInstanceOf(SavepointException.class)
                .hasMessage(savepoint + " has no adapter 'spam': its adapters are a, b");
    }

    @Test
    void tellsOfAFormatOfANewerRelease() throws Exception {
        Path savepoint = Path.of(URI.create(take(Taken.ROCKS_DB_CANONICAL, 1)));
        raiseFormat(savepoint, afterTwoSteps("a").budget());

        assertThatThrownBy(() -> Savepoint.at(savepoint.toString()).adapters())
                .isInstanceOf(SavepointException.class)
                .hasMessageContaining("was written by a newer release of Rankstream")
                .hasMessageContaining("BudgetStateSerializer reads formats 1 to")
                .hasMessageContaining("found 99");
    }

    @Test
    void refusesASavepointOfAnotherJob() throws Exception {
        Metadata metadata = Metadata.of(take(Taken.HASH_MAP_CANONICAL, 1));
        OperatorState batches = metadata.operator(Uids.MICRO_BATCH).orElseThrow();
        Path other = write(new CheckpointMetadata(1, List.of(batches), List.of()));

        assertThatThrownBy(() -> Savepoint.at(other.toString()))
                .isInstanceOf(SavepointException.class)
                .hasMessageContaining("has no operator 'train', expected a savepoint of Rankstream")
                .hasMessageContaining("micro-batch");
    }

    @Test
    void losesNoStateThatItDoesNotKnow() throws Exception {
        Metadata metadata = Metadata.of(take(Taken.HASH_MAP_CANONICAL, 1));
        OperatorState train = metadata.operator(Uids.TRAIN).orElseThrow();
        OperatorState batches = metadata.operator(Uids.MICRO_BATCH).orElseThrow();
        OperatorState strange = batches.copyWithNewIDs(Uids.TRAIN, train.getOperatorID());
        Path other = write(metadata.with(List.of(strange)));

        assertThatThrownBy(
                        () ->
                                Savepoint.at(other.toString())
                                        .with(afterTwoSteps("a"), true, target()))
                .isInstanceOf(SavepointException.class)
                .hasMessageContaining("has state '")
                .hasMessageContaining("which this release does not know and would lose");
    }

    /** Makes the budget look as if a newer release had written it. */
    private static void raiseFormat(Path savepoint, BudgetState budget) throws IOException {
        DataOutputSerializer serialized = new DataOutputSerializer(64);
        BudgetStateSerializer.INSTANCE.serialize(budget, serialized);
        String known = new String(serialized.getCopyOfBuffer(), ISO_8859_1);
        int changed = 0;
        try (Stream<Path> files = Files.list(savepoint)) {
            for (Path file : files.toList()) {
                String content = new String(Files.readAllBytes(file), ISO_8859_1);
                if (content.contains(known)) {
                    String raised = content.replace(known, (char) 99 + known.substring(1));
                    Files.write(file, raised.getBytes(ISO_8859_1));
                    changed++;
                }
            }
        }
        assertThat(changed).isEqualTo(1);
    }

    private Path write(CheckpointMetadata metadata) throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        try (OutputStream out = Files.newOutputStream(other.resolve(Metadata.FILE))) {
            Checkpoints.storeCheckpointMetadata(metadata, out);
        }
        return other;
    }

    private String take(Taken taken, int parallelism) throws Exception {
        return taken.from(job, EXAMPLES, parallelism, shared, folder);
    }

    private String target() {
        return folder.resolve("new").toUri().toString();
    }

    private AdapterState afterTwoSteps(String adapterId) throws Exception {
        return job.learned(job.fresh(adapterId), TinyJob.of(adapterId, EXAMPLES).subList(0, 8));
    }

    private AdapterState uninterrupted(String adapterId, List<EncodedExample> more)
            throws Exception {
        List<EncodedExample> all = new ArrayList<>(TinyJob.of(adapterId, EXAMPLES));
        all.addAll(TinyJob.of(adapterId, more));
        return job.learned(job.fresh(adapterId), all);
    }

    /** One version later. */
    static AdapterState published(AdapterState state) {
        return new AdapterState(
                state.meta().afterVersion(),
                state.triplets(),
                state.moments(),
                state.importance(),
                state.budget(),
                state.head(),
                state.host());
    }

    private static SortedMap<String, String> digests(Path folder) throws IOException {
        SortedMap<String, String> digests = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                digests.put(file.getFileName().toString(), Sha256.of(Files.readAllBytes(file)));
            }
        }
        return digests;
    }
}
