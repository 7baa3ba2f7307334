package io.rankstream.ops.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.cli.CommandRun;
import io.rankstream.ops.run.RunningJob;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.Span;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadInputIT {

    private static final String ADAPTERS =
            """
            kafka.bounded: true
            batch.linger: 0 s
            adapters:
              spam: {labels: [ham, spam]}
              price: {task: regression}
            """;

    private static final int UNKNOWN_SCHEMA = 987_654_321;

    /** A record that was sent and must come back as a dead letter. */
    private record Bad(DeadLetterReason reason, String key, byte[] value, long offset) {}

    @TempDir Path folder;

    private final List<Bad> bad = new ArrayList<>();
    private final List<String> good = new ArrayList<>();

    @Test
    void badRecordsAreDeadLetteredAsTheyCameAndTheNextOnesAreLearnedFrom() throws Exception {
        try (JobFixture job = JobFixture.start(folder, ADAPTERS)) {
            ForeignSubject subject = ForeignSubject.of(job);
            sendBadBetweenGood(job);
            job.send("spam", subject.encoded("foreign", "spam", "a ticket", "ham"));
            good.add("foreign");
            sendTable(job);

            try (RunningJob running = RunningJob.start(job.config())) {
                running.await();
            }

            subject.requireUntouched();
            List<Prediction> predictions =
                    job.committed(
                            job.config().topics().of(Topic.PREDICTIONS),
                            Prediction.getClassSchema());
            assertThat(predictions)
                    .extracting(Prediction::getExampleId)
                    .containsExactlyInAnyOrderElementsOf(good);
            assertThat(predictions)
                    .filteredOn(prediction -> prediction.getAdapterId().equals("price"))
                    .allSatisfy(
                            prediction -> {
                                assertThat(prediction.getLabel()).isInstanceOf(Double.class);
                                assertThat(prediction.getPredictedLabel())
                                        .isInstanceOf(Double.class);
                                assertThat(prediction.getProbability()).isNull();
                            });
            assertThat(predictions)
                    .filteredOn(Prediction::getTruncated)
                    .extracting(Prediction::getExampleId)
                    .containsExactly("too-long");
            List<DeadLetter> deadLetters =
                    job.committed(
                            job.config().topics().of(Topic.DEAD_LETTERS),
                            DeadLetter.getClassSchema());
            assertThat(deadLetters).hasSameSizeAs(bad);
            for (Bad record : bad) {
                assertThat(deadLetters)
                        .filteredOn(letter -> letter.getOffset() == record.offset())
                        .singleElement()
                        .satisfies(letter -> isThe(letter, record, job));
            }
        }
    }

    private static void isThe(DeadLetter letter, Bad record, JobFixture job) {
        assertThat(letter.getReason()).isEqualTo(record.reason());
        assertThat(letter.getTopic()).isEqualTo(job.config().topics().of(Topic.LABELED_EXAMPLES));
        assertThat(letter.getPartition()).isZero();
        assertThat(letter.getMessage()).isNotBlank();
        assertThat(letter.getKey())
                .isEqualTo(ByteBuffer.wrap(record.key().getBytes(StandardCharsets.UTF_8)));
        assertThat(letter.getValue())
                .isEqualTo(record.value() == null ? null : ByteBuffer.wrap(record.value()));
    }

    /** What the adapter cannot learn is told with its line, and does not come as far as the job. */
    private void sendTable(JobFixture job) throws Exception {
        Path table = folder.resolve("prices.csv");
        Files.writeString(
                table,
                """
                exampleId,adapterId,text,label
                row-2,price,a table,3
                row-3,price,another table,"3,5"
                row-4,price,a third table, -1.5e1\s
                row-5,price,a fourth table,cheap
                row-6,price,a fifth table,
                row-7,price,a sixth table,1e39
                row-8,price,a seventh table,NaN
                """);

        CommandRun sent =
                CommandRun.of(
                        "send", "--config", job.configFile().toString(), "--csv", table.toString());

        assertThat(sent.exitCode()).as(sent.err()).isEqualTo(1);
        assertThat(sent.out()).contains("2 examples of 1 adapter stored in", "5 records left out");
        assertThat(sent.err().lines())
                .hasSize(5)
                .satisfiesExactly(
                        line -> assertThat(line).contains("line 3", "'3,5'", "with a point"),
                        line -> assertThat(line).contains("line 5", "'cheap' is no number"),
                        line -> assertThat(line).contains("line 6", "label is missing"),
                        line -> assertThat(line).contains("line 7", "expected one from -1e18"),
                        line -> assertThat(line).contains("line 8", "'NaN' is no number"));
        good.add("row-2");
        good.add("row-4");
    }

    private void sendBadBetweenGood(JobFixture job) throws Exception {
        byte[] whole = job.encoded(example("cut", "spam", "a text", "ham"));
        byte[] wrongMagic = whole.clone();
        wrongMagic[0] = 7;
        byte[] trailing = Arrays.copyOf(whole, whole.length + 1);
        good(job, example("first", "spam", "a first text", "ham"));
        badBytes(job, DeadLetterReason.TRUNCATED_FRAME, Arrays.copyOf(whole, 3));
        badBytes(job, DeadLetterReason.UNDECODABLE, Arrays.copyOf(whole, whole.length - 4));
        badBytes(job, DeadLetterReason.UNDECODABLE, trailing);
        good(job, example("second", "spam", "buy now", "spam"));
        badBytes(job, DeadLetterReason.BAD_MAGIC, wrongMagic);
        badBytes(
                job,
                DeadLetterReason.UNKNOWN_SCHEMA,
                WireFormat.encode(UNKNOWN_SCHEMA, example("id", "spam", "a text", "ham")));
        badBytes(job, DeadLetterReason.NULL_VALUE, null);
        good(job, example("too-long", "spam", "words and words ".repeat(500), "ham"));
        bad(job, DeadLetterReason.EMPTY_TEXT, example("empty", "spam", "", "ham"));
        bad(job, DeadLetterReason.UNKNOWN_LABEL, example("label", "spam", "a text", "eggs"));
        bad(
                job,
                DeadLetterReason.INVALID_ADAPTER_ID,
                example("unsafe", "../../etc", "a text", "ham"));
        bad(job, DeadLetterReason.UNKNOWN_ADAPTER, example("other", "other", "a text", "ham"));
        good(job, example("cheap", "price", "a cheap text", 1.5));
        bad(job, DeadLetterReason.TARGET_MISMATCH, example("name", "price", "a text", "ham"));
        bad(job, DeadLetterReason.NOT_FINITE, example("nan", "price", "a text", Double.NaN));
        bad(job, DeadLetterReason.TARGET_MISMATCH, example("number", "spam", "a text", 3.5));
        bad(
                job,
                DeadLetterReason.TARGET_MISMATCH,
                example("span", "spam", "a", new Span(0, 1, null)));
        good(job, pair(example("dear", "price", "a dear text", 9.)));
        good(job, pair(example("last", "spam", "a last text", "ham")));
    }

    private void good(JobFixture job, LabeledExample example) throws Exception {
        job.send(example.getAdapterId(), job.encoded(example));
        good.add(example.getExampleId());
    }

    private void bad(JobFixture job, DeadLetterReason reason, LabeledExample example)
            throws Exception {
        badBytes(job, reason, job.encoded(example));
    }

    private void badBytes(JobFixture job, DeadLetterReason reason, byte[] value) throws Exception {
        bad.add(new Bad(reason, "spam", value, job.send("spam", value)));
    }

    private static LabeledExample pair(LabeledExample example) {
        return LabeledExample.newBuilder(example).setTextPair("and a second text").build();
    }

    private static LabeledExample example(String id, String adapter, String text, Object label) {
        return LabeledExample.newBuilder()
                .setExampleId(id)
                .setAdapterId(adapter)
                .setText(text)
                .setLabel(label)
                .setEventTime(Instant.ofEpochMilli(1_000_000))
                .build();
    }
}
