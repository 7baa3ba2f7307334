package io.rankstream.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.HeadKind;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.task.answering.QuestionAnswering;
import io.rankstream.adapters.task.classification.Classification;
import io.rankstream.adapters.task.multilabel.MultiLabel;
import io.rankstream.adapters.task.regression.Regression;
import io.rankstream.adapters.task.tagging.TokenClassification;
import io.rankstream.job.config.option.ConfigError;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.config.option.Environment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an adapter learns, and with which head. */
class TaskOptionsTest {

    private static final String REQUIRED =
            """
            kafka.bootstrap-servers: broker:9092
            registry.url: http://registry:8081
            publish.directory: /adapters
            """;

    private static JobConfig parse(String yaml) throws ConfigException {
        return ConfigFile.parse(REQUIRED + yaml, "job.yaml", new Environment(name -> null));
    }

    private static List<String> errorsOf(String yaml) {
        return catchThrowableOfType(ConfigException.class, () -> parse(yaml)).errors().stream()
                .map(ConfigError::toString)
                .toList();
    }

    @Test
    void aRegressionStandsBesideClassificationsWithoutTheirLabels() throws ConfigException {
        JobConfig config =
                parse(
                        """
                        training.labels: [ham, spam]
                        adapters:
                          price: {task: regression}
                        """);

        TrainingTemplate price = config.adapters().template("price").orElseThrow();
        assertThat(price.head().task()).isEqualTo(new Regression());
        assertThat(price.labels()).isEmpty();
        assertThat(config.adapters().template("mail").orElseThrow().labels())
                .containsExactly("ham", "spam");
    }

