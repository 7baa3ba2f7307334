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
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.mapping.ExampleField;
import io.rankstream.job.mapping.MappedJson;
import io.rankstream.job.mapping.TargetJson;
import io.rankstream.job.record.RefusedTarget;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Reads the labels of a file as the adapters of a configuration learn them. A table has texts
 * alone, so a cell with a number is one where its adapter learns numbers, and one with a list in
 * JSON is a list where its adapter learns lists.
 */
public final class FileLabels {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Target NOTHING = new Target.Several(List.of());
    private static final String EXAMPLE = "[\"one\", \"two\"]";

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
                    ? list(cell.name()).orElse(target)
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
     * it may have it by then.
     */
    public Optional<String> obstacle(Target target, String adapter) {
        return adapters.template(adapter)
                .flatMap(template -> refusal(template, target, adapter))
                .filter(refused -> refused.reason() != Fit.Reason.UNKNOWN_LABEL)
                .map(refused -> RefusedTarget.message(refused) + ofCell(target, adapter));
    }

    private String ofCell(Target target, String adapter) {
        return isTable && target instanceof Target.Label && learnsLists(adapter)
                ? "; a cell holds a list as JSON, such as %s, or send JSON lines".formatted(EXAMPLE)
                : "";
    }

    /** The list that a cell holds as JSON; empty where it holds none. */
    static Optional<Target> list(String cell) {
        try (JsonParser parser = JSON.createParser(cell)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                return Optional.empty();
            }
            Optional<Target> list = TargetJson.read(parser).target();
            return parser.nextToken() == null ? list : Optional.empty();
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

    /** Those of {@code names} that an adapter with labels does not have in the configuration. */
    public List<String> unknown(List<String> names, String adapter) {
        return adapters.template(adapter)
                .filter(template -> template.head().task().hasLabels())
                .map(template -> LabelSet.minus(names, template.labels()))
                .orElse(List.of());
    }

    /**
     * A row as a job reads it from a topic of JSON: a number, or a list, of a table is one there,
     * too.
     *
     * @param label where the row has its label
     * @throws IOException if the row is no object
     */
    public byte[] document(byte[] row, JsonPointer label, Target target) throws IOException {
        boolean isText = !(target instanceof Target.Numeric || target instanceof Target.Several);
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
