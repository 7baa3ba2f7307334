package io.rankstream.job.topic;

import io.rankstream.adapters.text.Amount;
import java.io.IOException;
import java.time.Duration;

/** A topic was not read to its end, since nothing arrived for a while. */
public final class ReadingStalledException extends IOException {

    private static final long serialVersionUID = 1L;

    ReadingStalledException(Duration limit, long missing) {
        super(
                "nothing arrived for %d s, and %s missing"
                        .formatted(
                                limit.toSeconds(), Amount.of(missing, "record is", "records are")));
    }
}
