package io.rankstream.job.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.rankstream.adapters.AdapterTemplate;
import io.rankstream.adapters.Example;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.task.Target;
import io.rankstream.job.batch.Examples;
import io.rankstream.job.version.AdapterRelease;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs of a team that has Flink, each in a cluster of this process. */
@SuppressWarnings("try") // Flink's iterator declares that closing throws any exception
class RankstreamTest {

    private static final List<String> TEXTS =
            List.of("free money", "kernel patch", "buy now please", "code meeting");

    private static final AdapterTemplate TEMPLATE =
            AdapterTemplate.classification("ham", "spam").initRank(2).alpha(4).build();

    private static Path model;

    @TempDir Path temp;

    @BeforeAll
    static void writeModel(@TempDir Path directory) throws IOException {
        TinyBert.small().writeTo(directory);
        model = directory;
    }

    @Test
    void learnsFromAnyStreamAndTellsOfEveryExample() throws Exception {
        StreamExecutionEnvironment program = program(new Configuration());
        LearningStreams learned =
                rankstream(program.fromData(texts(12, "spam"))).versions(2, 2).build();

        CloseableIterator<TrainingReport> reports = learned.reports().collectAsync();
        CloseableIterator<Prediction> predictions = learned.predictions().collectAsync();
        CloseableIterator<AdapterRelease> versions = learned.versions().collectAsync();
        CloseableIterator<RefusedText> refused = learned.refused().collectAsync();
        program.execute();

        assertThat(reports)
                .toIterable()
                .extracting(TrainingReport::getStep)
                .containsExactly(1L, 2L, 3L);
        assertThat(predictions).toIterable().hasSize(12);
        assertThat(versions)
                .toIterable()
                .extracting(release -> release.state().meta().step())
                .containsExactly(2L, 3L);
        assertThat(refused).toIterable().isEmpty();
    }

    @Test
    void refusesWhatCannotBeLearnedWithItsTextAndTheReason() throws Exception {
        StreamExecutionEnvironment program = program(new Configuration());
        List<LabeledText> mixed = new ArrayList<>(texts(4, "spam"));
        mixed.add(new LabeledText("label", "spam", "free", "eggs", 0));
        mixed.add(new LabeledText("empty", "spam", " ", "ham", 0));
        mixed.add(new LabeledText("adapter", "a/b", "free", "ham", 0));
        mixed.add(new LabeledText("x".repeat(2_000), "spam", "free", "ham", 0));
        LearningStreams learned = rankstream(program.fromData(mixed)).build();

        try (CloseableIterator<RefusedText> refused = learned.refused().executeAndCollect()) {
            assertThat(refused)
                    .toIterable()
                    .extracting(RefusedText::reason)
                    .containsExactlyInAnyOrder(
                            "UNKNOWN_LABEL",
                            "EMPTY_TEXT",
                            "INVALID_ADAPTER_ID",
                            "INVALID_EXAMPLE_ID");
        }
    }

    @Test
    void predictsTextsWithoutALabelAndRefusesWhatIsNone() throws Exception {
        StreamExecutionEnvironment program = program(new Configuration());
        LearningStreams learned =
                rankstream(program.fromData(texts(8, "spam")))
                        .unlabeled(
                                program.fromData(
                                        new UnlabeledText("i-1", "spam", "free money", 5),
                                        new UnlabeledText("i-2", "other", "code", 6),
                                        new UnlabeledText("empty", "spam", " ", 7),
                                        new UnlabeledText("adapter", "a/b", "free", 8)))
                        .build();

        CloseableIterator<InputPrediction> predictions = learned.inputPredictions().collectAsync();
        CloseableIterator<RefusedText> refused = learned.refused().collectAsync();
        CloseableIterator<RefusedInput> refusedInputs = learned.refusedInputs().collectAsync();
        program.execute();

        assertThat(predictions)
                .toIterable()
                .extracting(InputPrediction::getExampleId, InputPrediction::getLabels)
                .containsExactlyInAnyOrder(
                        tuple("i-1", List.of("ham", "spam")), tuple("i-2", List.of("ham", "spam")));
        assertThat(refused).toIterable().isEmpty();
        assertThat(refusedInputs)
                .toIterable()
                .extracting(each -> each.text().id(), RefusedInput::reason)
                .containsExactlyInAnyOrder(
                        tuple("empty", "EMPTY_TEXT"), tuple("adapter", "INVALID_ADAPTER_ID"));
    }

