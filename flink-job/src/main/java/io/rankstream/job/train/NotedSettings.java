package io.rankstream.job.train;

import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.settings.FixedSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.Label;
import io.rankstream.adapters.state.LabelSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a job notes of an adapter for whoever starts the next one.
 *
 * @param fixed what it keeps for its life
 * @param method how it is trained, which it keeps as well; empty where that was not noted
 * @param labels its labels, without what steps change of them; empty where they were not noted
 */
public record NotedSettings(
        FixedSettings fixed, Optional<Method> method, Optional<LabelSet> labels) {

    private static final long ANY_REVISION = 1;

    /**
     * Those of an adapter.
     *
     * @param method how it is trained; empty where that is not known
     */
    public static NotedSettings of(AdapterState state, Optional<Method> method) {
        return new NotedSettings(
                FixedSettings.of(state), method, Optional.of(withoutSteps(state.head().labels())));
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

    /** How it is trained, if that is known to be otherwise than {@code template} says. */
    public Optional<Method> otherMethod(TrainingTemplate template) {
        return method.filter(known -> known != template.method());
    }

    /** Its labels, if too few of them are in use under those of {@code template}. */
    public Optional<LabelSet> tooFewLabels(TrainingTemplate template) {
        return labels.filter(known -> template.labelObstacle(known).isPresent());
    }

    /**
     * What keeps {@code template} from training the adapter on, each as the end of "it has"; empty
     * if nothing does.
     *
     * @param expected what the adapter would keep for its life if it were created now
     */
    public List<String> differences(FixedSettings expected, TrainingTemplate template) {
        List<String> differences = new ArrayList<>(fixed.differences(expected));
        otherMethod(template)
                .map(
                        other ->
                                "method %s, but the configuration has %s"
                                        .formatted(other, template.method()))
                .ifPresent(differences::add);
        labels.flatMap(template::labelObstacle).ifPresent(differences::add);
        return differences;
    }
}
