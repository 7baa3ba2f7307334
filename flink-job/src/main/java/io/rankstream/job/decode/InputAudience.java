package io.rankstream.job.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rankstream.job.decode.avro.Problems;
import io.rankstream.schemas.DeadLetterReason;
import java.util.Map;
import java.util.Optional;

/** Who reads inputs, which decides how large one may be. */
public enum InputAudience {
    /** Adapters, which cut a text at their token limit. */
    ADAPTERS,
    /** People too: what they are shown goes from topic to topic as it is. */
    PEOPLE;

    private static final int MOST_BYTES_FOR_PEOPLE = 256 << 10;

    /**
     * Adds what is wrong with the size of an input.
     *
     * @param text null if it is not there, which has been found
     */
    void check(
            String text, Optional<String> pair, Map<String, String> metadata, Problems problems) {
        if (this == ADAPTERS || text == null) {
            return;
        }
        long bytes = bytes(text) + pair.map(InputAudience::bytes).orElse(0L);
        for (Map.Entry<String, String> each : metadata.entrySet()) {
            bytes += bytes(each.getKey()) + bytes(each.getValue());
        }
        if (bytes > MOST_BYTES_FOR_PEOPLE) {
            problems.add(
                    DeadLetterReason.TOO_LARGE,
                    "the text, a second one and the metadata have %,d bytes in UTF-8, expected at most %,d, since people shall read them; shorten them and send the input again"
                            .formatted(bytes, MOST_BYTES_FOR_PEOPLE));
        }
    }

    private static long bytes(String text) {
        return text.getBytes(UTF_8).length;
    }
}
