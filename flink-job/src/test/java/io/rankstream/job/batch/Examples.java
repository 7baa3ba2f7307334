package io.rankstream.job.batch;

import io.rankstream.adapters.model.Tokens;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.source.RawRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Encoded examples for tests. */
public final class Examples {

    public static final List<String> LABELS = List.of("ham", "spam");

    private Examples() {}

    /** An example of {@code tokens}; its offset is its number. */
    public static EncodedExample of(String adapterId, int number, int label, int... tokens) {
        return new EncodedExample(
                adapterId + "-" + number,
                adapterId,
                LABELS.get(label),
                1_000L * number,
                new Tokens(tokens, false),
                new RawRecord(
                        "labeled-examples",
                        3,
                        number,
                        null,
                        ("record " + number).getBytes(StandardCharsets.UTF_8)));
    }
}
