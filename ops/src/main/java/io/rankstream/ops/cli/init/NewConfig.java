package io.rankstream.ops.cli.init;

import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.task.Task;
import io.rankstream.job.topic.Topic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration file of a new job, with topics, transactional ids and folders of its own.
 *
 * @param name name of the job: consumer group, and what its topics and folder begin with
 * @param bootstrapServers the broker
 * @param registryUrl the schema registry
 * @param task what every adapter learns
 * @param labels labels of every adapter; none of a task without labels
 * @param adapters the only adapters that are admitted; empty admits any
 * @param folder absolute folder for adapters and checkpoints
 */
record NewConfig(
        String name,
        String bootstrapServers,
        String registryUrl,
        Task<?> task,
        List<String> labels,
        List<String> adapters,
        Path folder) {

    /** Text of the file. */
    String yaml() {
        return """
               # A job of Rankstream, written by 'rankstream init'. docs/configuration.md has every option;
               # 'rankstream config --config FILE' shows what is in force.

               kafka.bootstrap-servers: %1$s
               # Consumer group and beginning of transactional ids. No other job may have the same.
               kafka.group-id: %2$s
               registry.url: %3$s

               # What the names of its topics begin with: examples come from %4$s.
               topics.prefix: %8$s

               # Versions of adapters, and checkpoints to go on from. Each is state: do not share it.
               publish.directory: %5$s
               flink.execution.checkpointing.dir: %6$s

               %7$s"""
                .formatted(
                        quoted(bootstrapServers),
                        quoted(name),
                        quoted(registryUrl),
                        name + "-" + Topic.LABELED_EXAMPLES,
                        quoted(folder.resolve("adapters").toString()),
                        quoted(folder.resolve("checkpoints").toUri().toString()),
                        admission(),
                        quoted(name + "-"));
    }

    private String admission() {
        if (adapters.isEmpty()) {
            return "# An adapter begins with its first example, whatever its id.\n"
                    + taught().stream()
                            .map("training.%s\n"::formatted)
                            .collect(Collectors.joining());
        }
        String each = String.join(", ", taught());
        return adapters.stream()
                .map(adapter -> "  %s: {%s}\n".formatted(quoted(adapter), each))
                .collect(
                        Collectors.joining(
                                "",
                                "# Examples of any other adapter are refused.\nadapters:\n",
                                ""));
    }

    /** What an adapter learns, as options and their values; the usual task goes without saying. */
    private List<String> taught() {
        List<String> options = new ArrayList<>();
        if (!task.equals(TrainingTemplate.DEFAULTS.head().task())) {
            options.add("task: " + task.id());
        }
        if (!labels.isEmpty()) {
            options.add(
                    labels.stream()
                            .map(NewConfig::quoted)
                            .collect(Collectors.joining(", ", "labels: [", "]")));
        }
        task.settings().forEach((name, value) -> options.add("%s: %s".formatted(name, value)));
        return options;
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
