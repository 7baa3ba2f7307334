package io.rankstream.job.savepoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
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
    private static final int NEWEST = 3;

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

    /** Four steps each, so that triplets are pruned; then one more of the first two waits. */
    private static final List<String> EXAMPLES = order(Map.of("list", 17, "spam", 17, "tone", 16));

    private static final int STEPS = 4;

    private static final Map<String, Integer> PENDING = Map.of("list", 1, "spam", 1);

    @TempDir private Path folder;

    private TinyJob job;

    /** A format's folder. */
    private record Format(Path folder) {

        void write(Path temp) throws Exception {
            Path model = temp.resolve("model");
            TinyBert.small().writeTo(model);
            WholeJob whole = new WholeJob(model, temp);
            String taken = whole.savepointAfter(EXAMPLES, 3 * STEPS);
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
                .containsExactly("list", "spam", "tone");
        for (AdapterState adapter : format.adapters().values()) {
            assertThat(savepoint.adapter(adapter.meta().adapterId())).isEqualTo(adapter);
        }
        assertThat(savepoint.pendingExamples()).isEqualTo(PENDING);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void knowsWhereTheSourceWas(Format format) throws Exception {
        List<KafkaPartitionSplit> splits = new ArrayList<>();
        for (byte[] split : splits(format)) {
            splits.add(
                    SimpleVersionedSerialization.readVersionAndDeSerialize(
                            SOURCE.getSplitSerializer(), split));
        }

        assertThat(splits)
                .extracting(KafkaPartitionSplit::getTopic, KafkaPartitionSplit::getStartingOffset)
                .containsExactly(tuple("labeled-examples", (long) EXAMPLES.size()));
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
        List<EncodedExample> more = TinyJob.examples(8, "tone", "spam");

        Map<String, AdapterState> end = job.resume(backend, format.savepoint(), more);

        AdapterState tone = format.adapters().get("tone");
        assertThat(end.get("tone"))
                .isEqualTo(SavepointIT.published(job.learned(tone, TinyJob.of("tone", more))));
        assertThat(end)
                .extractingByKeys("list", "spam")
                .extracting(AdapterState::meta)
                .extracting(AdapterMeta::step, meta -> meta.score().examples())
                .containsExactly(tuple(5L, 17L), tuple(6L, 21L));
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

    static Stream<Arguments> restores() throws IOException {
        return formats()
                .flatMap(
                        format ->
                                Stream.of("rocksdb", "hashmap")
                                        .map(backend -> Arguments.of(format, backend)));
    }

    private static List<String> order(Map<String, Integer> counts) {
        List<String> order = new ArrayList<>();
        new TreeMap<>(counts)
                .forEach((adapterId, count) -> order.addAll(Collections.nCopies(count, adapterId)));
        return order;
    }
}
