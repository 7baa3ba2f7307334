package io.rankstream.ops.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.weights.Sha256;
import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.Prediction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts from a run in which all is well, and damages it in one way after the other. */
class ExactlyOnceCheckTest {

    private static final String WEIGHTS = "weights";

    @TempDir private Path folder;

    private final Ledger sent = new Ledger(new TreeMap<>(), new TreeSet<>());
    private final List<Prediction> predictions = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private final List<AdapterVersion> announced = new ArrayList<>();

    @BeforeEach
    void aRunInWhichAllIsWell() throws IOException {
        for (long offset : List.of(0L, 1L, 3L)) {
            sent.examples().put(offset, "example-" + offset);
            predictions.add(prediction(offset, "example-" + offset));
        }
        sent.bad().add(2L);
        deadLetters.add(deadLetter(2));
        announced.add(publish("spam", 1));
        announced.add(publish("list", 1));
        announced.add(publish("spam", 2));
    }

    @Test
    void findsNothingWhereAllIsWell() throws IOException {
        assertThat(problems()).isEmpty();
    }

    @Nested
    class OfRecords {

        @Test
        void findsAnExampleThatWasDropped() throws IOException {
            predictions.remove(1);

            assertThat(problems())
                    .containsExactly(
                            "offset 1 was trained on 0 times and dead-lettered 0 times, expected 1 and 0");
        }

        @Test
        void findsAnExampleThatWasTrainedOnTwice() throws IOException {
            predictions.add(predictions.get(0));

            assertThat(problems())
                    .containsExactly(
                            "offset 0 was trained on 2 times and dead-lettered 0 times, expected 1 and 0");
        }

        @Test
        void findsAnExampleThatWasTrainedOnAndDeadLettered() throws IOException {
            deadLetters.add(deadLetter(3));

            assertThat(problems())
                    .containsExactly(
                            "offset 3 was trained on 1 times and dead-lettered 1 times, expected 1 and 0");
        }

        @Test
        void findsABadRecordThatWasDropped() throws IOException {
            deadLetters.clear();

            assertThat(problems())
                    .containsExactly(
                            "offset 2 was trained on 0 times and dead-lettered 0 times, expected 0 and 1");
        }

        @Test
        void findsABadRecordThatWasDeadLetteredTwice() throws IOException {
            deadLetters.add(deadLetter(2));

            assertThat(problems())
                    .containsExactly(
                            "offset 2 was trained on 0 times and dead-lettered 2 times, expected 0 and 1");
        }

        @Test
        void findsABadRecordThatWasTrainedOn() throws IOException {
            deadLetters.clear();
            predictions.add(prediction(2, "bad"));

            assertThat(problems())
                    .containsExactly(
                            "offset 2 was trained on 1 times and dead-lettered 0 times, expected 0 and 1");
        }

        @Test
        void findsWhatNobodySent() throws IOException {
            predictions.add(prediction(9, "example-9"));

            assertThat(problems())
                    .containsExactly(
                            "offset 9 was trained on 1 times and dead-lettered 0 times, expected 0 and 0");
        }

        @Test
        void findsAnExampleThatWasTakenForAnother() throws IOException {
            predictions.set(0, prediction(0, "example-1"));

            assertThat(problems())
                    .containsExactly(
                            "offset 0 was predicted as example 'example-1', expected 'example-0'");
        }
    }

    @Nested
    class OfVersions {

        @Test
        void findsAGap() throws IOException {
            announced.set(2, publish("spam", 3));
            remove("spam", 2);

            assertThat(problems())
                    .containsExactly(
                            "versions of adapter 'spam' were announced as [1, 3], expected [1, 2]");
        }

        @Test
        void findsARepetition() throws IOException {
            announced.add(announced.get(2));

            assertThat(problems())
                    .containsExactly(
                            "versions of adapter 'spam' were announced as [1, 2, 2], expected [1, 2, 3]");
        }

        @Test
        void findsVersionsOutOfOrder() throws IOException {
            announced.add(announced.remove(0));

            assertThat(problems())
                    .containsExactly(
                            "versions of adapter 'spam' were announced as [2, 1], expected [1, 2]");
        }

        @Test
        void findsOneThatWasNeverAnnounced() throws IOException {
            announced.remove(2);

            assertThat(problems())
                    .containsExactly(
                            versionFolder("spam", 2) + " has a manifest, but was never announced");
        }
    }

