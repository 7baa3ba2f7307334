package io.rankstream.job.train;

/** A new adapter is one more than the configuration allows. */
final class AdapterLimitException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    AdapterLimitException(String adapterId, int limit) {
        super(
                "adapter '%s' would be one more than the %d that a subtask creates; name it under adapters, or raise train.max-adapters, and replay this letter"
                        .formatted(adapterId, limit));
    }
}
