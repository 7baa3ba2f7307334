package io.rankstream.job.topic;

import java.io.IOException;
import java.time.Duration;

/** A topic was not read to its end, since nothing arrived for a while. */
public final class ReadingStalledException extends IOException {

    private static final long serialVersionUID = 1L;

    ReadingStalledException(Duration limit, long missing) {
        super(
                "nothing arrived for %d s, and %d records are missing"
                        .formatted(limit.toSeconds(), missing));
    }
}
