package io.rankstream.ops.run.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.ops.http.RawRequest;
import io.rankstream.ops.run.JobStartException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalClusterTest {

    @Test
    void servesMetricsAtAFreePortOfThisMachineAlone() throws Exception {
        try (LocalCluster cluster = new LocalCluster(OptionalInt.of(0))) {
            URI page = cluster.metricsPage().orElseThrow();

            assertThat(page.getHost()).isEqualTo("127.0.0.1");
            assertThat(page.getPort()).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET /metrics, Host: localhost, 200",
        "HEAD /, Host: 127.0.0.1:9249, 200",
        "GET /metrics, Host: evil.example, 421",
        "POST /metrics, Host: localhost, 405",
        "GET /etc, Host: localhost, 404"
    })
    void metricsAreReadUnderTheNamesOfThisMachineAlone(String request, String host, String status)
            throws Exception {
        try (LocalCluster cluster = new LocalCluster(OptionalInt.of(0))) {
            URI page = cluster.metricsPage().orElseThrow();

            assertThat(RawRequest.answer(page, request + " HTTP/1.1", host))
                    .startsWith("HTTP/1.1 " + status);
        }
    }

    @Test
    void servesNoMetricsWithoutAPort() throws Exception {
        try (LocalCluster cluster = new LocalCluster(OptionalInt.empty())) {
            assertThat(cluster.metricsPage()).isEmpty();
        }
    }

    @Test
    void saysWhichPortIsTakenAndWhatToDo() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();

            assertThatThrownBy(() -> new LocalCluster(OptionalInt.of(port)))
                    .isInstanceOfSatisfying(
                            JobStartException.class,
                            failure -> assertThat(failure.isOfEnvironment()).isTrue())
                    .hasMessageMatching(
                            "metrics cannot be served at port %d of this machine \\(.+\\): .*metrics\\.prometheus-port.*"
                                    .formatted(port));
        }
    }
}
