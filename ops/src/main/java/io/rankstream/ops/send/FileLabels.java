package io.rankstream.ops.send;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.Fit;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.mapping.ExampleField;
import io.rankstream.job.mapping.MappedJson;
import io.rankstream.job.mapping.TargetJson;
import io.rankstream.job.record.RefusedTarget;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the labels of a file as the adapters of a configuration learn them. A table has texts
 * alone, so a cell with a number is one where its adapter learns numbers, and one with a list in
 * JSON is a list where its adapter learns lists.
 */
public final class FileLabels {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Target NOTHING = new Target.Several(List.of());

    /** What stands between labels of which somebody has made one text. */
    private static final Pattern BETWEEN_LABELS = Pattern.compile("[,;|\t\r\n]");

    /** What may stand there, and within a label, too. */
    private static final Pattern PERHAPS_BETWEEN_LABELS = Pattern.compile("[,;|/&+\\s]+");

    private final ConfiguredAdapters adapters;
    private final boolean isTable;

    /**
     * @param isTable whether the file has no other values than texts
     */
    public FileLabels(ConfiguredAdapters adapters, boolean isTable) {
        this.adapters = adapters;
        this.isTable = isTable;
    }

    /** What a record teaches its adapter. */
    public Target target(MappedJson found, String adapter) {
        return target(found.target(), found.get(ExampleField.LABEL), adapter);
    }

    /**
     * What a vote says to its adapter. One without settings may be a model elsewhere: of that, a
     * number is one.
     *
     * @param written the target as it stands in the file
     */
    public Target voted(Target target, String written, String adapter) {
        return adapters.of(adapter).isEmpty() ? target : target(target, written, adapter);
    }

    private Target target(Target target, String written, String adapter) {
        if (learnsLists(adapter)) {
            return isTable && target instanceof Target.Label cell
                    ? parts(cell.name()).orElse(target)
                    : target;
        }
        if (!learnsNumbers(adapter)) {
            return target instanceof Target.Numeric ? new Target.Label(written) : target;
        }
        return isTable && target instanceof Target.Label cell
                ? Target.Numeric.read(cell.name()).map(Target.class::cast).orElse(target)
                : target;
    }

    /**
     * Why an adapter cannot learn a target, in one sentence. A label that it does not have is none:
     * it may have it by then. But one made of several that it has, where it learns any number of
     * them, is a list that was not written as one.
     */
    public Optional<String> obstacle(Target target, String adapter) {
        return adapters.template(adapter)
                .flatMap(
                        template ->
                                refusal(template, target, adapter)
                                        .flatMap(refused -> told(refused, target, adapter)));
    }

    private Optional<String> told(Fit.Refused<?> refused, Target target, String adapter) {
        if (refused.reason() == Fit.Reason.UNKNOWN_LABEL) {
            return severalInOne(target, adapter)
                    .map(
                            name ->
                                    "the label %s of adapter '%s' is unknown, and looks like several in one text%s"
                                            .formatted(
                                                    Excerpt.of(name), adapter, toWrite(adapter)));
        }
        boolean hasForm =
                refused.reason() == Fit.Reason.NO_LABEL || refused.reason() == Fit.Reason.NO_SPAN;
        return Optional.of(RefusedTarget.message(refused) + (hasForm ? toWrite(adapter) : ""));
    }

    private String toWrite(String adapter) {
        String sample = sample(adapter).orElseThrow();
        return (isTable
                        ? "; a cell holds JSON, such as %s, or send JSON lines"
                        : "; write it as %s")
                .formatted(sample);
    }

    /** What an adapter learns, and how that is written; empty for one without settings. */
    public Optional<String> form(String adapter) {
        return sample(adapter)
                .map(
                        sample ->
                                "what adapter '%s' learns (%s), such as %s"
                                        .formatted(adapter, task(adapter).orElseThrow(), sample));
    }

