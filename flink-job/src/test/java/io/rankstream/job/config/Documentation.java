package io.rankstream.job.config;

import io.rankstream.job.config.option.Setting;
import io.rankstream.job.config.passthrough.FlinkDefaults;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The page of the documentation that lists every option, written from the options themselves. */
final class Documentation {

    private static final Map<String, String> SECTIONS =
            Map.ofEntries(
                    Map.entry("console", "Console"),
                    Map.entry("kafka", "Kafka"),
                    Map.entry("topics", "Topics"),
                    Map.entry("input", "Labeled examples"),
                    Map.entry("registry", "Schema registry"),
                    Map.entry("model", "Base model"),
                    Map.entry("batch", "Micro-batches"),
                    Map.entry("train", "Training operator"),
                    Map.entry("fleet", "Fleet"),
                    Map.entry("loop", "Labeling loop"),
                    Map.entry("publish", "Published adapters"),
                    Map.entry("metrics", "Metrics"),
                    Map.entry("serve", "Serving"));

    private Documentation() {}

    /** The repository's documentation; tests run in the folder of their module. */
    static Path folder() {
        return Path.of("..", "docs");
    }

    static String page() {
        return INTRODUCTION + jobSections() + adapterSection() + flinkSection();
    }

    private static final String INTRODUCTION =
            """
            # Configuration

            <!-- Written from RankstreamOptions by ConfigurationPageTest, which says how: do not edit. -->

            One YAML file configures a job; [rankstream.yaml](rankstream.yaml) is an example to start from.

            - Keys may be nested (`kafka:` with `group-id: x` below it) or dotted (`kafka.group-id: x`). A key given twice is an error, as is one that is unknown.
            - Durations and sizes carry their unit: `500 ms`, `10 s`, `2 min`, `512 mb`, `2 gb`.
            - `${env:NAME}` in a value stands for the environment variable `NAME`, so that no secret has to stand in the file. Within `[…]` such a value needs quotes.
            - All errors are reported at once, each with its line. Secrets are never printed.
            - A job needs five things: `kafka.bootstrap-servers`, `registry.url`, `publish.directory`, `flink.execution.checkpointing.dir`, and labels, in `training.labels` or for each adapter. Everything else may be left out.
            """;

    private static String jobSections() {
        StringBuilder text = new StringBuilder();
        String section = "";
        for (Setting<?> setting : RankstreamOptions.JOB) {
            String next = setting.key().substring(0, setting.key().indexOf('.'));
            if (!next.equals(section)) {
                text.append(properties(section)).append(heading(SECTIONS.get(next)));
                section = next;
            }
            text.append(row(setting));
        }
        return text.append(properties(section)).toString();
    }

    private static String properties(String section) {
        return switch (section) {
            case "kafka" ->
                    row(
                            "kafka.properties.*",
                            "any value",
                            "",
                            "Options for every Kafka client, such as those of security, as they"
                                    + " are.");
            case "registry" ->
                    row(
                            "registry.properties.*",
                            "any value",
                            "",
                            "Options for the registry's client, such as those of authentication,"
                                    + " as they are.");
            default -> "";
        };
    }

    private static String adapterSection() {
        return """

                ## Adapters

                Keys under `training` make the template of every adapter. Each of them can be given for one adapter too, under `adapters` and its id: `adapters.<id>.labels`, `adapters.<id>.init-rank` and so on. The id is one key of the file, since it may have dots. With `training.labels`, an adapter that is not listed starts from the template with its first example; without them, only the listed ones are admitted.
                """
                + table(RankstreamOptions.ADAPTER, Documentation::row);
    }

    private static String flinkSection() {
        return """

                ## Flink

                Keys under `flink` are [options of Flink](https://nightlies.apache.org/flink/flink-docs-release-2.2/docs/deployment/config/), handed on as they are. State is too large for Flink's default place of checkpoints, the JobManager's memory: set `flink.execution.checkpointing.dir`. These have a default of Rankstream's:

                | Key | Default | Why |
                |---|---|---|
                """
                + FlinkDefaults.ALL.stream()
                        .map(
                                each ->
                                        "| `flink.%s` | `%s` | %s |\n"
                                                .formatted(
                                                        each.option().key(),
                                                        each.shown(),
                                                        each.reason()))
                        .collect(Collectors.joining());
    }

    private static <T> String table(List<T> rows, Function<T, String> row) {
        return TABLE + rows.stream().map(row).collect(Collectors.joining());
    }

    private static final String TABLE =
            "\n| Key | Value | Default | Meaning |\n|---|---|---|---|\n";

    private static String heading(String title) {
        return "\n## " + title + "\n" + TABLE;
    }

    private static String row(Setting<?> setting) {
        return row(
                setting.key(),
                setting.type().expected(),
                setting.required() ? "required" : code(setting.shownDefault()),
                setting.description());
    }

    private static String row(String key, String value, String shownDefault, String meaning) {
        return "| `%s` | %s | %s | %s |\n".formatted(key, value, shownDefault, meaning);
    }

    private static String code(String text) {
        return text.isEmpty() ? "" : "`" + text + "`";
    }
}
