package io.rankstream.ops.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.rankstream.job.metrics.FlinkMetric;
import io.rankstream.job.metrics.JobMetric;
import io.rankstream.job.metrics.PrometheusOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dashboards and alerts against the catalogue of metrics and the page of their runbooks. */
class MonitoringTest {

    private static final Path FOLDER = Path.of("monitoring");
    private static final Path RULES = FOLDER.resolve("prometheus/rankstream.yml");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private static final Pattern METRIC = Pattern.compile("flink_[a-zA-Z0-9_]+");
    private static final Pattern RECORDED = Pattern.compile("rankstream:[a-zA-Z0-9_:]+");

    static List<Path> dashboards() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER.resolve("grafana"))) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        }
    }

    @Test
    void thereAreFourDashboards() throws IOException {
        assertThat(dashboards()).hasSize(4);
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyMetricOfADashboardIsInTheCatalogue(Path dashboard) throws IOException {
        List<String> queries = queries(JSON.readTree(dashboard.toFile()));

        assertThat(queries).isNotEmpty();
        assertThat(names(METRIC, queries)).isSubsetOf(catalogue());
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void aDashboardIsFoundByItsUidAndAsksTheSourceThatIsChosen(Path dashboard) throws IOException {
        JsonNode json = JSON.readTree(dashboard.toFile());

        assertThat(dashboard).hasFileName(json.get("uid").asText() + ".json");
        assertThat(json.at("/templating/list/0/type").asText()).isEqualTo("datasource");
        assertThat(json.at("/templating/list/0/name").asText()).isEqualTo("datasource");
        assertThat(json.findValues("datasource"))
                .filteredOn(JsonNode::isObject)
                .isNotEmpty()
                .allSatisfy(
                        source ->
                                assertThat(source.get("uid").asText()).isEqualTo("${datasource}"));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyPanelHasATitleAUnitAndAPlaceOfItsOwn(Path dashboard) throws IOException {
        List<JsonNode> panels = children(JSON.readTree(dashboard.toFile()).get("panels"));

        assertThat(panels)
                .allSatisfy(
                        panel -> {
                            assertThat(panel.get("title").asText()).isNotBlank();
                            assertThat(panel.at("/fieldConfig/defaults/unit").asText())
                                    .isNotBlank();
                        });
        assertThat(panels).extracting(panel -> panel.get("id").asInt()).doesNotHaveDuplicates();
        assertThat(panels)
                .extracting(panel -> panel.at("/gridPos/x").asInt() + "," + panel.at("/gridPos/y"))
                .doesNotHaveDuplicates();
    }

    @Test
    void everyMetricOfARuleIsInTheCatalogue() throws IOException {
        assertThat(names(METRIC, rules("record").stream().map(MonitoringTest::query).toList()))
                .isNotEmpty()
                .isSubsetOf(catalogue());
    }

    @Test
    void alertsCompareWhatIsRecordedAndNothingElse() throws IOException {
        List<String> queries = rules("alert").stream().map(MonitoringTest::query).toList();

        assertThat(names(METRIC, queries)).isEmpty();
        assertThat(names(RECORDED, queries))
                .hasSameElementsAs(
                        rules("record").stream().map(rule -> rule.get("record").asText()).toList());
    }

    @Test
    void everyAlertHasARunbook() throws IOException {
        List<String> anchors =
                Files.readAllLines(Path.of("..", "docs", "operations.md")).stream()
                        .filter(line -> line.startsWith("#"))
                        .map(MonitoringTest::anchor)
                        .toList();

        assertThat(rules("alert"))
                .extracting(rule -> rule.at("/annotations/runbook_url").asText())
                .isSubsetOf(anchors.stream().map("docs/operations.md#"::concat).toList());
    }

    /** promtool runs these tests; here it is seen that none is missing. */
    @Test
    void everyAlertIsTestedFiringAndNotFiring() throws IOException {
        List<String> firing = new ArrayList<>();
        List<String> quiet = new ArrayList<>();
        for (JsonNode test : children(yaml(FOLDER.resolve("test/alerts.yml")).get("tests"))) {
            for (JsonNode trial : children(test.get("alert_rule_test"))) {
                (trial.has("exp_alerts") ? firing : quiet).add(trial.get("alertname").asText());
                // Of several jobs or adapters, those that are not expected must not be told.
                if (trial.has("exp_alerts") && series(test) > trial.get("exp_alerts").size()) {
                    quiet.add(trial.get("alertname").asText());
                }
            }
        }

        List<String> alerts =
                rules("alert").stream().map(rule -> rule.get("alert").asText()).toList();
        assertThat(firing).containsAll(alerts);
        assertThat(quiet).containsAll(alerts);
    }

    /** Otherwise the names and labels of a cluster were not those that dashboards ask for. */
    @ParameterizedTest
    @ValueSource(strings = {"docker/flink/config.yaml", "ops/kubernetes/base/flinkdeployment.yaml"})
    void aClusterSetsFlinksReporterAsRunDoes(String file) throws IOException {
        JsonNode yaml = yaml(Path.of("..").resolve(file));
        JsonNode flink = yaml.at("/spec/flinkConfiguration");
        JsonNode options = flink.isMissingNode() ? yaml : flink;

        assertThat(PrometheusOptions.OF_REPORTER)
                .allSatisfy(
                        (option, value) ->
                                assertThat(options.path("metrics.reporter.prom." + option).asText())
                                        .isEqualTo(value));
    }

    private static long series(JsonNode test) {
        return children(test.get("input_series")).stream()
                .map(series -> series.get("series").asText().replaceFirst("^[^{]*", ""))
                .map(labels -> labels.replaceFirst("reason=\"[^\"]*\"", ""))
                .distinct()
                .count();
    }

    private static List<String> catalogue() {
        return Stream.concat(
                        JobMetric.all().stream().map(JobMetric::prometheusName),
                        Stream.of(FlinkMetric.values()).map(FlinkMetric::prometheusName))
                .toList();
    }

    private static List<String> queries(JsonNode dashboard) {
        List<String> queries = new ArrayList<>(dashboard.findValuesAsText("expr"));
        queries.addAll(dashboard.findValuesAsText("definition"));
        return queries;
    }

    private static List<JsonNode> rules(String kind) throws IOException {
        return children(yaml(RULES).at("/groups/0/rules")).stream()
                .filter(rule -> rule.has(kind))
                .toList();
    }

    private static String query(JsonNode rule) {
        return rule.get("expr").asText();
    }

    private static JsonNode yaml(Path file) throws IOException {
        return YAML.readTree(file.toFile());
    }

    private static List<JsonNode> children(JsonNode array) {
        List<JsonNode> children = new ArrayList<>();
        array.forEach(children::add);
        return children;
    }

    private static List<String> names(Pattern pattern, List<String> texts) {
        return texts.stream()
                .flatMap(text -> pattern.matcher(text).results())
                .map(MatchResult::group)
                .distinct()
                .toList();
    }

    private static String anchor(String heading) {
        return heading.replaceFirst("#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9 -]", "")
                .replace(' ', '-');
    }
}
