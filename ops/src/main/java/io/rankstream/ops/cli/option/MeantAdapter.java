package io.rankstream.ops.cli.option;

import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.config.NearestKey;
import java.util.Set;

/** Which adapter was probably meant. */
public final class MeantAdapter {

    private MeantAdapter() {}

    /** The end of a sentence: which adapters there are, and which of them is nearly {@code id}. */
    public static String among(Set<String> adapters, String id) {
        return NearestKey.ofSlip(id, adapters)
                        .map("; did you mean '%s'? there are "::formatted)
                        .orElse("; there are ")
                + Excerpt.ofAll(adapters.stream().sorted().toList());
    }
}
