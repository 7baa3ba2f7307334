package io.rankstream.ops.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {

    private static final String TOKEN = "0123456789abcdef";
    private static final Access GUARDED = new Access(Optional.of(TOKEN));
    private static final Access OPEN = new Access(Optional.empty());

    private static Optional<Integer> status(Access access, String path, String authorization) {
        return access.refusal(path, authorization, List.of("127.0.0.1:8181")).map(Problem::status);
    }

    private static String basic(String credentials) {
        return "Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whoShowsTheTokenMayAsk() {
        assertThat(status(GUARDED, "/v1/adapters", "Bearer " + TOKEN)).isEmpty();
        assertThat(status(GUARDED, "/v1/adapters", "bearer " + TOKEN)).isEmpty();
        assertThat(status(GUARDED, "/v1/adapters", basic("anybody:" + TOKEN))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer 0123456789abcdeF",
                "Bearer ",
                "0123456789abcdef",
                "Basic !",
                "Digest x"
            })
    void whoShowsSomethingElseMayNot(String authorization) {
        assertThat(status(GUARDED, "/v1/adapters", authorization)).contains(401);
    }

    @Test
    void whoShowsNothingMayAskForHealthAlone() {
        assertThat(status(GUARDED, "/metrics", null)).contains(401);
        assertThat(status(GUARDED, "/healthz", null)).isEmpty();
        assertThat(status(GUARDED, "/readyz", null)).isEmpty();
    }

    @Test
    void withoutATokenOnlyNamesOfThisMachineAreAnswered() {
        assertThat(OPEN.refusal("/v1/adapters", null, List.of("localhost:8181"))).isEmpty();
        assertThat(
                        OPEN.refusal("/v1/adapters", null, List.of("rebound.example"))
                                .map(Problem::status))
                .contains(421);
        assertThat(OPEN.refusal("/v1/adapters", null, List.of()).map(Problem::status))
                .contains(421);
    }
}
