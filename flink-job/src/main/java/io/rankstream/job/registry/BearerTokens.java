package io.rankstream.job.registry;

import java.io.IOException;
import java.time.Duration;

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
     * @param expiresMillis end of its life, in milliseconds since 1970
     */
    record Token(String value, long expiresMillis) {}

    /** Where a token comes from. */
    @FunctionalInterface
    interface Source extends AutoCloseable {
        Token ask() throws IOException;

        @Override
        default void close() {}
    }

    /** Keeps each token until shortly before its end. */
    static BearerTokens kept(Source source, ClientOptions options) {
        Duration buffer =
                Duration.ofSeconds(
                        options.get("bearer.auth.cache.expiry.buffer.seconds")
                                .map(Long::parseLong)
                                .orElse(300L));
        return new BearerTokens() {

            private Token token;

            @Override
            public synchronized String next() throws IOException {
                long soon = System.currentTimeMillis() + buffer.toMillis();
                if (token == null || token.expiresMillis() <= soon) {
                    token = source.ask();
                }
                return token.value();
            }

            @Override
            public void close() {
                source.close();
            }
        };
    }
}
