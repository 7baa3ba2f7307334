package io.rankstream.ops.dlq;

import io.rankstream.schemas.DeadLetterReason;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which refusals a change of the surroundings cures, so that the same bytes can be learned from.
 */
public final class Remedy {

    /**
     * Names of reasons that speak of the configuration, the registry or the state of an adapter.
     * All others speak of the record itself, or, as NOT_FINITE, may do so.
     */
    private static final Set<String> CURABLE =
            Set.of(
                    "UNKNOWN_SCHEMA",
                    "UNKNOWN_ADAPTER",
                    "UNKNOWN_LABEL",
                    "TARGET_MISMATCH",
                    "ADAPTER_MISMATCH",
                    "ADAPTER_PAUSED",
                    "ADAPTER_LIMIT");

    private Remedy() {}

    /** Reasons of the letters that a replay sends back unless it is told others. */
    public static Set<DeadLetterReason> curable() {
        return Arrays.stream(DeadLetterReason.values())
                .filter(reason -> CURABLE.contains(reason.name()))
                .collect(Collectors.toUnmodifiableSet());
    }
}
