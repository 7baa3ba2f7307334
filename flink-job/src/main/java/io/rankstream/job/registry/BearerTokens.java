package io.rankstream.job.registry;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Gives the token that a request carries. */
@FunctionalInterface
interface BearerTokens extends AutoCloseable {

    /** Today's token. */
    String next() throws IOException;

    @Override
    default void close() {}

    /**
     * A token and when it ends.
     *
     * @param end end of its life
     */
    record Token(String value, Instant end) {}

    /** Where a token comes from. */
    @FunctionalInterface
    interface Source extends AutoCloseable {
        Token ask() throws IOException;

        @Override
        default void close() {}
    }

    /** Keeps each token until shortly before its end. */
    static BearerTokens kept(Source source, ClientOptions options, InstantSource clock) {
        Duration buffer =
                Duration.ofSeconds(
                        options.get("bearer.auth.cache.expiry.buffer.seconds")
                                .map(Long::parseLong)
                                .orElse(300L));
        return new BearerTokens() {

            private Token token;

            @Override
            public synchronized String next() throws IOException {
                if (token == null || isOver(token)) {
                    token = source.ask();
                }
                return token.value();
            }

            private boolean isOver(Token kept) {
                return Duration.between(clock.instant(), kept.end()).compareTo(buffer) <= 0;
            }

            @Override
            public void close() {
                source.close();
            }
        };
    }
}
