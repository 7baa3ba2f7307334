package io.rankstream.job.record;

import io.rankstream.adapters.task.Fit;

/** Tells of a target that an adapter cannot learn, to whoever sends examples to a stream. */
public final class RefusedTarget {

    private RefusedTarget() {}

    /** What was found, what was expected, and what to do where the example comes from. */
    public static String message(Fit.Refused<?> refused) {
        return refused.message()
                + switch (refused.reason()) {
                    case RETIRED_LABEL ->
                            "; take it back with control add-label, and replay this letter";
                    case NO_NUMBER ->
                            ": write it as 1234.5, with a point for decimals and nothing between thousands, and in JSON without quotes";
                    case UNKNOWN_LABEL, NOT_FINITE, NO_LABEL, NO_SPAN -> "";
                };
    }
}
