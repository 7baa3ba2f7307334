package io.rankstream.ops.run.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.shaded.netty4.io.netty.channel.embedded.EmbeddedChannel;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.DefaultFullHttpRequest;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.FullHttpRequest;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpMethod;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponse;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageGuardTest {

    private static final int LET_THROUGH = 200;

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8081, 200",
        "localhost:8081, 200",
        "LOCALHOST., 200",
        "[::1]:8081, 200",
        "evil.example, 421",
        "evil.example:8081, 421",
        "127.0.0.1.evil.example, 421",
        "192.168.0.1:8081, 421",
        ", 421"
    })
    void answersUnderTheNamesOfThisMachineAlone(String host, int status) {
        assertThat(status(loopback(), "GET", "/jobs", "Host", host)).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "flink.example:8081, 200",
        "FLINK.example, 200",
        "192.168.0.1:8081, 200",
        "[fd00::1]:8081, 200",
        "evil.example, 421",
        "flink.example.evil.example, 421"
    })
    void whoServesMoreThanThisMachineIsReachedByItsAddressAndItsConfiguredName(
            String host, int status) {
        Configuration flink = new Configuration();
        flink.set(RestOptions.BIND_ADDRESS, "0.0.0.0");
        flink.set(RestOptions.ADDRESS, "flink.example");

        assertThat(status(flink, "GET", "/jobs", "Host", host)).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /jobs, Origin, http://evil.example, 403",
        "POST, /jobs, Origin, null, 403",
        "POST, /jobs, Origin, http://127.0.0.1:9999, 403",
        "POST, /jobs, Origin, not a URI, 403",
        "POST, /jobs, Origin, http://127.0.0.1:8081, 200",
        "POST, /jobs, Sec-Fetch-Site, cross-site, 403",
        "POST, /jobs, Sec-Fetch-Site, same-site, 403",
        "POST, /jobs, Sec-Fetch-Site, same-origin, 200",
        "PATCH, /jobs/1, Sec-Fetch-Site, cross-site, 403",
        "DELETE, /cluster, Origin, http://evil.example, 403",
        "POST, /jobs/1/stop, User-Agent, Flink, 200",
        "GET, /jobs/1/yarn-cancel, Sec-Fetch-Site, cross-site, 403",
        "GET, /v1/jobs/1/yarn%2Dstop, Sec-Fetch-Site, cross-site, 403",
        "GET, /jobs/1/yarn-cancel, User-Agent, curl, 200",
        "GET, /, Sec-Fetch-Site, cross-site, 200",
        "GET, /jobs, Sec-Fetch-Site, same-site, 200",
        "OPTIONS, /jobs, Origin, http://evil.example, 200"
    })
    void noPageFromElsewhereChangesAnything(
            String method, String path, String header, String value, int status) {
        assertThat(status(loopback(), method, path, "Host", "127.0.0.1:8081", header, value))
                .isEqualTo(status);
    }

    @Test
    void leavesAClusterAloneThatDoesNotAskForIt() {
        assertThat(new PageGuardFactory().createHandler(new Configuration(), Map.of())).isEmpty();
    }

    private static Configuration loopback() {
        Configuration flink = new Configuration();
        flink.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        flink.set(RestOptions.ADDRESS, "localhost");
        return flink;
    }

    private static int status(Configuration flink, String method, String path, String... headers) {
        EmbeddedChannel channel = new EmbeddedChannel(new PageGuard(flink, Map.of()));
        FullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), path);
        for (int i = 0; i < headers.length; i += 2) {
            if (headers[i + 1] != null) {
                request.headers().add(headers[i], headers[i + 1]);
            }
        }
        channel.writeInbound(request);
        FullHttpRequest through = channel.readInbound();
        HttpResponse refusal = channel.readOutbound();
        assertThat(through == null).isNotEqualTo(refusal == null);
        return refusal == null ? LET_THROUGH : refusal.status().code();
    }
}
