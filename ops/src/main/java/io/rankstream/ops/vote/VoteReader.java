package io.rankstream.ops.vote;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rankstream.adapters.files.JsonFault;
import io.rankstream.adapters.state.AdapterId;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.mapping.EventTimeUnit;
import io.rankstream.job.mapping.TargetJson;
import io.rankstream.job.record.RecordId;
import io.rankstream.job.record.TargetDatum;
import io.rankstream.job.record.VoteRule;
import io.rankstream.ops.send.FileLabels;
import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.VoteKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes votes of JSON documents. What a document does not have, it gets so that a later document of
 * the same annotator on the same input changes the vote: a label id of source and annotator, and as
 * its revision the time at which it was given. Where that is not there either, it is the time of
 * reading, which rises with every vote. For use by one thread.
 */
public final class VoteReader {

    /** Where votes come from that do not say it. */
    static final String SOURCE = "send";

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private static final long EARLIEST = Instant.parse("0001-01-01T00:00:00Z").toEpochMilli();
    private static final long LATEST = Instant.parse("9999-12-31T00:00:00Z").toEpochMilli();

    private final VoteMapping mapping;
    private final FileLabels labels;
    private final InstantSource clock;
    private long newest;

    /**
     * What a document is.
     *
     * @param vote empty if something is wrong
     * @param problems everything that is wrong, one sentence each
     * @param missing fields that it would need and has not
     */
    public record Read(Optional<LabelVote> vote, List<String> problems, List<VoteField> missing) {}

    /**
     * @param labels what labels of the file mean to adapters
     * @param clock gives the times of votes that have none
     */
    public VoteReader(VoteMapping mapping, FileLabels labels, InstantSource clock) {
        this.mapping = mapping;
        this.labels = labels;
        this.clock = clock;
    }

    /** Reads a document. */
    public Read read(byte[] document) {
        try {
            JsonNode root = JSON.readTree(document);
            if (root == null || !root.isObject()) {
                return wrong("it is no JSON object, expected one");
            }
            return new Fields(root).read();
        } catch (JsonProcessingException e) {
            return wrong("it is not JSON" + JsonFault.of(e));
        } catch (IOException e) {
            return wrong("it is not JSON in UTF-8");
        }
    }

    private static Read wrong(String problem) {
        return new Read(Optional.empty(), List.of(problem), List.of());
    }

    /** The fields of one document. */
    private final class Fields {

        private final Map<VoteField, JsonNode> found = new EnumMap<>(VoteField.class);
        private final List<String> problems = new ArrayList<>();
        private final List<VoteField> missing = new ArrayList<>();
        private final Set<VoteField> unreadable = EnumSet.noneOf(VoteField.class);

        Fields(JsonNode root) {
            mapping.places()
                    .forEach(
                            (field, place) -> {
                                JsonNode node = root.at(place);
                                if (!node.isMissingNode() && !node.isNull()) {
                                    found.put(field, node);
                                }
                            });
        }

        Read read() {
            String exampleId = needed(VoteField.EXAMPLE_ID);
            if (exampleId != null && !RecordId.isValid(exampleId)) {
                problems.add(
                        "exampleId %s has %,d characters, expected %s"
                                .formatted(
                                        Excerpt.of(exampleId), exampleId.length(), RecordId.RULE));
            }
            String adapterId = needed(VoteField.ADAPTER_ID);
            if (adapterId != null && !AdapterId.isValid(adapterId)) {
                problems.add("adapterId is '%s', expected %s".formatted(adapterId, AdapterId.RULE));
            }
            String kind =
                    Optional.ofNullable(text(VoteField.KIND))
                            .orElse(VoteKind.VOTE.name())
                            .toUpperCase(Locale.ROOT);
            String source = Optional.ofNullable(text(VoteField.SOURCE)).orElse(SOURCE);
            String labelId = text(VoteField.LABEL_ID);
            boolean mayBeAnybody = kind.equals(VoteKind.RETRACT.name()) && labelId != null;
            String annotator =
                    mayBeAnybody
                            ? Optional.ofNullable(text(VoteField.ANNOTATOR)).orElse("")
                            : needed(VoteField.ANNOTATOR);
            if (labelId == null && annotator != null) {
                labelId = source + "/" + annotator;
            }
            String requestId = text(VoteField.REQUEST_ID);
            problems.addAll(VoteRule.ofIds(labelId, requestId));
            Optional<Target> label = label(adapterId);
            if (annotator != null
                    && !unreadable.contains(VoteField.KIND)
                    && !unreadable.contains(VoteField.LABEL)) {
                problems.addAll(VoteRule.ofContent(kind, annotator, label.orElse(null)));
            }
            if (label.isPresent() && adapterId != null) {
                labels.judge(label.get(), adapterId).obstacle().ifPresent(problems::add);
            }
            Long given = time();
            Long revision = number(VoteField.REVISION);
            Long labelRevision = number(VoteField.LABEL_REVISION);
            Long leadTime = number(VoteField.LEAD_TIME_MS);
            Boolean suggested = truth(VoteField.SUGGESTION_SHOWN);
            if (!problems.isEmpty()) {
                return new Read(Optional.empty(), List.copyOf(problems), List.copyOf(missing));
            }
            long labeledAt = given == null ? now() : given;
            return new Read(
                    Optional.of(
                            LabelVote.newBuilder()
                                    .setLabelId(labelId)
                                    .setRevision(revision == null ? labeledAt : revision)
                                    .setExampleId(exampleId)
                                    .setAdapterId(adapterId)
                                    .setRequestId(requestId)
                                    .setAnnotator(annotator)
                                    .setKind(VoteRule.kind(kind).orElseThrow())
                                    .setLabel(label.map(TargetDatum::of).orElse(null))
                                    .setLabelRevision(labelRevision == null ? 0 : labelRevision)
                                    .setSuggestionShown(suggested)
                                    .setLeadTimeMs(leadTime)
                                    .setSource(source)
                                    .setLabeledAt(Instant.ofEpochMilli(labeledAt))
                                    .build()),
                    List.of(),
                    List.of());
        }

