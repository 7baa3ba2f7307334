package io.rankstream.job.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MetricsPageTest {

    private static final Path FILE = Path.of("..", "docs", "metrics.md");

    @Test
    void listsTheMetricsAsTheyAre() throws IOException {
        if (Boolean.getBoolean("rankstream.docs.update")) {
            Files.writeString(FILE, MetricsPage.text());
        }

        assertThat(FILE)
                .as(
                        "the metrics have changed: write the page anew with mvn -pl flink-job -am"
                                + " test -Dtest=MetricsPageTest"
                                + " -Dsurefire.failIfNoSpecifiedTests=false"
                                + " -Drankstream.docs.update=true")
                .hasContent(MetricsPage.text());
    }

    @Test
    void explainsEveryMetric() {
        assertThat(JobMetric.all())
                .allSatisfy(
                        metric -> {
                            assertThat(metric.meaning()).endsWith(".");
                            assertThat(metric.unit()).isNotBlank();
                        });
        assertThat(FlinkMetric.values())
                .allSatisfy(metric -> assertThat(metric.meaning()).endsWith("."));
    }

    @Test
    void noTwoMetricsHaveOneName() {
        assertThat(
                        Stream.concat(
                                JobMetric.all().stream().map(JobMetric::prometheusName),
                                Stream.of(FlinkMetric.values()).map(FlinkMetric::prometheusName)))
                .doesNotHaveDuplicates();
    }
}
