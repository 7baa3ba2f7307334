package io.rankstream.job.config.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublishSettingsTest {

    @Test
    void theFirstVersionsComeEarlyAndTheirDistanceDoublesUpToALimit() {
        assertThat(versions(new PublishSettings("any", 8, 100), 400))
                .containsExactly(8L, 16L, 32L, 64L, 128L, 228L, 328L);
    }

    @Test
    void equalDistancesAreKeptFromTheFirstOn() {
        assertThat(versions(new PublishSettings("any", 100), 400))
                .containsExactly(100L, 200L, 300L, 400L);
    }

    @Test
    void aFirstVersionLaterThanTheDistanceComesAtTheDistance() {
        assertThat(versions(new PublishSettings("any", 50, 20), 80))
                .containsExactly(20L, 40L, 60L, 80L);
    }

    private static List<Long> versions(PublishSettings settings, long steps) {
        List<Long> versions = new ArrayList<>();
        long published = 0;
        for (long step = 1; step <= steps; step++) {
            if (settings.isDue(step, published)) {
                versions.add(step);
                published = step;
            }
        }
        return versions;
    }
}
