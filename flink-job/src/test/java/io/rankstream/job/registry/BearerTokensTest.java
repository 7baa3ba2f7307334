package io.rankstream.job.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class BearerTokensTest {

    private Instant now = Instant.parse("2026-05-04T10:00:00Z");
    private int asked;

    @Property
    void aTokenIsKeptUntilItsEndIsAsNearAsTheBuffer(
            @ForAll @LongRange(min = 1, max = 1L << 40) long kept,
            @ForAll @LongRange(min = 0, max = 1L << 40) long buffer)
            throws IOException {
        asked = 0;
        Instant begun = now;
        BearerTokens tokens = tokens(kept + buffer, buffer);

        assertThat(tokens.next()).isEqualTo("t1");
        now = begun.plusSeconds(kept).minusMillis(1);
        assertThat(tokens.next()).isEqualTo("t1");
        now = begun.plusSeconds(kept);
        assertThat(tokens.next()).isEqualTo("t2");
        now = begun;
    }

    @Property
    void aTokenThatEndsWithinTheBufferIsAskedForEachTime(
            @ForAll @LongRange(min = -1, max = 1L << 40) long life,
            @ForAll @LongRange(min = 0, max = 1L << 40) long more)
            throws IOException {
        asked = 0;
        BearerTokens tokens = tokens(life, Math.max(0, life) + more);

        assertThat(tokens.next()).isEqualTo("t1");
        assertThat(tokens.next()).isEqualTo("t2");
    }

    @Property
    void aTokenWithoutAnEndIsAskedForOnce(@ForAll @LongRange(min = 0, max = 1L << 40) long seconds)
            throws IOException {
        asked = 0;
        Instant begun = now;
        BearerTokens tokens =
                BearerTokens.kept(
                        () -> token(Instant.ofEpochMilli(Long.MAX_VALUE)), options(300), () -> now);

        tokens.next();
        now = begun.plusSeconds(seconds);
        tokens.next();
        now = begun;

        assertThat(asked).isEqualTo(1);
    }

    private BearerTokens tokens(long life, long buffer) {
        return BearerTokens.kept(
                () -> token(now.plus(Duration.ofSeconds(life))), options(buffer), () -> now);
    }

    private BearerTokens.Token token(Instant end) {
        return new BearerTokens.Token("t" + ++asked, end);
    }

    private static ClientOptions options(long buffer) {
        return ClientOptions.of(
                Map.of("bearer.auth.cache.expiry.buffer.seconds", Long.toString(buffer)));
    }
}
