package io.rankstream.ops.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.job.metrics.FlinkMetric;
import io.rankstream.job.metrics.JobMetric;
import io.rankstream.job.metrics.MetricLabel;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.ops.cli.CommandProcess;
import io.rankstream.ops.cli.CommandRun;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.ops.http.RawRequest;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.GivenPrediction;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.UnlabeledInput;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code rankstream run} tells its operator: on the console, in the log, by its exit code. */
@Timeout(240)
class RunIT {

    private static final String OPTIONS =
            """
            registry.outage-timeout: 1 s
            batch.max-examples: 4
            metrics.prometheus-port: 0
            adapters:
              spam: {labels: [ham, spam]}
              acme.eu: {labels: [ham, spam]}
              acme-eu: {labels: [ham, spam]}
            """;

    private static final int NEVER_ASKED_FOR = 987_654_321;

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir static Path folder;

    private static JobFixture job;
    private static List<LabeledExample> mails;

    private Process run;

    @BeforeAll
    static void start() throws Exception {
        mails = MailStream.open().examples(8);
        job = JobFixture.start(folder, OPTIONS);
    }

    @AfterAll
    static void close() {
        job.close();
    }

    @AfterEach
    void endTheRun() {
        if (run != null) {
            run.destroyForcibly();
        }
    }

    @Test
    void anOutageIsToldLineByLineAndAnInterruptedRunEndsWithWhatItCameTo() throws Exception {
        Path config = config("outage", "none", "exponential-delay");
        Files.writeString(
                config,
                Files.readString(config)
                        + "fleet.triplets: 900\nloop.mode: train\nloop.budget-share: 0.1\n");
        Path place = folder.resolve("outage");
        Path log = place.resolve("logs/run.log");
        run =
                CommandProcess.start(
                        place,
                        Map.of(),
                        "run",
                        "--create-topics",
                        "--config",
                        config.toString(),
                        "--log",
                        log.toString());
        for (LabeledExample mail : mails) {
            job.send("spam", job.encoded(mail));
        }
        until(log, "Adapter 'spam' is created");
        learnTwoWithAlmostOneName();
        until(log, "Adapter 'acme-eu' is created");
        sendInputs(config);

        job.stack().registry().kill();
        job.send("spam", WireFormat.encode(NEVER_ASKED_FOR, mails.get(0)));
        until(place.resolve("err"), "times in a row");
        job.stack().registry().restart();
        until(place.resolve("err"), "the job runs again after ");
        until(log, "Refused 1 record of no adapter that is known (1 UNKNOWN_SCHEMA)");
        until(place.resolve("err"), "rankstream: refused 1 record (1 UNKNOWN_SCHEMA); the last: ");
        until(place.resolve("out"), "learned from, by adapter ");
        assertThat(job.committed("outage-dead-letters", DeadLetter.getClassSchema())).hasSize(1);
        job.send("spam", job.encoded(labeled(mails.get(0), "spam", "sausage")));
        until(log, "(1 UNKNOWN_LABEL)");
        everyInputIsPredictedOnce();
        everyMetricIsServed(page(place.resolve("out"), "Metrics for Prometheus: "));
        noPageFromElsewhereReachesFlinks(page(place.resolve("out"), "Flink's page is "));
        run.destroy();

        assertThat(run.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitValue()).isEqualTo(130);
        assertThat(Files.readString(place.resolve("err")).lines())
                .anyMatch(
                        line ->
                                line.matches(
                                        "rankstream: the job failed: .*schema registry.*; attempt 2 begins in about 1 s"))
                .anyMatch(line -> line.contains("attempt 3 begins in about 2 s"))
                .noneMatch(line -> line.startsWith("\tat ") || line.contains("Exception"));
        assertThat(Files.readString(place.resolve("out")).lines())
                .contains("Log: " + log)
                .anyMatch(line -> line.contains("Flink's page is http://127.0.0.1:"))
                .anyMatch(line -> line.matches("spam +8 +2 .*"))
                .contains("dead letters: 2 (1 UNKNOWN_SCHEMA, 1 UNKNOWN_LABEL)");
        assertThat(Files.readString(log).lines())
                .anyMatch(line -> line.contains("switched from state CREATED to RUNNING"))
                .anyMatch(line -> line.contains("the job failed: "));
        assertThat(place.resolve("tmp")).isEmptyDirectory();
        assertThat(place.resolve("rankstream")).isDirectoryNotContaining("glob:**.log");
    }

