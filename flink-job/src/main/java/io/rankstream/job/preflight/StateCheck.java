package io.rankstream.job.preflight;

import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.model.PretrainedModel;
import io.rankstream.adapters.model.TargetModule;
import io.rankstream.adapters.settings.FixedSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.BaseModel;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.text.Amount;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.option.YamlText;
import io.rankstream.job.config.settings.AdapterSettings;
import io.rankstream.job.config.settings.AdapterStart;
import io.rankstream.job.savepoint.Savepoint;
import io.rankstream.job.savepoint.SavepointException;
import io.rankstream.job.savepoint.SavepointNotes;
import io.rankstream.job.train.NotedSettings;
import io.rankstream.job.train.StartingPoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what adapters keep for their life with the configuration, before a job starts: those in
 * the state that it goes on from, and the snapshots that new ones start from.
 */
final class StateCheck {

    private static final Logger LOGGER = LoggerFactory.getLogger(StateCheck.class);

    private static final int MOST_SHOWN = 20;

    private final JobConfig config;
    private final BaseModel baseModel;
    private final PretrainedModel model;
    private final BaseModel withPooler;

    /**
     * An adapter that does not fit.
     *
     * @param differences what it has that the configuration has otherwise
     * @param settings lines of the configuration that would fit
     */
    private record Misfit(String adapterId, List<String> differences, List<String> settings) {}

    StateCheck(JobConfig config, PretrainedModel model) {
        this.config = config;
        this.model = model;
        this.baseModel = BaseModel.of(model, model.sha256());
        this.withPooler =
                model.sha256WithPooler()
                        .map(sha256 -> BaseModel.of(model, sha256))
                        .orElse(baseModel);
    }

    /**
     * Compares, if there is something to go on from.
     *
     * @param model base model of the configuration
     * @param state checkpoint or savepoint that the job goes on from
     * @param readsAnyState whether state of an earlier release, which takes long to look into, can
     *     be read here
     * @throws PreflightException with all differences, and the settings that would fit
     */
    static void run(
            JobConfig config, PretrainedModel model, Optional<String> state, boolean readsAnyState)
            throws PreflightException {
        if (state.isEmpty() && !startFromASnapshot(config)) {
            return;
        }
        try {
            StateCheck check = new StateCheck(config, model);
            SortedMap<String, NotedSettings> resumed =
                    state.isEmpty() ? new TreeMap<>() : resumed(state.get(), readsAnyState);
            List<String> problems = new ArrayList<>(check.misfits(state.orElse(""), resumed));
            problems.addAll(check.startProblems());
            PreflightException.throwIfAny(problems);
        } catch (SavepointException e) {
            throw new PreflightException(e.getMessage(), e);
        }
    }

    private static SortedMap<String, NotedSettings> resumed(String state, boolean readsAnyState)
            throws SavepointException {
        Optional<SortedMap<String, NotedSettings>> registered = SavepointNotes.at(state).settings();
        if (registered.isPresent()) {
            return registered.get();
        }
        if (readsAnyState) {
            return Savepoint.at(state).settings();
        }
        LOGGER.info(
                "{} was written by an earlier release; whether its adapters fit the configuration shows when they are trained.",
                state);
        return new TreeMap<>();
    }

    /** Adapters that the configuration does not name stay in state, and are nobody's concern. */
    List<String> misfits(String state, SortedMap<String, NotedSettings> resumed) {
        List<Misfit> misfits = new ArrayList<>();
        resumed.forEach(
                (adapterId, found) ->
                        config.adapters()
                                .template(adapterId)
                                .flatMap(template -> misfit(adapterId, found, template))
                                .ifPresent(misfits::add));
        return misfits.isEmpty()
                ? List.of()
                : List.of(
                        "%s not fit the configuration:%n%s%nset it back, or give the new adapters other ids%s"
                                .formatted(
                                        Amount.of(
                                                misfits.size(),
                                                "adapter in %s does".formatted(state),
                                                "adapters in %s do".formatted(state)),
                                        shown(misfits),
                                        settings(misfits)));
    }