        private String needed(VoteField field) {
            String text = text(field);
            if (text == null && !unreadable.contains(field)) {
                missing.add(field);
                problems.add(field.key() + " is missing or null");
            }
            return text;
        }

        private String text(VoteField field) {
            JsonNode node = found.get(field);
            if (node == null) {
                return mapping.defaults().get(field);
            }
            if (!node.isValueNode()) {
                unreadable(
                        field,
                        (node.isObject() ? "an object" : "a list")
                                + ", expected a text, a number or a truth value");
                return null;
            }
            String text = node.asText();
            if (hasHalfACharacter(text)) {
                unreadable(field, "a text with half of a surrogate pair");
                return null;
            }
            return text;
        }

        private void unreadable(VoteField field, String what) {
            unreadable.add(field);
            problems.add(field.key() + " is " + what);
        }

        private Optional<Target> label(String adapterId) {
            JsonNode node = found.get(VoteField.LABEL);
            if (node == null) {
                return Optional.empty();
            }
            if (node.isContainerNode()) {
                return parts(node, adapterId);
            }
            String text = text(VoteField.LABEL);
            if (text == null) {
                return Optional.empty();
            }
            Target target =
                    node.isNumber()
                            ? new Target.Numeric(node.doubleValue())
                            : new Target.Label(text);
            return Optional.of(adapterId == null ? target : labels.voted(target, text, adapterId));
        }

        private Optional<Target> parts(JsonNode node, String adapterId) {
            try (JsonParser parser = JSON.treeAsTokens(node)) {
                parser.nextToken();
                TargetJson.Read read = TargetJson.read(parser);
                read.problem()
                        .ifPresent(
                                problem -> {
                                    unreadable.add(VoteField.LABEL);
                                    problems.add(
                                            "label %s, expected %s"
                                                    .formatted(problem, expected(adapterId)));
                                });
                return read.target();
            } catch (IOException e) {
                throw new UncheckedIOException("a tree of JSON cannot be walked through", e);
            }
        }

        private String expected(String adapterId) {
            return Optional.ofNullable(adapterId).flatMap(labels::form).orElse(TargetJson.FORMS);
        }

        private Long number(VoteField field) {
            String text = text(field);
            if (text != null) {
                try {
                    return Long.valueOf(text);
                } catch (NumberFormatException e) {
                    unreadable(field, Excerpt.of(text) + ", expected a whole number");
                }
            }
            return null;
        }

        private Boolean truth(VoteField field) {
            String text = text(field);
            if (text != null && !text.equals("true") && !text.equals("false")) {
                unreadable(field, Excerpt.of(text) + ", expected true or false");
                return null;
            }
            return text == null ? null : Boolean.valueOf(text);
        }

        private Long time() {
            String text = text(VoteField.LABELED_AT);
            if (text == null) {
                return null;
            }
            EventTimeUnit unit =
                    text.matches("-?[0-9]{1,18}") ? EventTimeUnit.MILLIS : EventTimeUnit.ISO;
            try {
                long millis = unit.millis(text);
                if (EARLIEST <= millis && millis < LATEST) {
                    return millis;
                }
            } catch (IllegalArgumentException e) {
                // told below
            }
            unreadable(
                    VoteField.LABELED_AT,
                    Excerpt.of(text)
                            + ", expected ISO-8601 with an offset, such as 2026-05-04T10:00:00Z, or milliseconds since 1970, in the years 1 to 9999");
            return null;
        }
    }

    private long now() {
        newest = Math.max(clock.millis(), newest + 1);
        return newest;
    }

    private static boolean hasHalfACharacter(String text) {
        return text.codePoints().anyMatch(point -> point >= 0xD800 && point <= 0xDFFF);
    }
}