    @Test
    void aRunThatIsAskedToEndWhileItStartsEndsThoughTheInterruptIsLost() throws Exception {
        Path config = config("asked", "none", "none");

        CommandRun asked =
                CommandRun.askedToEndAt(
                        "The job runs", "run", "--create-topics", "--config", config.toString());

        assertThat(asked.exitCode()).as(asked.err()).isEqualTo(130);
        assertThat(asked.out()).contains("rankstream run --config " + config);
    }

    @Test
    void aRunThatRefusesEverythingSaysSoAndFails() throws Exception {
        Path config = config("refusing", "\\[ham, spam]", "[eggs, bacon]");
        Files.writeString(config, Files.readString(config) + "kafka.bounded: true\n");
        Path place = folder.resolve("refusing");
        for (LabeledExample mail : mails) {
            job.send("spam", job.encoded(mail));
        }

        run =
                CommandProcess.start(
                        place, Map.of(), "run", "--create-topics", "--config", config.toString());

        assertThat(run.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitValue()).isEqualTo(1);
        assertThat(Files.readString(place.resolve("err")))
                .contains("every record was refused", "rankstream dlq peek --config " + config);
        assertThat(Files.readString(place.resolve("out")))
                .contains("Log: " + place.resolve("rankstream"), "UNKNOWN_LABEL");
        assertThat(place.resolve("tmp")).isEmptyDirectory();
    }

    private static void sendInputs(Path config) throws Exception {
        List<String> documents = new ArrayList<>();
        for (LabeledExample mail : mails) {
            documents.add(
                    JSON.writeValueAsString(
                            Map.of(
                                    "mail",
                                    mail.getExampleId(),
                                    "body",
                                    mail.getText(),
                                    "about",
                                    Map.of("list", "sig"),
                                    "said",
                                    Map.of(
                                            "version",
                                            "v7",
                                            "labels",
                                            List.of("ham"),
                                            "probabilities",
                                            List.of(.5)))));
        }
        Path file = Files.write(folder.resolve("inputs.jsonl"), documents);

        CommandRun sent =
                CommandRun.of(
                        "send",
                        "--config",
                        config.toString(),
                        "--unlabeled",
                        "--json",
                        file.toString(),
                        "--map",
                        "exampleId=mail,text=body,metadata=about,prediction=said,defaults.adapterId=spam");

        assertThat(sent.exitCode()).as(sent.err()).isZero();
        assertThat(sent.out())
                .contains("8 inputs of 1 adapter stored in unlabeled-inputs, 0 records");
        assertThat(
                        job.<UnlabeledInput>committed(
                                "unlabeled-inputs", UnlabeledInput.getClassSchema()))
                .hasSize(8)
                .allSatisfy(
                        input -> {
                            assertThat(input.getMetadata()).containsOnly(entry("list", "sig"));
                            assertThat(input.getPrediction())
                                    .isEqualTo(
                                            new GivenPrediction(
                                                    "v7", List.of("ham"), List.of(.5f)));
                        });
    }

    /** The job has failed and gone on since they were sent. */
    private void everyInputIsPredictedOnce() {
        List<InputPrediction> predictions = List.of();
        while (predictions.size() < mails.size()) {
            assertThat(run.isAlive()).isTrue();
            predictions = job.committed("input-predictions", InputPrediction.getClassSchema());
        }
        assertThat(predictions)
                .extracting(InputPrediction::getExampleId)
                .containsExactlyElementsOf(
                        mails.stream().map(LabeledExample::getExampleId).toList());
        assertThat(predictions)
                .allSatisfy(
                        each -> {
                            assertThat(each.getStep()).isEqualTo(2);
                            assertThat(each.getPrior()).isFalse();
                            assertThat(each.getLabels()).containsExactly("ham", "spam");
                            assertThat(
                                            each.getProbabilities().get(0)
                                                    + each.getProbabilities().get(1))
                                    .isCloseTo(1, within(1e-3f));
                        });
    }

