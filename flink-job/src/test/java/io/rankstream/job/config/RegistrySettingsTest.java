package io.rankstream.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
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

    @Test
    void takeThePasswordOutOfAMessageThatRepeatsTheUrl() {
        assertThat(at("https://me:geheim@host/x").withoutSecrets("no https://me:geheim@host/x/y"))
                .isEqualTo("no https://host/x/y");
    }

    private static RegistrySettings at(String url) {
        return new RegistrySettings(
                url, Map.of(), Duration.ofSeconds(1), Duration.ofSeconds(1), true);
    }
}
