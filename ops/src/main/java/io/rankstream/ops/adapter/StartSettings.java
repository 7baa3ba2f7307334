package io.rankstream.ops.adapter;

import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.TargetModule;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.task.classification.Classification;
import io.rankstream.job.config.option.YamlText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Settings with which a job trains an adapter on. */
public final class StartSettings {

    private StartSettings() {}

    /**
     * The adapter's group of a configuration file, as YAML to copy.
     *
     * @param model sizes of its base model
     * @param snapshot where the adapter was written
     */
    public static String of(AdapterState state, Architecture model, Path snapshot) {
        return """
                To train it on, the job's configuration needs:
                adapters:
                  %s:
                    start-from: %s
                %s    pooling: %s
                    target-modules: %s
                    init-rank: %d
                    alpha: %s
                """
                .formatted(
                        YamlText.of(state.meta().adapterId()),
                        YamlText.of(snapshot.toAbsolutePath().normalize().toString()),
                        ofHead(state.head()),
                        state.head().pooling().name().toLowerCase(Locale.ROOT),
                        YamlText.of(
                                TargetModule.meaning(model, state.triplets().layout().modules())),
                        state.triplets().layout().rank(),
                        state.triplets().alpha());
    }

    /** What differs from a classification by one layer, and the labels. */
    private static String ofHead(HeadState head) {
        Task<?> task = head.task();
        List<String> lines = new ArrayList<>();
        if (!task.isSameBesideSettings(new Classification())) {
            lines.add("task: " + task.id());
        }
        new TreeMap<>(task.settings()).forEach((name, value) -> lines.add(name + ": " + value));
        if (task.hasLabels()) {
            lines.add("labels: " + YamlText.of(head.labels().active()));
        }
        if (head.form() == HeadForm.OWN) {
            lines.add("head: own");
        }
        return lines.stream().map(line -> "    " + line + "\n").collect(Collectors.joining());
    }
}
