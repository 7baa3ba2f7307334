package io.rankstream.job.train;

import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.settings.FixedSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.Label;
import io.rankstream.adapters.state.LabelSet;
import java.util.ArrayList;
import java.util.List;

/**
 * What a job notes of an adapter for whoever starts the next one.
 *
 * @param fixed what it keeps for its life
 * @param method how it is trained, which it keeps as well; null where that was not noted
 * @param labels its labels, without what steps change of them; null where they were not noted
 */
public record NotedSettings(FixedSettings fixed, Method method, LabelSet labels) {

    private static final long ANY_REVISION = 1;

    /**
     * Those of an adapter.
     *
     * @param method how it is trained; null where that is not known
     */
    public static NotedSettings of(AdapterState state, Method method) {
        return new NotedSettings(
                FixedSettings.of(state), method, withoutSteps(state.head().labels()));
    }

    /** Equal for all adapters that have the same labels. */
    private static LabelSet withoutSteps(LabelSet labels) {
        return new LabelSet(
                labels.rows().stream()
                        .map(label -> new Label(label.name(), label.retired(), 0))
                        .toList(),
                ANY_REVISION,
                ANY_REVISION,
                labels.configured());
    }

    /** Whether it is known to be trained otherwise than {@code template} says. */
    public boolean hasOtherMethod(TrainingTemplate template) {
        return method != null && method != template.method();
    }

    /** Whether its labels and those of {@code template} leave too few in use. */
    public boolean hasTooFewLabels(TrainingTemplate template) {
        return labels != null && template.labelObstacle(labels).isPresent();
    }

    /**
     * What keeps {@code template} from training the adapter on, each as the end of "it has"; empty
     * if nothing does.
     *
     * @param expected what the adapter would keep for its life if it were created now
     */
    public List<String> differences(FixedSettings expected, TrainingTemplate template) {
        List<String> differences = new ArrayList<>(fixed.differences(expected));
        if (hasOtherMethod(template)) {
            differences.add(
                    "method %s, but the configuration has %s".formatted(method, template.method()));
        }
        if (hasTooFewLabels(template)) {
            template.labelObstacle(labels).ifPresent(differences::add);
        }
        return differences;
    }
}
