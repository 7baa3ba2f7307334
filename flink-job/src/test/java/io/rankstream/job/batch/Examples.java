package io.rankstream.job.batch;

import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.method.OrthogonalityPenalty;
import io.rankstream.adapters.settings.LearningRateSchedule;
import io.rankstream.adapters.settings.OptimizerSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.job.config.settings.AdapterSettings;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.encode.EncodedInput;
import io.rankstream.job.input.Input;
import io.rankstream.job.record.RawRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Encoded examples for tests. */
public final class Examples {

    public static final List<String> LABELS = List.of("ham", "spam");

    /** Template of a small adapter that masks early. */
    public static final TrainingTemplate TEMPLATE = template(LABELS);

    private Examples() {}

    /** Adapters that are admitted by their ids alone. */
    public static ConfiguredAdapters named(Map<String, TrainingTemplate> templates) {
        ConfiguredAdapters adapters = ConfiguredAdapters.NONE;
        for (Map.Entry<String, TrainingTemplate> own : templates.entrySet()) {
            adapters = adapters.with(own.getKey(), new AdapterSettings(own.getValue()));
        }
        return adapters;
    }

    /** Any adapter, of one template. */
    public static ConfiguredAdapters any(TrainingTemplate template) {
        return ConfiguredAdapters.NONE.withOthers(new AdapterSettings(template));
    }

    /** An example of {@code tokens}; its offset is its number. */
    public static EncodedExample of(String adapterId, int number, int label, int... tokens) {
        return new EncodedExample(
                adapterId + "-" + number,
                adapterId,
                new Target.Label(LABELS.get(label)),
                1_000L * number,
                new Tokens(tokens, false),
                new RawRecord(
                        "labeled-examples",
                        3,
                        number,
                        null,
                        ("record " + number).getBytes(StandardCharsets.UTF_8)));
    }

    /** An input of {@code tokens}, read from an offset. */
    public static EncodedInput input(String id, String adapterId, int offset, int... tokens) {
        return new EncodedInput(
                new Input(
                        id,
                        adapterId,
                        "text of " + id,
                        Optional.empty(),
                        Map.of(),
                        1_000L * offset,
                        Optional.empty(),
                        new RawRecord(
                                "unlabeled-inputs",
                                0,
                                offset,
                                null,
                                ("record " + offset).getBytes(StandardCharsets.UTF_8))),
                new Tokens(tokens, false));
    }

    /** The same example with another label. */
    public static EncodedExample labeled(String label, EncodedExample example) {
        return with(new Target.Label(label), example);
    }

    /** The same example with another target. */
    public static EncodedExample with(Target target, EncodedExample example) {
        return new EncodedExample(
                example.id(),
                example.adapterId(),
                target,
                example.eventTime(),
                example.tokens(),
                example.origin());
    }

    /** As {@link #TEMPLATE}, for other labels. */
    public static TrainingTemplate template(List<String> labels) {
        return template(labels, 2);
    }

    /** As {@link #TEMPLATE}, for adapters of another initial rank. */
    public static TrainingTemplate ofRank(int initRank) {
        return template(LABELS, initRank);
    }

    private static TrainingTemplate template(List<String> labels, int initRank) {
        return TrainingTemplate.classification()
                .labels(labels)
                .initRank(initRank)
                .alpha(4)
                .dropout(0.1)
                .schedule(new StreamingBudgetSchedule(1, 3, 2, 1))
                .sensitivityDecay(0.85)
                .uncertaintyDecay(0.85)
                .orthogonality(new OrthogonalityPenalty(0.1, OrthogonalityPenalty.Form.MEAN_NORM))
                .optimizer(
                        new OptimizerSettings(
                                1e-2,
                                1e-2,
                                0.9,
                                0.999,
                                1e-8,
                                0.01,
                                1,
                                new LearningRateSchedule(0, 0)))
                .build();
    }
}
