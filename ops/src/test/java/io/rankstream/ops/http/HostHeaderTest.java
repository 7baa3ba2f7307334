package io.rankstream.ops.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostHeaderTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST",
                "LocalHost:8080",
                "localhost.",
                "localhost.:8080",
                "localhost:",
                "127.0.0.1",
                "127.0.0.1:80",
                "127.1.2.3:65535",
                "[::1]",
                "[::1]:8080",
                "[0:0:0:0:0:0:0:1]:8080",
                "[::ffff:127.0.0.1]"
            })
    void thisMachineHasManyNames(String host) {
        assertThat(HostHeader.of(host).orElseThrow().isThisMachine()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:80",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "127.0.0.1evil",
                "1.127.0.0.1",
                "128.0.0.1",
                "127.0.0.256",
                "0.0.0.0",
                "192.168.0.1:80",
                "[::2]",
                "[::]",
                "xlocalhost",
                "localhostx",
                "localhost-1"
            })
    void aForeignNameIsNotThisMachine(String host) {
        assertThat(HostHeader.of(host).orElseThrow().isThisMachine()).isFalse();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                ":80",
                "localhost:80:80",
                "localhost:http",
                "localhost:123456",
                "evil@localhost",
                "localhost/",
                "localhost,evil.example",
                "local host",
                "localhost..",
                "::1",
                "[::1",
                "[::1]x",
                "[localhost]",
                "[]"
            })
    void whatIsNoHostNamesNone(String host) {
        assertThat(HostHeader.of(host == null ? null : List.of(host))).isEmpty();
    }

    @Test
    void whoSaysTwoHostsNamesNone() {
        assertThat(HostHeader.of(List.of("localhost", "localhost"))).isEmpty();
    }

    @Property
    void addressesOfTheLoopbackAloneAreThisMachine(
            @ForAll @IntRange(max = 255) int first,
            @ForAll @IntRange(max = 255) int last,
            @ForAll @IntRange(max = 65535) int port) {
        HostHeader host = HostHeader.of("%d.0.0.%d:%d".formatted(first, last, port)).orElseThrow();

        assertThat(host.isAddress()).isTrue();
        assertThat(host.isThisMachine()).isEqualTo(first == 127);
    }

    @Property
    void noTextHarms(@ForAll String host) {
        HostHeader.of(host).ifPresent(it -> assertThat(it.name()).isNotBlank());
    }
}