    /** Id of the task of an adapter; empty for one without settings. */
    public Optional<String> task(String adapter) {
        return adapters.template(adapter).map(template -> template.head().task().id());
    }

    private Optional<String> sample(String adapter) {
        return adapters.template(adapter)
                .map(template -> template.head().task().sample(template.labels()));
    }

    /**
     * An unknown label that has known ones in it, where several can be true together: it is not
     * that label which will be added some day.
     */
    private Optional<String> severalInOne(Target target, String adapter) {
        return learnsLists(adapter)
                ? unknown(target, adapter).stream()
                        .filter(name -> isSeveral(name, adapter))
                        .findFirst()
                : Optional.empty();
    }

    private boolean isSeveral(String name, String adapter) {
        String written = name.strip();
        List<String> parts = List.of(BETWEEN_LABELS.split(written));
        List<String> smaller = List.of(PERHAPS_BETWEEN_LABELS.split(written));
        return written.startsWith("[")
                || (parts.size() > 1 && parts.stream().anyMatch(part -> isKnown(part, adapter)))
                || (smaller.size() > 1
                        && smaller.stream().allMatch(part -> isKnown(part, adapter)));
    }

    private boolean isKnown(String part, String adapter) {
        return adapters.template(adapter).orElseThrow().labels().stream()
                .anyMatch(label -> label.equalsIgnoreCase(part.strip()));
    }

    /** The list, or the part of the text, that a cell holds as JSON; empty where it holds none. */
    static Optional<Target> parts(String cell) {
        try (JsonParser parser = JSON.createParser(cell)) {
            JsonToken first = parser.nextToken();
            if (first == null || !first.isStructStart()) {
                return Optional.empty();
            }
            Optional<Target> parts = TargetJson.read(parser).target();
            return parser.nextToken() == null ? parts : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // a text that is no JSON, which the adapter refuses
        }
    }

    private static Optional<? extends Fit.Refused<?>> refusal(
            TrainingTemplate template, Target target, String adapter) {
        return template.head()
                .task()
                .fit(target, adapter, LabelSet.of(template.labels()))
                .refusal();
    }

    /** Labels of a target, or kinds of entities, that its adapter lacks in the configuration. */
    public List<String> unknown(Target target, String adapter) {
        if (!lacksALabel(target, adapter)) {
            return List.of();
        }
        return target instanceof Target.Several several
                ? several.members().stream()
                        .filter(member -> lacksALabel(new Target.Several(List.of(member)), adapter))
                        .flatMap(member -> member.labels().stream())
                        .distinct()
                        .toList()
                : target.labels();
    }

    private boolean lacksALabel(Target target, String adapter) {
        return adapters.template(adapter)
                .flatMap(template -> refusal(template, target, adapter))
                .filter(refused -> refused.reason() == Fit.Reason.UNKNOWN_LABEL)
                .isPresent();
    }

    /**
     * A row as a job reads it from a topic of JSON: a number, or a list, of a table is one there,
     * too.
     *
     * @param label where the row has its label
     * @throws IOException if the row is no object
     */
    public byte[] document(byte[] row, JsonPointer label, Target target) throws IOException {
        boolean isText = target instanceof Target.Label;
        if (!isTable || isText) {
            return row;
        }
        ObjectNode object = (ObjectNode) JSON.readTree(row);
        String column = label.getMatchingProperty();
        if (object.has(column)) {
            if (target instanceof Target.Numeric number) {
                object.put(column, number.value());
            } else {
                object.set(column, JSON.readTree(object.get(column).textValue()));
            }
        }
        return JSON.writeValueAsBytes(object);
    }

    /** None of several is what every adapter that learns lists can learn. */
    private boolean learnsLists(String adapter) {
        return adapters.template(adapter)
                .filter(template -> refusal(template, NOTHING, adapter).isEmpty())
                .isPresent();
    }

    private boolean learnsNumbers(String adapter) {
        return adapters.template(adapter)
                .filter(template -> !template.head().task().hasLabels())
                .isPresent();
    }
}