    @Test
    void everyAdapterMayBeARegression() throws ConfigException {
        JobConfig config = parse("training.task: regression\n");

        assertThat(config.adapters().template("any").orElseThrow().head().task())
                .isEqualTo(new Regression());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "training: {task: regression, labels: [ham, spam]}\n",
                "adapters: {price: {task: regression, labels: [ham, spam]}}\n"
            })
    void aRegressionHasNoLabels(String yaml) {
        assertThat(errorsOf(yaml))
                .singleElement()
                .asString()
                .contains(
                        "labels only means something where",
                        "task is one of classification, multi-label-classification,"
                                + " token-classification");
    }

    @Test
    void aQuestionAnsweringReadsEveryTokenAndHasNoLabels() throws ConfigException {
        assertThat(
                        parse("training: {task: question-answering}\n")
                                .adapters()
                                .template("any")
                                .orElseThrow()
                                .head())
                .isEqualTo(new HeadKind(new QuestionAnswering(), HeadForm.LINEAR, Pooling.NONE));
        assertThat(errorsOf("training: {task: question-answering, labels: [ham, spam]}\n"))
                .singleElement()
                .asString()
                .contains("labels only means something where");
        assertThat(errorsOf("training: {task: question-answering, pooling: mean}\n"))
                .singleElement()
                .asString()
                .contains("training.pooling is mean, expected none");
    }

    @Test
    void aTaskThatThereIsNotIsRefusedWithThoseThatThereAre() {
        assertThat(errorsOf("training: {task: regresion, labels: [ham, spam]}\n"))
                .singleElement()
                .asString()
                .contains(
                        "'regresion'",
                        "classification, multi-label-classification, regression, token-classification");
    }

    @Test
    void aHeadOfItsOwnReadsTheFirstToken() throws ConfigException {
        TrainingTemplate template =
                parse("training: {labels: [ham, spam], head: own}\n")
                        .adapters()
                        .template("any")
                        .orElseThrow();

        assertThat(template.head().form()).isEqualTo(HeadForm.OWN);
        assertThat(template.head().pooling()).isEqualTo(Pooling.CLS);
    }

    @Test
    void aHeadOfItsOwnMayReadTheMean() throws ConfigException {
        assertThat(
                        parse("training: {labels: [ham, spam], head: own, pooling: mean}\n")
                                .adapters()
                                .template("any")
                                .orElseThrow()
                                .head())
                .isEqualTo(new HeadKind(new Classification(), HeadForm.OWN, Pooling.MEAN));
    }

    @Test
    void aHeadOfItsOwnReadsNoPooler() {
        assertThat(errorsOf("training: {labels: [ham, spam], head: own, pooling: pooler}\n"))
                .singleElement()
                .asString()
                .contains(
                        "training.pooling is pooler, expected cls or mean because training.head is own");
    }

    @Test
    void aMultiLabelClassificationHasLabelsAndAThresholdOfItsOwn() throws ConfigException {
        JobConfig config =
                parse(
                        """
                        training.labels: [ham, spam]
                        adapters:
                          tickets: {task: multi-label-classification, labels: [late, broken]}
                          strict: {task: multi-label-classification, threshold: 0.8}
                        """);

        assertThat(config.adapters().template("tickets").orElseThrow().head().task())
                .isEqualTo(new MultiLabel());
        TrainingTemplate strict = config.adapters().template("strict").orElseThrow();
        assertThat(strict.head().task()).isEqualTo(new MultiLabel(.8));
        assertThat(strict.labels()).containsExactly("ham", "spam");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "training: {threshold: 0.4, labels: [ham, spam]}\n",
                "training: {threshold: 0.4, task: regression}\n"
            })
    void noOtherTaskHasAThreshold(String yaml) {
        assertThat(errorsOf(yaml))
                .singleElement()
                .asString()
                .contains(
                        "threshold only means something where",
                        "task is multi-label-classification");
    }

    @ParameterizedTest
    @ValueSource(strings = {"multi-label-classification", "token-classification", "regression"})
    void noOtherTaskThanClassificationHasAMixture(String task) throws ConfigException {
        String labels = task.equals("regression") ? "" : ", labels: [O, B-PER]";

        assertThat(errorsOf("training: {task: %s, mixture: true%s}\n".formatted(task, labels)))
                .singleElement()
                .asString()
                .contains(
                        "training.mixture only means something where training.task is"
                                + " classification");
        parse("training: {task: %s, mixture: false%s}\n".formatted(task, labels));
        parse(
                "training: {mixture: true, labels: [a, b]}\nadapters: {x: {task: %s%s}}\n"
                        .formatted(task, labels));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e-50", "0.5", "0.9999999999"})
    void aThresholdIsAnyNumberBetween(String threshold) throws ConfigException {
        JobConfig config =
                parse(
                        "training: {task: multi-label-classification, labels: [a, b], threshold: %s}\n"
                                .formatted(threshold));

        assertThat(config.adapters().template("x").orElseThrow().head().task())
                .isEqualTo(new MultiLabel(Double.parseDouble(threshold)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "1.5", "-0.2", "half"})
    void aThresholdLeavesSomethingToSayAndToLeaveOut(String threshold) {
        assertThat(
                        errorsOf(
                                """
                                training:
                                  task: multi-label-classification
                                  labels: [ham, spam]
                                  threshold: %s
                                """
                                        .formatted(threshold)))
                .singleElement()
                .asString()
                .contains("expected a number above 0 and below 1");
    }

    @Test
    void examplesOfSeveralLabelsAreNotKept() {
        assertThat(
                        errorsOf(
                                """
                                training:
                                  task: multi-label-classification
                                  labels: [ham, spam]
                                  replay: {share: 0.5}
                                """))
                .singleElement()
                .asString()
                .contains("expected 0 because training.task is multi-label-classification");
    }

    @Test
    void aTokenClassificationHasTagsForLabels() throws ConfigException {
        JobConfig config =
                parse(
                        """
                        training.labels: [ham, spam]
                        adapters:
                          names: {task: token-classification, labels: [O, B-PER, I-PER, B-MAIL]}
                        """);

        TrainingTemplate names = config.adapters().template("names").orElseThrow();
        assertThat(names.head())
                .isEqualTo(new HeadKind(new TokenClassification(), HeadForm.LINEAR, Pooling.NONE));
        assertThat(names.labels()).containsExactly("O", "B-PER", "I-PER", "B-MAIL");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    B-PER, I-PER | there is no label O, the tag of a word in no entity
                    O, PER       | the label 'PER' is no tag, expected O, or B- or I- and a kind of entity, such as B-PER
                    O, B-A, I-B  | the label 'I-B' goes on with an entity that no label begins, expected B-B beside it
                    """)
    void labelsThatAreNoTagsAreRefused(String labels, String flaw) {
        assertThat(
                        errorsOf(
                                "training: {task: token-classification, labels: [%s]}\n"
                                        .formatted(labels)))
                .singleElement()
                .asString()
                .endsWith("training.labels does not fit token-classification: " + flaw);
    }

    @Test
    void tagsKeepNoExamples() {
        assertThat(
                        errorsOf(
                                "training: {task: token-classification, labels: [O, B-PER], probe-share: .1}\n"))
                .singleElement()
                .asString()
                .contains("whose examples are not kept");
    }
}
