package io.rankstream.ops.labelstudio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DoorbellTest {

    private final HttpClient http = HttpClient.newHttpClient();
    private Doorbell bell;

    @BeforeEach
    void open() throws Exception {
        bell = Doorbell.open(0);
    }

    @AfterEach
    void close() {
        bell.close();
    }

    @Test
    void aRingIsHeardOnce() throws Exception {
        assertThat(post(bell.path(7), "{\"action\": \"ANNOTATION_CREATED\"}")).isEqualTo(204);

        assertThat(bell.rung()).containsExactly(7L);
        assertThat(bell.rung()).isEmpty();
    }

    @Test
    void whatIsPostedIsNotRead() throws Exception {
        assertThat(post(bell.path(7), "{".repeat(60_000))).isEqualTo(204);
        assertThat(post(bell.path(8), "")).isEqualTo(204);

        assertThat(bell.rung()).containsExactlyInAnyOrder(7L, 8L);
    }

    @Test
    void aRingWithoutTheSecretIsNotHeard() throws Exception {
        assertThat(post("/", "{}")).isEqualTo(404);
        assertThat(post(Doorbell.PATH + "0123/7", "{}")).isEqualTo(404);
        assertThat(post(bell.path(7) + "x", "{}")).isEqualTo(404);

        assertThat(bell.rung()).isEmpty();
    }

    @Test
    void eachHasASecretOfItsOwnAndThisMachineAlone() throws Exception {
        try (Doorbell other = Doorbell.open(0)) {
            assertThat(other.path(7)).isNotEqualTo(bell.path(7));
        }
        assertThat(bell.address().getHost()).isEqualTo("127.0.0.1");
    }

    @Test
    void aPortThatIsTakenIsSaid() {
        assertThatThrownBy(() -> Doorbell.open(bell.address().getPort()))
                .isInstanceOf(BridgeException.class)
                .hasMessageContaining("--webhook-port");
    }

    private int post(String path, String body) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(bell.address() + path))
                        .POST(BodyPublishers.ofString(body))
                        .build();
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }
}
