package io.rankstream.ops.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LocalClusterTest {

    @Test
    void servesMetricsAtAFreePortOfThisMachineAlone() throws Exception {
        try (LocalCluster cluster = new LocalCluster(OptionalInt.of(0))) {
            URI page = cluster.metricsPage().orElseThrow();

            assertThat(page.getHost()).isEqualTo("127.0.0.1");
            assertThat(page.getPort()).isPositive();
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
