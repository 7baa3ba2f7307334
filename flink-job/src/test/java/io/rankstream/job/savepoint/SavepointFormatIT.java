package io.rankstream.job.savepoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.probe.ProbeState;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.task.Tasks;
import io.rankstream.job.config.Defaults;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.config.settings.KafkaSettings.StartingOffsets;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.source.RecordSources;
import io.rankstream.job.source.TopicSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.api.OperatorIdentifier;
import org.apache.flink.state.api.SavepointReader;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * State lasts: every release restores the savepoints of those before it. Below {@code
 * src/test/resources/savepoints} is one folder a format: a canonical savepoint of the whole
 * pipeline, its Kafka source and sinks included, and the versions that the job published at that
 * very step, as snapshots.
 *
 * <p>A format that was released never changes. The one that is being developed is written anew by
 *
 * <pre>
 * mvn -pl flink-job -am verify -Dit.test=SavepointFormatIT -Dtest=none \
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false \
 *     -Drankstream.savepoint.update=true
 * </pre>
 *
 * A new format gets a new folder: raise {@link #NEWEST} and run the same.
 */
class SavepointFormatIT {

    /** The format that this release writes. */
    private static final int NEWEST = 8;

    /** The job's source, which knows its positions in every format. */
    private static final TopicSource SOURCE =
            RecordSources.examples(
                    new KafkaSettings(
                            "localhost:9092",
                            Map.of(),
                            "rankstream",
                            StartingOffsets.EARLIEST,
                            false,
                            Duration.ofMinutes(15)),
                    "labeled-examples");

    private static final Path FORMATS = Path.of("src", "test", "resources", "savepoints");

    /** Four steps each, so that triplets are pruned; then one more of some waits. */
    private static final List<String> EXAMPLES =
            order(
                    Map.of(
                            "answers", 17, "list", 17, "names", 17, "price", 17, "rent", 16, "spam",
                            17, "themes", 16, "tone", 16));

    private static final int STEPS = 4;

    /** Adapters with an example that waits, as far as a format has them. */
    private static final Set<String> PENDING = Set.of("answers", "list", "names", "price", "spam");

    @TempDir private Path folder;

    private TinyJob job;

    /** A format's folder. */
    private record Format(Path folder) {

        void write(Path temp) throws Exception {
            Path model = temp.resolve("model");
            TinyBert.small().writeTo(model);
            WholeJob whole = new WholeJob(model, temp);
            String taken =
                    whole.savepointAfter(
                            EXAMPLES, (int) EXAMPLES.stream().distinct().count() * STEPS);
            FileUtils.deleteDirectory(folder.toFile());
            Files.createDirectories(folder.resolve("savepoint"));
            try (Stream<Path> files = Files.list(Path.of(URI.create(taken)))) {
                for (Path file : files.toList()) {
                    Files.copy(file, folder.resolve("savepoint").resolve(file.getFileName()));
                }
            }
            Files.createDirectories(folder.resolve("adapters"));
            for (String adapterId : new TreeSet<>(EXAMPLES)) {
                Files.copy(
                        whole.adapters()
                                .resolve(adapterId)
                                .resolve("v%08d".formatted(STEPS))
                                .resolve(AdapterSnapshot.FILE),
                        folder.resolve("adapters").resolve(adapterId + ".safetensors"));
            }
        }

        /** Examples that wait, by adapter. */
        Map<String, Integer> pending() throws IOException {
            Map<String, Integer> pending = new TreeMap<>();
            adapters().keySet().stream()
                    .filter(PENDING::contains)
                    .forEach(adapterId -> pending.put(adapterId, 1));
            return pending;
        }

        String savepoint() {
            return folder.resolve("savepoint").toAbsolutePath().toUri().toString();
        }

        Map<String, AdapterState> adapters() throws IOException {
            Map<String, AdapterState> adapters = new TreeMap<>();
            try (Stream<Path> files = Files.list(folder.resolve("adapters"))) {
                for (Path file : files.toList()) {
                    AdapterState adapter = AdapterSnapshot.read(file);
                    adapters.put(adapter.meta().adapterId(), adapter);
                }
            }
            return adapters;
        }

        @Override
        public String toString() {
            return folder.getFileName().toString();
        }
    }

    @BeforeAll
    static void writeNewestIfAsked(@TempDir Path temp) throws Exception {
        if (Boolean.getBoolean("rankstream.savepoint.update")) {
            new Format(FORMATS.resolve("format-" + NEWEST)).write(temp);
        }
    }

    @BeforeEach
    void writeModel() throws IOException {
        job = new TinyJob(TinyBert.small().writeTo(folder.resolve("model")));
    }

    @Test
    void thereIsOneOfTheFormatThatThisReleaseWrites() throws IOException {
        assertThat(formats()).extracting(Format::toString).contains("format-" + NEWEST);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void isReadBitForBit(Format format) throws Exception {
        Savepoint savepoint = Savepoint.at(format.savepoint());

        assertThat(savepoint.adapters())
                .extracting(summary -> summary.meta().adapterId())
                .containsExactlyElementsOf(format.adapters().keySet());
        for (AdapterState adapter : format.adapters().values()) {
            assertThat(savepoint.adapter(adapter.meta().adapterId())).isEqualTo(adapter);
        }
        assertThat(savepoint.pendingExamples()).isEqualTo(format.pending());
    }

    @Test
    void theNewestHasAdaptersOfEveryTask() throws IOException {
        Format newest = new Format(FORMATS.resolve("format-" + NEWEST));

        assertThat(newest.adapters().values().stream().<Object>map(it -> it.head().task()))
                .containsAll(Tasks.ALL);
    }

    @Test
    void theNewestHasAdaptersThatAreWatched() throws IOException {
        Format newest = new Format(FORMATS.resolve("format-" + NEWEST));

        assertThat(newest.adapters().values())
                .allSatisfy(adapter -> assertThat(adapter.host().drift()).isPresent());
    }

    @Test
    void theNewestHasAdaptersWithProbesAndWithExamplesToReplay() throws IOException {
        Format newest = new Format(FORMATS.resolve("format-" + NEWEST));

        assertThat(newest.adapters().get("tone").host().probes().orElseThrow().withheld())
                .isPositive();
        assertThat(newest.adapters().get("spam").host().replay().orElseThrow().examples())
                .isNotEmpty();
        assertThat(newest.adapters().get("rent").host().replay().orElseThrow().examples())
                .isNotEmpty();
    }

    @Test
    void theNewestKnowsWhatWasSaidOfEveryExample() throws IOException {
        Format newest = new Format(FORMATS.resolve("format-" + NEWEST));

        assertThat(newest.adapters().get("spam").meta().score().metrics())
                .containsKeys("macroF1", "recentMacroF1", "f1");
    }

    @ParameterizedTest
    @MethodSource("formats")
    void knowsWhereTheSourceWas(Format format) throws Exception {
        long learned =
                format.adapters().values().stream()
                        .mapToLong(
                                adapter ->
                                        adapter.meta().score().examples()
                                                + adapter.host()
                                                        .probes()
                                                        .map(ProbeState::withheld)
                                                        .orElse(0L))
                        .sum();
        List<KafkaPartitionSplit> splits = new ArrayList<>();
        for (byte[] split : splits(format)) {
            splits.add(
                    SimpleVersionedSerialization.readVersionAndDeSerialize(
                            SOURCE.getSplitSerializer(), split));
        }

        assertThat(splits)
                .extracting(KafkaPartitionSplit::getTopic, KafkaPartitionSplit::getStartingOffset)
                .containsExactly(tuple("labeled-examples", learned + format.pending().size()));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void tellsTheDefaultsThatItsJobWasBegunUnder(Format format) throws Exception {
        Defaults expected =
                format.toString().equals("format-1") ? Defaults.FIRST : Defaults.CURRENT;

        assertThat(SavepointNotes.at(format.savepoint()).begunUnder()).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("restores")
    void isContinuedOnAnyBackend(Format format, String backend) throws Exception {
        String[] known = format.adapters().keySet().toArray(String[]::new);
        List<EncodedExample> more = TinyJob.examples(4 * known.length, known);

        Map<String, AdapterState> end = job.resume(backend, format.savepoint(), more);

        assertThat(end).containsOnlyKeys(known);
        for (AdapterState adapter : format.adapters().values()) {
            String adapterId = adapter.meta().adapterId();
            AdapterMeta reached = end.get(adapterId).meta();
            if (PENDING.contains(adapterId)) {
                assertThat(reached.step()).isEqualTo(6);
                assertThat(reached.score().examples()).isEqualTo(21);
            } else {
                assertThat(end.get(adapterId))
                        .isEqualTo(
                                SavepointIT.published(
                                        job.learned(adapter, TinyJob.of(adapterId, more))));
            }
        }
    }

    @SuppressWarnings("try") // Flink's iterator declares that closing throws any exception
    private static List<byte[]> splits(Format format) throws Exception {
        List<byte[]> splits = new ArrayList<>();
        try (CloseableIterator<byte[]> found =
                SavepointReader.read(
                                StreamExecutionEnvironment.createLocalEnvironment(1),
                                format.savepoint(),
                                new HashMapStateBackend())
                        .readListState(
                                OperatorIdentifier.forUid("labeled-examples"),
                                "SourceReaderState",
                                PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO,
                                BytePrimitiveArraySerializer.INSTANCE)
                        .executeAndCollect()) {
            found.forEachRemaining(splits::add);
        }
        return splits;
    }

    static Stream<Format> formats() throws IOException {
        try (Stream<Path> folders = Files.list(FORMATS)) {
            return folders.sorted().map(Format::new).toList().stream();
        }
    }

    /** The newest on both backends; which one it is makes no difference to what was written. */
    static Stream<Arguments> restores() throws IOException {
        return Stream.concat(
                formats().map(format -> Arguments.of(format, "rocksdb")),
                Stream.of(
                        Arguments.of(new Format(FORMATS.resolve("format-" + NEWEST)), "hashmap")));
    }

    private static List<String> order(Map<String, Integer> counts) {
        List<String> order = new ArrayList<>();
        new TreeMap<>(counts)
                .forEach((adapterId, count) -> order.addAll(Collections.nCopies(count, adapterId)));
        return order;
    }
}
