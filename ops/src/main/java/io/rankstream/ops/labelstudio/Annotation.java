package io.rankstream.ops.labelstudio;

import com.fasterxml.jackson.databind.JsonNode;
import io.rankstream.ops.labelstudio.api.ApiAnnotation;
import io.rankstream.schemas.VoteKind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an annotation says.
 *
 * @param id its id
 * @param annotator who says so
 * @param kind {@code VOTE} or {@code SKIP}; an annotation that says nothing is a skip
 * @param label a label, a number, or a list of labels by their names; null for a skip
 * @param changedAt when it was made or changed, in microseconds since the epoch
 * @param leadTimeMillis time that it took
 */
record Annotation(
        long id,
        String annotator,
        VoteKind kind,
        Object label,
        long changedAt,
        OptionalLong leadTimeMillis) {

    /** The labels that it says. */
    List<String> labels() {
        if (label instanceof List<?> several) {
            return several.stream().map(String.class::cast).toList();
        }
        return label instanceof String one ? List.of(one) : List.of();
    }

    /**
     * What {@code told} says; empty where that is not one label, nor one number, such as two labels
     * in a project whose configuration somebody has changed.
     *
     * @param several whether any number of labels may be chosen: none of them, then, is no skip
     */
    static Optional<Annotation> of(ApiAnnotation told, boolean several) {
        List<JsonNode> values = new ArrayList<>();
        for (JsonNode region : told.result()) {
            if (region.path("from_name").asText().equals(LabelingConfig.CONTROL)) {
                values.add(region.path("value"));
            }
        }
        if (told.wasCancelled() || (values.isEmpty() && !several)) {
            return Optional.of(of(told, VoteKind.SKIP, null));
        }
        if (values.size() > 1) {
            return Optional.empty();
        }
        if (values.isEmpty()) {
            return Optional.of(of(told, VoteKind.VOTE, List.of()));
        }
        JsonNode choices = values.get(0).path("choices");
        if (several && choices.isArray()) {
            return Optional.of(
                    of(
                            told,
                            VoteKind.VOTE,
                            choices.valueStream().map(JsonNode::asText).sorted().toList()));
        }
        JsonNode number = values.get(0).path("number");
        if (choices.size() == 1 && choices.get(0).isTextual()) {
            return Optional.of(of(told, VoteKind.VOTE, choices.get(0).textValue()));
        }
        return number.isNumber() && Double.isFinite(number.doubleValue())
                ? Optional.of(of(told, VoteKind.VOTE, number.doubleValue()))
                : Optional.empty();
    }

    private static Annotation of(ApiAnnotation told, VoteKind kind, Object label) {
        return new Annotation(
                told.id(),
                annotator(told),
                kind,
                label,
                ChronoUnit.MICROS.between(Instant.EPOCH, told.updatedAt()),
                told.leadTime().isPresent()
                        ? OptionalLong.of(told.leadTime().get().toMillis())
                        : OptionalLong.empty());
    }

    /** One whose user is deleted counts as nobody else's. */
    private static String annotator(ApiAnnotation told) {
        return told.completedBy().isPresent()
                ? "label-studio/user/" + told.completedBy().getAsLong()
                : "label-studio/annotation/" + told.id();
    }
}