    @Test
    void learnsEveryTaskFromTextsAndPairs() throws Exception {
        StreamExecutionEnvironment program = program(new Configuration());
        List<LabeledText> mixed = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String text = TEXTS.get(i % TEXTS.size());
            mixed.add(new LabeledText("n" + i, "rating", text, i / 8., i));
            mixed.add(new LabeledText("l" + i, "same", Example.pair(text, "free", "ham"), i));
            mixed.add(new LabeledText("p" + i, "near", Example.pair(text, "free", i / 4.), i));
        }
        LearningStreams learned =
                rankstream(program.fromData(mixed))
                        .adapter("rating", AdapterTemplate.regression().initRank(2).build())
                        .adapter("near", AdapterTemplate.regression().initRank(2).build())
                        .device("cpu")
                        .build();

        CloseableIterator<TrainingReport> reports = learned.reports().collectAsync();
        CloseableIterator<Prediction> predictions = learned.predictions().collectAsync();
        CloseableIterator<RefusedText> refused = learned.refused().collectAsync();
        program.execute();

        assertThat(reports)
                .toIterable()
                .extracting(
                        TrainingReport::getAdapterId,
                        TrainingReport::getStep,
                        report -> report.getMetrics().containsKey("meanAbsoluteError"))
                .containsExactlyInAnyOrder(
                        tuple("rating", 1L, true),
                        tuple("rating", 2L, true),
                        tuple("near", 1L, true),
                        tuple("near", 2L, true),
                        tuple("same", 1L, false),
                        tuple("same", 2L, false));
        assertThat(predictions)
                .toIterable()
                .hasSize(24)
                .filteredOn(prediction -> prediction.getExampleId().equals("p5"))
                .extracting(Prediction::getLabel)
                .containsExactly(1.25);
        assertThat(refused).toIterable().isEmpty();
    }

    static List<LabeledText> misfits() {
        return List.of(
                new LabeledText("1", "a/b", "free", "ham", 7),
                new LabeledText("x".repeat(2_000), "spam", "free", "ham", 7),
                new LabeledText("x".repeat(2_000), "a/b", "", 2, 7),
                new LabeledText("3", "spam", "\u2003", "ham", 7),
                new LabeledText("4", "spam", Example.pair(" ", "", "ham"), 7),
                new LabeledText("5", "spam", "free", "eggs", 7),
                new LabeledText("6", "spam", "free", 2.5, 7),
                new LabeledText("7", "rating", "free", "ham", 7),
                new LabeledText("8", "rating", "free", Double.NaN, 7),
                new LabeledText("9", "rating", "free", 1e300, 7),
                new LabeledText(
                        "10",
                        "rating",
                        new Example("free", Optional.of("of"), new Target.Span(0, 2)),
                        7));
    }

    /** With a message, as the job has one for the same example on a topic. */
    @Test
    void whatIsRefusedComesBackWhole() throws Exception {
        StreamExecutionEnvironment program = program(new Configuration());
        LearningStreams learned =
                rankstream(program.fromData(misfits()))
                        .adapter("rating", AdapterTemplate.regression().initRank(2).build())
                        .build();

        try (CloseableIterator<RefusedText> refused = learned.refused().executeAndCollect()) {
            assertThat(refused)
                    .toIterable()
                    .hasSameSizeAs(misfits())
                    .allSatisfy(text -> assertThat(text.message()).isNotBlank())
                    .extracting(RefusedText::text)
                    .containsExactlyInAnyOrderElementsOf(misfits());
        }
    }

    static Stream<Consumer<Rankstream>> wrongSettings() {
        return Stream.of(
                it -> it.threads(-1),
                it -> it.maxTokens(0),
                it -> it.maxTokens(7),
                it -> it.device("tpu"),
                it -> it.device("gpu:-1"),
                it -> it.batch(0, Duration.ZERO),
                it -> it.batch(1, Duration.ofMillis(-1)),
                it -> it.maxAdapters(0),
                it -> it.bundleTokens(-1),
                it -> it.versions(0, 1),
                it -> it.versions(1, 0),
                it -> it.adapter("a/b", TEMPLATE));
    }

    @ParameterizedTest
    @MethodSource("wrongSettings")
    void aSettingThatCannotBeIsRefusedWhereItIsGiven(Consumer<Rankstream> setting) {
        Rankstream rankstream =
                Rankstream.learn(program(new Configuration()).fromData(texts(4, "spam")));

        assertThatThrownBy(() -> setting.accept(rankstream))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
    }

    @Test
    void hasTwoPipelinesInOneProgram() throws Exception {
        StreamExecutionEnvironment program = program(new Configuration());
        LearningStreams mails =
                rankstream(program.fromData(texts(8, "spam"))).uidPrefix("mail-").build();
        LearningStreams tickets =
                rankstream(program.fromData(texts(4, "billing"))).uidPrefix("ticket-").build();

        CloseableIterator<TrainingReport> ofMails = mails.reports().collectAsync();
        CloseableIterator<TrainingReport> ofTickets = tickets.reports().collectAsync();
        program.execute();

        assertThat(ofMails)
                .toIterable()
                .extracting(TrainingReport::getAdapterId)
                .containsExactly("spam", "spam");
        assertThat(ofTickets)
                .toIterable()
                .extracting(TrainingReport::getAdapterId)
                .containsExactly("billing");
    }

    @Test
    void goesOnFromASavepointUnderItsPrefix() throws Exception {
        String savepoint = savepointAfterSomeSteps();
        Configuration resumed = new Configuration();
        resumed.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        resumed.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);

        assertThat(firstSteps(resumed, "mail-")).isGreaterThan(1);
        assertThat(firstSteps(resumed, "other-")).isEqualTo(1);
    }

    @Test
    void isNotBuiltWithoutATemplate() {
        Rankstream nothing =
                Rankstream.learn(program(new Configuration()).fromData(texts(4, "spam")));

        assertThatThrownBy(nothing::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("template(...)");
    }

    @Test
    void thePageShowsWhatTheExampleDoes() throws IOException {
        assertThat(between(Path.of("../docs/library.md"), "```java\nLearning", "```"))
                .isEqualTo(
                        between(
                                Path.of("src/test/java/io/rankstream/job/stream/FlinkExample.java"),
                                "        // the page begins\n        Learning",
                                "        // the page ends"));
    }

    @Test
    void theExampleOfThePageLearns() throws Exception {
        StreamExecutionEnvironment program = program(new Configuration());
        LearningStreams learned = FlinkExample.learn(program.fromData(texts(8, "spam")));

        try (CloseableIterator<TrainingReport> reports = learned.reports().executeAndCollect()) {
            assertThat(reports).toIterable().hasSize(2);
        }
    }

    private static String between(Path file, String begin, String end) throws IOException {
        Matcher matcher =
                Pattern.compile(Pattern.quote(begin) + "(.*?)" + Pattern.quote(end), Pattern.DOTALL)
                        .matcher(Files.readString(file));
        assertThat(matcher.find()).as(file.toString()).isTrue();
        return matcher.group(1).replaceAll("(?m)^ +", "").strip();
    }

    private String savepointAfterSomeSteps() throws Exception {
        StreamExecutionEnvironment program = program(new Configuration());
        LearningStreams learned = rankstream(endless(program)).uidPrefix("mail-").build();
        try (CloseableIterator<TrainingReport> reports = learned.reports().collectAsync()) {
            JobClient client = program.executeAsync();
            while (reports.next().getStep() < 3) {}
            String savepoint =
                    client.triggerSavepoint(temp.toUri().toString(), SavepointFormatType.CANONICAL)
                            .get();
            client.cancel().get();
            return savepoint;
        }
    }

    /** Step of the first report. */
    private static long firstSteps(Configuration configuration, String prefix) throws Exception {
        LearningStreams learned =
                rankstream(endless(program(configuration))).uidPrefix(prefix).build();
        try (CloseableIterator<TrainingReport> reports = learned.reports().executeAndCollect()) {
            return reports.next().getStep();
        }
    }

    private static Rankstream rankstream(DataStream<LabeledText> texts) {
        return Rankstream.learn(texts)
                .model(model)
                .maxTokens(16)
                .threads(1)
                .template(TEMPLATE)
                .batch(4, Duration.ZERO);
    }

    private static StreamExecutionEnvironment program(Configuration configuration) {
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        return StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
    }

    private static DataStream<LabeledText> endless(StreamExecutionEnvironment program) {
        return program.fromSource(
                        new NumberSequenceSource(0, Long.MAX_VALUE),
                        WatermarkStrategy.noWatermarks(),
                        "numbers")
                .uid("numbers")
                .map(number -> text(number, "spam"))
                .returns(TypeInformation.of(LabeledText.class));
    }

    private static List<LabeledText> texts(int count, String adapterId) {
        return IntStream.range(0, count).mapToObj(i -> text(i, adapterId)).toList();
    }

    private static LabeledText text(long number, String adapterId) {
        return new LabeledText(
                "text-" + number,
                adapterId,
                TEXTS.get((int) (number % TEXTS.size())),
                Examples.LABELS.get((int) (number % 2)),
                number);
    }
}
