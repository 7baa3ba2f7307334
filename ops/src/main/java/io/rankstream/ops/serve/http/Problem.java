package io.rankstream.ops.serve.http;

import java.util.OptionalInt;

/**
 * Why a request has no other answer. The message is for whoever asks: what was found, what was
 * expected, what to do.
 */
public final class Problem extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final int retryAfter;

    private Problem(int status, String detail, int retryAfter) {
        super(detail, null, false, false);
        this.status = status;
        this.retryAfter = retryAfter;
    }

    /**
     * One that lasts.
     *
     * @param status of HTTP
     */
    public static Problem of(int status, String detail) {
        return new Problem(status, detail, 0);
    }

    /** One that is over after some seconds, at least one. */
    public static Problem passing(int status, String detail, double seconds) {
        return new Problem(status, detail, Math.max(1, (int) Math.ceil(seconds)));
    }

    int status() {
        return status;
    }

    /** Seconds after which it is of use to ask again. */
    OptionalInt retryAfter() {
        return retryAfter == 0 ? OptionalInt.empty() : OptionalInt.of(retryAfter);
    }
}