    @Nested
    class OfFiles {

        @Test
        void findsADamagedFile() throws IOException {
            Files.writeString(versionFolder("spam", 1).resolve(WEIGHTS), "SPAM 1");

            assertThat(problems()).singleElement().asString().contains("spam", WEIGHTS, "SHA-256");
        }

        @Test
        void findsAMissingFile() throws IOException {
            Files.delete(versionFolder("list", 1).resolve(WEIGHTS));

            assertThat(problems()).singleElement().asString().contains("list", "is missing");
        }

        @Test
        void findsAFileTooMany() throws IOException {
            Files.writeString(versionFolder("list", 1).resolve("more"), "more");

            assertThat(problems()).singleElement().asString().contains("list", "more is there");
        }

        @Test
        void findsAMissingManifest() throws IOException {
            Files.delete(versionFolder("list", 1).resolve("manifest.json"));

            assertThat(problems()).singleElement().asString().contains("manifest.json is missing");
        }

        @Test
        void findsAVersionThatWasReplacedAfterItsAnnouncement() throws IOException {
            write("spam", 1, "other weights");

            assertThat(problems())
                    .containsExactly(
                            versionFolder("spam", 1).resolve("manifest.json")
                                    + " is not the one that was announced");
        }

        @Test
        void doesNotMindAFolderThatWasNeverCommitted() throws IOException {
            Files.createDirectories(versionFolder("spam", 3));
            Files.writeString(versionFolder("spam", 3).resolve(WEIGHTS), "half of th");

            assertThat(problems()).isEmpty();
        }
    }

    private List<String> problems() throws IOException {
        return ExactlyOnceCheck.problems(sent, predictions, deadLetters, announced, folder);
    }

    private static Prediction prediction(long offset, String exampleId) {
        return Prediction.newBuilder()
                .setExampleId(exampleId)
                .setAdapterId("spam")
                .setPredictedLabel("ham")
                .setProbability(0.5f)
                .setLabel("ham")
                .setLoss(0.7f)
                .setStep(1)
                .setTruncated(false)
                .setEventTime(Instant.EPOCH)
                .setTopic("labeled-examples")
                .setPartition(0)
                .setOffset(offset)
                .build();
    }

    private static DeadLetter deadLetter(long offset) {
        return DeadLetter.newBuilder()
                .setReason(DeadLetterReason.NULL_VALUE)
                .setMessage("no value")
                .setTopic("labeled-examples")
                .setPartition(0)
                .setOffset(offset)
                .build();
    }

    private AdapterVersion publish(String adapterId, long version) throws IOException {
        String manifest = write(adapterId, version, adapterId + " " + version);
        return AdapterVersion.newBuilder()
                .setAdapterId(adapterId)
                .setVersion(version)
                .setStep(version)
                .setPath(versionFolder(adapterId, version).toString())
                .setManifestSha256(Sha256.of(manifest.getBytes(StandardCharsets.UTF_8)))
                .setBaseModel("a model")
                .setLabels(List.of("ham", "spam"))
                .setBudget(1)
                .setLiveRanks(List.of(1))
                .setExamples(1)
                .setPrequentialAccuracy(1.)
                .setPrequentialAccuracyLast1000(1.)
                .build();
    }

    private String write(String adapterId, long version, String weights) throws IOException {
        Path target = Files.createDirectories(versionFolder(adapterId, version));
        Files.writeString(target.resolve(WEIGHTS), weights);
        String manifest =
                "{\"formatVersion\":1,\"files\":[{\"path\":\"%s\",\"size\":%d,\"sha256\":\"%s\"}]}"
                        .formatted(
                                WEIGHTS,
                                weights.length(),
                                Sha256.of(weights.getBytes(StandardCharsets.UTF_8)));
        Files.writeString(target.resolve("manifest.json"), manifest);
        return manifest;
    }

    private void remove(String adapterId, long version) throws IOException {
        Path removed = versionFolder(adapterId, version);
        Files.delete(removed.resolve("manifest.json"));
        Files.delete(removed.resolve(WEIGHTS));
        Files.delete(removed);
    }

    private Path versionFolder(String adapterId, long version) {
        return folder.resolve(adapterId).resolve("v%08d".formatted(version));
    }
}
