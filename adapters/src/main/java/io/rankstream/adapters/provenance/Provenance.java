package io.rankstream.adapters.provenance;

import io.rankstream.adapters.settings.LearningRateSchedule;
import io.rankstream.adapters.settings.OptimizerSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.task.Score;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Where a published adapter comes from. No clock and no host: the same adapter has the same
 * provenance, wherever and whenever it is written.
 */
public final class Provenance {
    private Provenance() {}

    /** Without what only the job's configuration knows. */
    public static Map<String, Object> of(AdapterState state, OptionalInt maxLength) {
        Map<String, Object> json = ofState(state, maxLength);
        json.put("libraries", LibraryVersions.read());
        return json;
    }

    public static Map<String, Object> of(
            AdapterState state, TrainingTemplate template, OptionalInt maxLength) {
        Map<String, Object> json = ofState(state, maxLength);
        json.put("hyperparameters", hyperparameters(template));
        json.put("libraries", LibraryVersions.read());
        return json;
    }

    private static Map<String, Object> ofState(AdapterState state, OptionalInt maxLength) {
        AdapterMeta meta = state.meta();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("adapter", meta.adapterId());
        json.put("version", meta.version());
        json.put("step", meta.step());
        json.put("baseModel", meta.baseModel().name());
        json.put("baseModelSha256", meta.baseModel().sha256());
        json.put("seed", meta.seed());
        json.put("labels", state.head().labels().active());
        json.put("retiredLabels", state.head().labels().retired());
        json.put("labelRevision", state.head().labels().revision());
        json.putAll(state.head().kind().described());
        maxLength.ifPresent(length -> json.put("maxLength", length));
        json.put("scale", state.triplets().scale());
        json.put("budget", state.budget().budget());
        json.put("liveRanks", liveRanks(state));
        json.put("prequential", score(meta, state.head().labels().names()));
        return json;
    }

    private static Map<String, Object> liveRanks(AdapterState state) {
        int[] ranks = state.budget().liveRanks(state.triplets().layout().rank());
        Map<String, Object> json = new LinkedHashMap<>();
        for (int k = 0; k < ranks.length; k++) {
            json.put(state.triplets().layout().modules().get(k).name(), ranks[k]);
        }
        return json;
    }

    private static Map<String, Object> score(AdapterMeta meta, List<String> labels) {
        Score<?> score = meta.score();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("examples", score.examples());
        json.putAll(score.counts(labels));
        json.put("truncated", meta.truncated());
        json.putAll(score.metrics());
        return json;
    }

    private static Map<String, Object> hyperparameters(TrainingTemplate template) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("method", template.method().name());
        json.put("targetModules", template.targetModules());
        json.put("initRank", template.initRank());
        json.put("alpha", template.alpha());
        json.put("dropout", template.dropout());
        json.put("schedule", template.schedule().described());
        json.put("sensitivityDecay", template.sensitivityDecay());
        json.put("uncertaintyDecay", template.uncertaintyDecay());
        json.put("orthogonality", template.orthogonality().coefficient());
        json.put("orthogonalityForm", template.orthogonality().form().name());
        json.put("optimizer", optimizer(template.optimizer()));
        json.put("mixture", template.mixture());
        json.put("drift", template.drift().mode().name());
        json.put("driftDetector", template.drift().detector().name());
        json.put("driftRunLength", template.drift().runLength());
        json.put("driftInputs", template.drift().inputs());
        json.put("replayShare", template.replay().share());
        json.put("replayMaxBytes", template.replay().maxBytes());
        json.put("examplesPerPass", template.examplesPerPass());
        json.put("jobSeed", template.seed());
        return json;
    }

    private static Map<String, Object> optimizer(OptimizerSettings optimizer) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("learningRate", optimizer.learningRate());
        json.put("headLearningRate", optimizer.headLearningRate());
        json.put("beta1", optimizer.beta1());
        json.put("beta2", optimizer.beta2());
        json.put("epsilon", optimizer.epsilon());
        json.put("weightDecay", optimizer.weightDecay());
        json.put("maxGradientNorm", optimizer.maxGradientNorm());
        LearningRateSchedule schedule = optimizer.learningRateSchedule();
        json.put("warmup" + schedule.counted().suffix(), schedule.warmup());
        json.put("decayEndStep", schedule.decayEndStep());
        return json;
    }
}