    private Optional<Misfit> misfit(
            String adapterId, NotedSettings found, TrainingTemplate template) {
        FixedSettings expected = expected(found.fixed(), template);
        List<String> differences = found.differences(expected, template);
        return differences.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Misfit(adapterId, differences, settings(found, expected, template)));
    }

    private static String shown(List<Misfit> misfits) {
        String first =
                misfits.stream()
                        .limit(MOST_SHOWN)
                        .map(
                                misfit ->
                                        "  %s: %s"
                                                .formatted(
                                                        misfit.adapterId(),
                                                        String.join("; ", misfit.differences())))
                        .collect(Collectors.joining(System.lineSeparator()));
        int more = misfits.size() - MOST_SHOWN;
        return more > 0 ? "%s%n  and %d more".formatted(first, more) : first;
    }

    /** What to write into the configuration; empty where the base model alone is another one. */
    private static String settings(List<Misfit> misfits) {
        String lines =
                misfits.stream()
                        .limit(MOST_SHOWN)
                        .filter(misfit -> !misfit.settings().isEmpty())
                        .map(
                                misfit ->
                                        "    %s:%n      %s"
                                                .formatted(
                                                        misfit.adapterId(),
                                                        String.join(
                                                                System.lineSeparator() + "      ",
                                                                misfit.settings())))
                        .collect(Collectors.joining(System.lineSeparator()));
        return lines.isEmpty() ? "" : ". What fits them:%n  adapters:%n%s".formatted(lines);
    }

    /** Lines of the configuration; none where the base model alone is another one. */
    private List<String> settings(
            NotedSettings noted, FixedSettings wanted, TrainingTemplate template) {
        FixedSettings found = noted.fixed();
        List<String> lines = new ArrayList<>();
        noted.tooFewLabels(template)
                .ifPresent(labels -> lines.add("labels: " + YamlText.of(labels.configured())));
        Optional<Method> method = noted.otherMethod(template);
        if (method.isPresent()) {
            lines.add("method: " + method.get().name().toLowerCase(Locale.ROOT));
        } else if (!found.modules().equals(wanted.modules()) && found.modules().isEmpty()) {
            lines.add("method: head");
        }
        if (!found.modules().equals(wanted.modules()) && !found.modules().isEmpty()) {
            lines.add("target-modules: " + targets(found.modules()));
        }
        if (found.initRank() != wanted.initRank()) {
            lines.add("init-rank: " + found.initRank());
        }
        if (found.alpha() != wanted.alpha()) {
            lines.add("alpha: " + found.alpha());
        }
        if (!wanted.head().task().isSameBesideSettings(found.head().task())) {
            lines.add("task: " + found.head().task().id());
        }
        if (found.head().form() != wanted.head().form()) {
            lines.add("head: " + found.head().form().name().toLowerCase(Locale.ROOT));
        }
        if (found.head().pooling() != wanted.head().pooling()) {
            lines.add("pooling: " + found.head().pooling().name().toLowerCase(Locale.ROOT));
        }
        return lines;
    }

    private List<String> targets(List<ModuleShape> modules) {
        return TargetModule.meaning(model.architecture(), modules);
    }

    /** What {@code found} would be if it were made now. */
    private FixedSettings expected(FixedSettings found, TrainingTemplate template) {
        return FixedSettings.of(
                found.head().pooling() == Pooling.POOLER ? withPooler : baseModel,
                model.architecture(),
                template);
    }

    private static boolean startFromASnapshot(JobConfig config) {
        return config.adapters()
                .all()
                .anyMatch(settings -> settings.start() instanceof AdapterStart.Snapshot);
    }

    private List<String> startProblems() {
        List<String> problems = new ArrayList<>();
        config.adapters()
                .named()
                .forEach((id, settings) -> startProblem(id, settings).ifPresent(problems::add));
        config.adapters()
                .others()
                .flatMap(settings -> startProblem("any", settings))
                .ifPresent(problems::add);
        return problems;
    }

    private Optional<String> startProblem(String adapterId, AdapterSettings settings) {
        return settings.start() instanceof AdapterStart.Snapshot snapshot
                ? startProblem(adapterId, snapshot.file(), settings.template())
                : Optional.empty();
    }

    private Optional<String> startProblem(
            String adapterId, String file, TrainingTemplate template) {
        FixedSettings found;
        try {
            found = FixedSettings.of(StartingPoint.read(file, adapterId));
        } catch (IOException e) {
            LOGGER.error("Adapter '{}' cannot start from {}.", adapterId, file, e);
            return Optional.of(
                    "a new adapter cannot start from a snapshot: %s; correct start-from or remove it"
                            .formatted(e.getMessage()));
        }
        List<String> differences = found.differences(expected(found, template));
        return differences.isEmpty()
                ? Optional.empty()
                : Optional.of(StartingPoint.refusal(file, String.join("; ", differences)));
    }
}
