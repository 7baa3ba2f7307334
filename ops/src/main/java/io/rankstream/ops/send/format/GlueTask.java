package io.rankstream.ops.send.format;

import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.task.classification.Classification;
import io.rankstream.adapters.task.regression.Regression;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.ops.send.RecordFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A task of GLUE (Wang et al., 2018).
 *
 * @param id its name as a format
 * @param texts its one or two texts, each by the names of its column: the first in GLUE's table,
 *     the second in the data set at Hugging Face, where that differs
 * @param labelColumns names of the column of labels, in the same way
 * @param labels by the number that stands for each, as Hugging Face names them; none where the
 *     labels are numbers from 0 to 5
 * @param columnsWithoutHeader columns of a table that has no first line that names them; none where
 *     every table has one
 */
record GlueTask(
        String id,
        List<List<String>> texts,
        List<String> labelColumns,
        List<String> labels,
        List<String> columnsWithoutHeader)
        implements FileFormat {

    private static final List<String> LABEL = List.of("label");
    private static final List<List<String>> ONE_SENTENCE = List.of(List.of("sentence"));
    private static final List<List<String>> TWO_SENTENCES =
            List.of(List.of("sentence1"), List.of("sentence2"));

    /** All of them. */
    static final List<GlueTask> ALL =
            List.of(
                    new GlueTask(
                            "glue:cola",
                            ONE_SENTENCE,
                            LABEL,
                            List.of("unacceptable", "acceptable"),
                            List.of("source", "label", "mark", "sentence")),
                    new GlueTask("glue:sst2", ONE_SENTENCE, LABEL, List.of("negative", "positive")),
                    new GlueTask(
                            "glue:mrpc",
                            List.of(
                                    List.of("#1 String", "sentence1"),
                                    List.of("#2 String", "sentence2")),
                            List.of("Quality", "label"),
                            List.of("not_equivalent", "equivalent")),
                    new GlueTask(
                            "glue:qqp",
                            List.of(List.of("question1"), List.of("question2")),
                            List.of("is_duplicate", "label"),
                            List.of("not_duplicate", "duplicate")),
                    new GlueTask("glue:stsb", TWO_SENTENCES, List.of("score", "label"), List.of()),
                    new GlueTask(
                            "glue:mnli",
                            List.of(
                                    List.of("sentence1", "premise"),
                                    List.of("sentence2", "hypothesis")),
                            List.of("gold_label", "label"),
                            List.of("entailment", "neutral", "contradiction")),
                    new GlueTask(
                            "glue:qnli",
                            List.of(List.of("question"), List.of("sentence")),
                            LABEL,
                            List.of("entailment", "not_entailment")),
                    new GlueTask(
                            "glue:rte",
                            TWO_SENTENCES,
                            LABEL,
                            List.of("entailment", "not_entailment")),
                    new GlueTask(
                            "glue:wnli",
                            TWO_SENTENCES,
                            LABEL,
                            List.of("not_entailment", "entailment")));

    /** What a table has where the annotators agreed on no label. */
    private static final String NO_AGREEMENT = "-";

    /** What Hugging Face has for no label. */
    private static final double NO_LABEL = -1;

    private static final double HIGHEST_SCORE = 5;

    private GlueTask(
            String id, List<List<String>> texts, List<String> labelColumns, List<String> labels) {
        this(id, texts, labelColumns, labels, List.of());
    }

    /** A label, or a number, as a document has it; or why there is none. */
    sealed interface Read {

        record Given(ValueNode label) implements Read {}

        record Missing(String reason) implements Read {}
    }

    /** Whether cells are a row of a table without header. */
    boolean isRow(List<String> cells) {
        return cells.size() == columnsWithoutHeader.size()
                && List.of("0", "1")
                        .contains(cells.get(columnsWithoutHeader.indexOf(LABEL.get(0))));
    }

    /** Whether cells have the name of a column that the task needs. */
    boolean namesAny(List<String> cells) {
        return Stream.concat(texts.stream(), Stream.of(labelColumns))
                .flatMap(List::stream)
                .anyMatch(cells::contains);
    }

    @Override
    public Task<?> task() {
        return labels.isEmpty() ? new Regression() : new Classification();
    }

    @Override
    public Target sample() {
        return labels.isEmpty()
                ? new Target.Numeric(HIGHEST_SCORE / 2)
                : new Target.Label(labels.get(0));
    }

    @Override
    public RecordFile read(String file, BufferedInputStream bytes, SentAs as) throws IOException {
        return GlueFile.open(this, file, bytes, as);
    }

    /**
     * What a column of labels says.
     *
     * @param column its name, for the reason
     */
    Read label(String column, String written) {
        if (written.equals(NO_AGREEMENT)) {
            return new Read.Missing("%s is '-': people agreed on no label".formatted(column));
        }
        if (labels.contains(written)) {
            return new Read.Given(TextNode.valueOf(written));
        }
        Optional<Double> number = Target.Numeric.read(written).map(Target.Numeric::value);
        if (number.filter(value -> value == NO_LABEL).isPresent()) {
            return new Read.Missing(
                    "%s is -1, which stands for no label; --unlabeled sends it as an input to predict"
                            .formatted(column));
        }
        return (labels.isEmpty() ? number.flatMap(GlueTask::score) : ofNumber(written))
                .map(Read.class::cast)
                .orElseGet(
                        () ->
                                new Read.Missing(
                                        "%s is %s, expected %s"
                                                .formatted(
                                                        column, Excerpt.of(written), expected())));
    }

    private static Optional<Read.Given> score(double number) {
        return number >= 0 && number <= HIGHEST_SCORE
                ? Optional.of(new Read.Given(DoubleNode.valueOf(number)))
                : Optional.empty();
    }

    /** The label whose number a cell is, in digits alone: 1.0 is a measure, and none. */
    private Optional<Read.Given> ofNumber(String written) {
        return IntStream.range(0, labels.size())
                .filter(row -> Integer.toString(row).equals(written.strip()))
                .mapToObj(row -> new Read.Given(TextNode.valueOf(labels.get(row))))
                .findFirst();
    }

    private String expected() {
        return labels.isEmpty()
                ? "a number from 0 to 5"
                : IntStream.range(0, labels.size())
                        .mapToObj(row -> "%d or %s".formatted(row, labels.get(row)))
                        .collect(Collectors.joining(", "));
    }
}
