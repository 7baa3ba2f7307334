package io.rankstream.job.batch;

import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.config.option.NearestKey;
import java.util.Collection;
import java.util.Optional;

/** Which adapter was probably meant by an id. */
public final class MeantAdapter {

    private MeantAdapter() {}

    /** The adapter whose id is nearly {@code id}, and is not that; empty where none is. */
    static Optional<String> by(String id, Collection<String> adapters) {
        return adapters.contains(id) ? Optional.empty() : NearestKey.ofSlip(id, adapters);
    }

    /** The end of a sentence: which adapters there are, and which of them is nearly {@code id}. */
    public static String among(Collection<String> adapters, String id) {
        if (adapters.isEmpty()) {
            return "";
        }
        return by(id, adapters)
                        .map(meant -> "; did you mean %s?".formatted(Excerpt.of(meant)))
                        .orElse(";")
                + " there are "
                + Excerpt.ofAll(adapters.stream().sorted().toList());
    }
}
