package io.rankstream.job.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class RecentMeanTest {

    @Test
    void isNoNumberBeforeTheFirstValue() {
        assertThat(new RecentMean(3).mean()).isNaN();
    }

    @Property
    void isTheMeanOfTheNewestValues(
            @ForAll @IntRange(min = 1, max = 9) int newest,
            @ForAll @NotEmpty List<@DoubleRange(min = -9, max = 9) Double> values) {
        RecentMean recent = new RecentMean(newest);

        values.forEach(recent::add);

        double expected =
                values.subList(Math.max(0, values.size() - newest), values.size()).stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElseThrow();
        assertThat(recent.mean()).isCloseTo(expected, within(1e-9));
    }
}
