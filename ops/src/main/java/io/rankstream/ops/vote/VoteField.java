package io.rankstream.ops.vote;

import java.util.Arrays;
import java.util.Optional;

/** Field of a vote, by its name in the Avro schema. */
public enum VoteField {
    EXAMPLE_ID("exampleId"),
    ADAPTER_ID("adapterId"),
    ANNOTATOR("annotator"),
    LABEL("label"),
    KIND("kind"),
    REQUEST_ID("requestId"),
    LABEL_ID("labelId"),
    REVISION("revision"),
    LABELED_AT("labeledAt"),
    LABEL_REVISION("labelRevision"),
    SUGGESTION_SHOWN("suggestionShown"),
    LEAD_TIME_MS("leadTimeMs"),
    SOURCE("source");

    private final String key;

    VoteField(String key) {
        this.key = key;
    }

    /** Its name. */
    public String key() {
        return key;
    }

    static Optional<VoteField> of(String key) {
        return Arrays.stream(values()).filter(field -> field.key.equals(key)).findFirst();
    }
}