    private static void learnTwoWithAlmostOneName() throws Exception {
        for (String adapterId : List.of("acme.eu", "acme-eu")) {
            for (LabeledExample mail : mails.subList(0, 4)) {
                LabeledExample example = labeled(mail, adapterId, mail.getLabel().toString());
                job.send(adapterId, job.encoded(example));
            }
        }
    }

    private static LabeledExample labeled(LabeledExample mail, String adapterId, String label) {
        return LabeledExample.newBuilder(mail).setAdapterId(adapterId).setLabel(label).build();
    }

    private static URI page(Path out, String before) throws IOException {
        return Files.readString(out)
                .lines()
                .filter(line -> line.contains(before))
                .map(line -> line.substring(line.indexOf(before) + before.length()))
                .map(line -> URI.create(line.replaceFirst(";.*", "")))
                .findFirst()
                .orElseThrow();
    }

    private static void noPageFromElsewhereReachesFlinks(URI page) throws IOException {
        String own = "Host: " + page.getAuthority();
        assertThat(RawRequest.answer(page, "GET /jobs HTTP/1.1", own)).contains("RUNNING");
        assertThat(RawRequest.answer(page, "GET /jobs HTTP/1.1", "Host: evil.example"))
                .startsWith("HTTP/1.1 421");
        assertThat(
                        RawRequest.answer(
                                page,
                                "POST /jobs HTTP/1.1",
                                own,
                                "Origin: http://evil.example",
                                "Content-Length: 0"))
                .startsWith("HTTP/1.1 403");
    }

    private static void everyMetricIsServed(URI page) throws Exception {
        assertThat(page.getHost()).isEqualTo("127.0.0.1");
        Scrape scrape = Scrape.of(page);
        assertThat(JobMetric.all())
                .allSatisfy(
                        metric -> {
                            assertThat(scrape.types())
                                    .containsEntry(
                                            metric.prometheusName(), metric.type().prometheus());
                            assertThat(scrape.of(metric.prometheusName()))
                                    .isNotEmpty()
                                    .allSatisfy(
                                            sample ->
                                                    assertThat(sample.labels().keySet())
                                                            .containsAll(labelsOf(metric)))
                                    .extracting(sample -> sample.labels().get("operator_name"))
                                    .hasSameElementsAs(metric.operators());
                        });
        assertThat(FlinkMetric.values())
                .allSatisfy(
                        metric -> {
                            assertThat(scrape.types())
                                    .containsEntry(
                                            metric.prometheusName(), metric.type().prometheus());
                            assertThat(scrape.of(metric.prometheusName())).isNotEmpty();
                        });
        assertThat(scrape.of(JobMetric.LIFETIME_EXAMPLES.prometheusName()))
                .extracting(sample -> sample.labels().get("adapter"), Scrape.Sample::value)
                .containsExactlyInAnyOrder(
                        tuple("spam", 8.0), tuple("acme.eu", 4.0), tuple("acme-eu", 4.0));
    }

    private static List<String> labelsOf(JobMetric metric) {
        return metric.labels().stream().map(MetricLabel::key).toList();
    }

    /** The fixture's configuration for a job of its own, with one more difference. */
    private static Path config(String name, String regex, String replacement) throws IOException {
        String yaml =
                Files.readString(job.configFile())
                        .replace("/adapters'", "/adapters-" + name + "'")
                        .replace("/checkpoints", "/checkpoints-" + name)
                        .replaceAll(regex, replacement);
        return Files.writeString(
                folder.resolve(name + ".yaml"),
                yaml
                        + """
                          kafka.group-id: %1$s
                          topics.training-reports: %1$s-reports
                          topics.predictions: %1$s-predictions
                          topics.command-answers: %1$s-answers
                          topics.drift-events: %1$s-drift
                          topics.adapter-versions: %1$s-versions
                          topics.dead-letters: %1$s-dead-letters
                          """
                                .formatted(name));
    }

    private void until(Path file, String text) throws IOException {
        while (!Files.exists(file) || !Files.readString(file).contains(text)) {
            assertThat(run.isAlive()).as(file + " has no '" + text + "'").isTrue();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }
}
