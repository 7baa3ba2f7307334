package io.rankstream.job.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.flink.metrics.Counter;
import org.junit.jupiter.api.Test;

class PerAdapterTest {

    private final RegisteredMetrics metrics = new RegisteredMetrics();
    private final List<String> gone = new ArrayList<>();
    private long now = 1_000;

    @Test
    void adaptersUpToTheLimitHaveMetricsOfTheirOwn() {
        PerAdapter<Counter> places = places(2);

        assertThat(places.of("a")).isPresent();
        assertThat(places.of("b")).isPresent();
        assertThat(places.of("c")).isEmpty();
        assertThat(places.of("a")).isPresent();

        assertThat(metrics.labels(JobMetric.ADAPTER_STEPS)).containsExactly("a", "b");
    }

    @Test
    void idsThatDifferInASignAreTwoAdapters() {
        PerAdapter<Counter> places = places(9);

        List.of("acme.eu", "acme-eu", "acme_eu").forEach(id -> places.of(id).orElseThrow().inc());

        assertThat(metrics.labels(JobMetric.ADAPTER_STEPS))
                .containsExactly("acme-eu", "acme.eu", "acme_eu");
        assertThat(metrics.value(JobMetric.ADAPTER_STEPS, "acme.eu")).isEqualTo(1);
    }

    @Test
    void whoIsHeardOfKeepsItsPlaceAndWhoWasQuietLosesItToANewcomer() {
        PerAdapter<Counter> places = places(2);
        places.of("a");
        places.of("b");

        now += PerAdapter.QUIET.toMillis() - 1;
        places.of("a");
        assertThat(places.of("c")).isEmpty();
        now += 1;
        assertThat(places.of("c")).isPresent();

        assertThat(metrics.labels(JobMetric.ADAPTER_STEPS)).containsExactly("a", "c");
        assertThat(gone).containsExactly("b");
    }

    @Test
    void anAdapterThatComesBackCountsFromZero() {
        PerAdapter<Counter> places = places(1);
        places.of("a").orElseThrow().inc();
        now += PerAdapter.QUIET.toMillis();
        places.of("b");
        now += PerAdapter.QUIET.toMillis();

        places.of("a").orElseThrow().inc();

        assertThat(metrics.labels(JobMetric.ADAPTER_STEPS)).containsExactly("a");
        assertThat(metrics.value(JobMetric.ADAPTER_STEPS, "a")).isEqualTo(1);
    }

    @Test
    void withoutAnyPlaceEveryAdapterIsOneOfTheOthers() {
        assertThat(places(0).of("a")).isEmpty();
    }

    @Property
    void thereAreNeverMoreThanTheLimit(
            @ForAll @IntRange(max = 5) int most,
            @ForAll @Size(max = 200) List<@IntRange(max = 1_000) Integer> heardOf) {
        RegisteredMetrics ofTry = new RegisteredMetrics();
        PerAdapter<Counter> places = places(ofTry, most);

        for (int adapter : heardOf) {
            now += adapter % 7 == 0 ? PerAdapter.QUIET.toMillis() : 1;
            places.of("adapter-" + adapter);
            assertThat(ofTry.labels(JobMetric.ADAPTER_STEPS)).hasSizeLessThanOrEqualTo(most);
        }
    }

    @Test
    void aThousandAdaptersTakeNoMoreSeriesThanTheLimit() {
        PerAdapter<Counter> places = places(100);

        IntStream.range(0, 3_000).forEach(i -> places.of("adapter-" + i % 1_000));

        assertThat(metrics.labels(JobMetric.ADAPTER_STEPS)).hasSize(100);
    }

    private PerAdapter<Counter> places(int most) {
        return places(metrics, most);
    }

    private PerAdapter<Counter> places(RegisteredMetrics registered, int most) {
        return new PerAdapter<>(
                registered.operator(),
                most,
                () -> now,
                JobMetric.ADAPTER_STEPS::counter,
                (adapterId, counter) -> gone.add(adapterId));
    }
}
