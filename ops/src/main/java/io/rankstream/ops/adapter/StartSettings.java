package io.rankstream.ops.adapter;

import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.TargetModule;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.job.config.option.YamlText;
import java.nio.file.Path;
import java.util.Locale;

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
                    %s
                %s    pooling: %s
                    target-modules: %s
                    init-rank: %d
                    alpha: %s
                """
                .formatted(
                        YamlText.of(state.meta().adapterId()),
                        YamlText.of(snapshot.toAbsolutePath().normalize().toString()),
                        state.head().task().hasLabels()
                                ? "labels: " + YamlText.of(state.head().labels().active())
                                : "task: " + state.head().task().id(),
                        state.head().form() == HeadForm.OWN ? "    head: own\n" : "",
                        state.head().pooling().name().toLowerCase(Locale.ROOT),
                        YamlText.of(
                                TargetModule.meaning(model, state.triplets().layout().modules())),
                        state.triplets().layout().rank(),
                        state.triplets().alpha());
    }
}
