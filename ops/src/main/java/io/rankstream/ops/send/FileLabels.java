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
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.mapping.ExampleField;
import io.rankstream.job.mapping.MappedJson;
import io.rankstream.job.mapping.TargetJson;
import io.rankstream.job.record.RefusedTarget;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the labels of a file as the adapters of a configuration learn them. A table has texts
 * alone, so a cell with a number is one where its adapter learns numbers, and one with a list in
 * JSON is a list where its adapter learns lists. For one thread.
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

    /** By settings, which adapters that have none of their own share. */
    private final IdentityHashMap<TrainingTemplate, Learner> learners = new IdentityHashMap<>();

    /**
     * What adapters of the same settings learn.
     *
     * @param labels those of the configuration
     * @param learnsLists whether none of several is what they can learn, as all that learn lists
     */
    private record Learner(Task<?> task, List<String> labels, LabelSet rows, boolean learnsLists) {

        static Learner of(TrainingTemplate template) {
            LabelSet rows = LabelSet.of(template.labels());
            Task<?> task = template.head().task();
            return new Learner(
                    task, template.labels(), rows, task.fit(NOTHING, "", rows).refusal().isEmpty());
        }

        Optional<? extends Fit.Refused<?>> refusal(Target target, String adapter) {
            return task.fit(target, adapter, rows).refusal();
        }

        boolean lacksALabel(Target target, String adapter) {
            return refusal(target, adapter)
                    .filter(refused -> refused.reason() == Fit.Reason.UNKNOWN_LABEL)
                    .isPresent();
        }

        boolean knows(String part) {
            return labels.stream().anyMatch(label -> label.equalsIgnoreCase(part.strip()));
        }

        String sample() {
            return task.sample(labels);
        }
    }

    /**
     * Whether an adapter can learn a target.
     *
     * @param obstacle why it cannot, in one sentence
     * @param unknown labels of it, or kinds of entities, that the adapter lacks in the
     *     configuration: it may have them by then
     */
    public record Verdict(Optional<String> obstacle, List<String> unknown) {

        private static final Verdict FITS = new Verdict(Optional.empty(), List.of());
    }

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
        Optional<Learner> learner = learner(adapter);
        if (learner.filter(Learner::learnsLists).isPresent()) {
            return isTable && target instanceof Target.Label cell
                    ? parts(cell.name()).orElse(target)
                    : target;
        }
        if (learner.filter(each -> !each.task().hasLabels()).isEmpty()) {
            return target instanceof Target.Numeric ? new Target.Label(written) : target;
        }
        return isTable && target instanceof Target.Label cell
                ? Target.Numeric.read(cell.name()).map(Target.class::cast).orElse(target)
                : target;
    }

    /**
     * Whether an adapter can learn a target. A label that it does not have is no obstacle; but one
     * made of several that it has, where it learns any number of them, is a list that was not
     * written as one.
     */
    public Verdict judge(Target target, String adapter) {
        return learner(adapter)
                .flatMap(
                        learner ->
                                learner.refusal(target, adapter)
                                        .map(refused -> verdict(learner, refused, target, adapter)))
                .orElse(Verdict.FITS);
    }

    private Verdict verdict(
            Learner learner, Fit.Refused<?> refused, Target target, String adapter) {
        if (refused.reason() == Fit.Reason.UNKNOWN_LABEL) {
            List<String> unknown = unknown(learner, target, adapter);
            return new Verdict(
                    severalInOne(learner, unknown)
                            .map(
                                    name ->
                                            "the label %s of adapter '%s' is unknown, and looks like several in one text%s"
                                                    .formatted(
                                                            Excerpt.of(name),
                                                            adapter,
                                                            toWrite(learner))),
                    unknown);
        }
        boolean hasForm =
                refused.reason() == Fit.Reason.NO_LABEL || refused.reason() == Fit.Reason.NO_SPAN;
        return new Verdict(
                Optional.of(RefusedTarget.message(refused) + (hasForm ? toWrite(learner) : "")),
                List.of());
    }

    private String toWrite(Learner learner) {
        return (isTable
                        ? "; a cell holds JSON, such as %s, or send JSON lines"
                        : "; write it as %s")
                .formatted(learner.sample());
    }

    /** What an adapter learns, and how that is written; empty for one without settings. */
    public Optional<String> form(String adapter) {
        return learner(adapter)
                .map(
                        learner ->
                                "what adapter '%s' learns (%s), such as %s"
                                        .formatted(adapter, learner.task().id(), learner.sample()));
    }

    /** What an adapter learns; empty for one without settings. */
    public Optional<Task<?>> task(String adapter) {
        return learner(adapter).map(Learner::task);
    }

    private Optional<Learner> learner(String adapter) {
        return adapters.template(adapter)
                .map(template -> learners.computeIfAbsent(template, Learner::of));
    }

    /**
     * An unknown label that has known ones in it, where several can be true together: it is not
     * that label which will be added some day.
     */
    private static Optional<String> severalInOne(Learner learner, List<String> unknown) {
        return learner.learnsLists()
                ? unknown.stream().filter(name -> isSeveral(learner, name)).findFirst()
                : Optional.empty();
    }

    private static boolean isSeveral(Learner learner, String name) {
        String written = name.strip();
        List<String> parts = List.of(BETWEEN_LABELS.split(written));
        List<String> smaller = List.of(PERHAPS_BETWEEN_LABELS.split(written));
        return written.startsWith("[")
                || (parts.size() > 1 && parts.stream().anyMatch(learner::knows))
                || (smaller.size() > 1 && smaller.stream().allMatch(learner::knows));
    }

    private static List<String> unknown(Learner learner, Target target, String adapter) {
        return target instanceof Target.Several several
                ? several.members().stream()
                        .filter(
                                member ->
                                        learner.lacksALabel(
                                                new Target.Several(List.of(member)), adapter))
                        .flatMap(member -> member.labels().stream())
                        .distinct()
                        .toList()
                : target.labels();
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
}
