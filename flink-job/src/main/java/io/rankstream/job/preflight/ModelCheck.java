package io.rankstream.job.preflight;

import io.rankstream.adapters.model.Family;
import io.rankstream.adapters.model.PretrainedModel;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.HeadKind;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.tokens.Reading;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.adapters.weights.ModelLoadException;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.ModelSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Checks that the base model can be read, and has what the adapters of a configuration take. */
final class ModelCheck {

    private final ModelSettings model;
    private final ConfiguredAdapters adapters;

    ModelCheck(ModelSettings model, ConfiguredAdapters adapters) {
        this.model = model;
        this.adapters = adapters;
    }

    /**
     * Reads the model.
     *
     * @return the model
     * @throws PreflightException if it cannot be read, or lacks a pooler or layers; all that is
     *     lacking at once
     */
    PretrainedModel run() throws PreflightException {
        PretrainedModel loaded;
        try {
            TextEncoder.open(model.source(), model.maxLength()).close();
            loaded = PretrainedModel.load(model.source());
        } catch (ModelLoadException e) {
            throw new PreflightException(e.getMessage(), e);
        }
        List<String> problems = new ArrayList<>();
        adapters.others()
                .ifPresent(others -> check(loaded, "training", others.template(), problems));
        adapters.named()
                .forEach((id, own) -> check(loaded, "adapters." + id, own.template(), problems));
        PreflightException.throwIfAny(problems);
        return loaded;
    }

    private static void check(
            PretrainedModel model, String group, TrainingTemplate template, List<String> problems) {
        if (template.pooling() == Pooling.POOLER && !model.hasPooler()) {
            problems.add(
                    "%s.pooling is pooler, but the base model %s has no pooler, expected pooler.dense.weight and pooler.dense.bias in its weights: choose mean or cls, or a model with one"
                            .formatted(group, model.name()));
        }
        Family family = model.architecture().family();
        if (template.head().form() == HeadForm.OWN) {
            checkOwnHead(model, group, template.head(), problems);
        }
        if (!template.method().adaptsModules()) {
            return;
        }
        for (String target : template.targetModules()) {
            if (model.architecture().linearLayers(List.of(target)).isEmpty()) {
                problems.add(
                        "%s.target-modules has '%s', but none of the %d layers of the base model %s has such a linear layer, expected %s: correct it or remove it"
                                .formatted(
                                        group,
                                        target,
                                        model.architecture().layers(),
                                        model.name(),
                                        String.join(", ", family.modules())));
            }
        }
    }

    private static void checkOwnHead(
            PretrainedModel model, String group, HeadKind head, List<String> problems) {
        Reading reading = head.task().reading();
        Optional<Pooling> expected = Pooling.of(model.architecture().ownHead(), reading);
        if (expected.isEmpty()) {
            problems.add(
                    "%s.head is own, but that of the base model %s, a %s, has one layer, on %s"
                            .formatted(
                                    group,
                                    model.name(),
                                    model.architecture().family().name(),
                                    reading == Reading.WHOLE
                                            ? "its pooler: choose the head linear and the pooling pooler"
                                            : "every token: choose the head linear"));
            return;
        }
        if (head.pooling() != expected.get()) {
            problems.add(
                    "%s.head is own, and that of the base model %s reads %s, but %s.pooling is %s: choose %s"
                            .formatted(
                                    group,
                                    model.name(),
                                    expected.get().vectors(),
                                    group,
                                    head.pooling().name().toLowerCase(Locale.ROOT),
                                    expected.get().name().toLowerCase(Locale.ROOT)));
        }
    }
}
