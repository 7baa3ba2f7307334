package io.rankstream.job.config.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistrySettingsTest {

    @ParameterizedTest
    @CsvSource({
        "http://host:1/x, http://host:1/x,",
        "https://me:geheim@host:1/x, https://host:1/x, me:geheim",
        "https://me:ge@he@my_host/x?y, https://my_host/x?y, me:ge@he",
        "https://me:a%2Fb%40+@host, https://host, me:a/b@+",
    })
    void tellUserAndPasswordOfTheUrlFromTheAddress(String url, String address, String userInfo) {
        RegistrySettings settings = at(url);

        assertThat(settings.address()).isEqualTo(address);
        assertThat(settings.userInfo().orElse(null)).isEqualTo(userInfo);
    }

    @ParameterizedTest
    @CsvSource({
        "http://host:1, http://host:1",
        "https://host/apis/ccompat/v7, https://host/apis/ccompat/v7",
        "https://me:geheim@host/apis/ccompat/v7, https://host/apis/ccompat/v7",
        "https://geheim@host, https://host",
        "https://me:ge@geheim@my_host:1/, https://my_host:1/",
        "https://host:1/geheim/apis/ccompat/v7, https://host:1/******",
        "https://host/apis/geheim/ccompat/v7, https://host/******",
        "https://host/apis/ccompat/v7/geheim, https://host/******",
        "https://host?token=geheim, https://host/******",
        "https://host/apis/ccompat/v7?apikey=geheim, https://host/******",
        "https://me:x@host/geheim-a?geheim-b#geheim-c, https://host/******",
        "https://host/%67eheim, https://host/******",
    })
    void showNothingThatMayBeAToken(String url, String shown) {
        RegistrySettings settings = at(url);

        assertThat(settings.shown()).isEqualTo(shown);
        assertThat(settings.toString()).doesNotContain("geheim");
        String repeated = "no " + url + "/y, " + settings.address() + ", " + secretsOf(url);
        assertThat(settings.withoutSecrets(repeated)).startsWith("no ").doesNotContain("geheim");
    }

    /** What a client may repeat of a URL on its own: its parts, and decoded. */
    private static String secretsOf(String url) {
        URI uri = URI.create(url);
        boolean secretPath = !uri.getRawPath().matches("/?|/apis/ccompat/v7");
        return "%s %s %s"
                .formatted(uri.getUserInfo(), uri.getQuery(), secretPath ? uri.getPath() : "");
    }

    private static RegistrySettings at(String url) {
        return new RegistrySettings(
                url, Map.of(), Duration.ofSeconds(1), Duration.ofSeconds(1), true);
    }
}
