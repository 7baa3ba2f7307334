package io.rankstream.job.preflight;

import io.rankstream.adapters.engine.EngineUnavailableException;
import io.rankstream.adapters.engine.TensorEngine;
import io.rankstream.adapters.model.PretrainedModel;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.job.config.settings.RegistrySettings;
import io.rankstream.job.files.FileSystems;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaIds;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.train.TrainingDevice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a job needs, in the order in which a start looks at it. A start makes what it may make, and
 * ends at the first part that has problems, with all of them; a trial changes nothing and finds
 * those of every part.
 */
public final class Preflight {

    private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);

    private final JobConfig config;
    private final ReadableConfig flink;
    private final boolean inThisProcess;
    private final boolean trial;
    private final List<String> warnings = new ArrayList<>();

    /** Null until the model has been read. */
    private PretrainedModel model;

    /** Null until the registry has told them. */
    private SchemaIds schemas;

    /** Something that is looked at. */
    private record Check(String subject, Step step) {}

    /** How it is looked at. */
    private interface Step {
        void run() throws PreflightException;
    }

    /**
     * @param flink all of Flink's options, those of the cluster included
     * @param inThisProcess whether the job runs here, and its devices are those of this machine
     * @param trial whether nothing may be made
     */
    public Preflight(JobConfig config, ReadableConfig flink, boolean inThisProcess, boolean trial) {
        this.config = config;
        this.flink = flink;
        this.inThisProcess = inThisProcess;
        this.trial = trial;
    }

    /**
     * Ends at the first part that has problems.
     *
     * @return ids of the schemas that the job writes
     */
    public SchemaIds require() throws PreflightException {
        for (Check check : checks()) {
            check.step().run();
        }
        warnings.forEach(LOG::warn);
        return schemas;
    }

    /** Finds all problems. */
    public Trial tryAll() {
        List<String> passed = new ArrayList<>();
        List<Trial.Problem> problems = new ArrayList<>();
        for (Check check : checks()) {
            try {
                check.step().run();
                passed.add(check.subject());
            } catch (PreflightException e) {
                e.problems()
                        .forEach(each -> problems.add(new Trial.Problem(check.subject(), each)));
            }
        }
        return new Trial(passed, warnings, problems);
    }

    private List<Check> checks() {
        List<Check> checks = new ArrayList<>();
        boolean learns = config.loop().mode().learns();
        if (inThisProcess && learns) {
            checks.add(new Check("libtorch", () -> chooseEngine(config.model())));
        }
        checks.add(new Check("checkpoint folder", this::requireCheckpointFolder));
        if (learns) {
            checks.addAll(ofLearning());
        }
        checks.add(
                new Check(
                        "broker and topics",
                        () ->
                                warnings.addAll(
                                        new TopicCheck(
                                                        config.kafka(),
                                                        config.topics(),
                                                        config.readTopics(),
                                                        config.writtenTopics(),
                                                        config.adapters())
                                                .run())));
        checks.add(new Check("schema registry", this::requireSchemas));
        return checks;
    }

    private List<Check> ofLearning() {
        List<Check> checks = new ArrayList<>();
        checks.add(new Check("publish folder", this::requirePublishFolder));
        checks.add(
                new Check(
                        "base model and tokenizer",
                        () -> model = new ModelCheck(config.model(), config.adapters()).run()));
        if (inThisProcess) {
            checks.add(new Check("device", () -> requireDevice(config.model())));
        }
        checks.add(new Check("adapters in state and start-from", this::requireState));
        return checks;
    }

    /** Without a folder, checkpoints lie in the JobManager's memory, which adapters exceed. */
    private void requireCheckpointFolder() throws PreflightException {
        Optional<String> folder = flink.getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY);
        if (folder.isEmpty()) {
            throw new PreflightException(
                    "there is no folder for checkpoints: set flink.execution.checkpointing.dir to"
                            + " one that every process can write to");
        }
        if (inThisProcess) {
            try {
                PossibleFolder.require(new Path(folder.get()));
            } catch (IOException | IllegalArgumentException e) {
                throw new PreflightException(
                        "checkpoints cannot be written to %s: %s; give flink.execution.checkpointing.dir a folder that this process can write to"
                                .formatted(folder.get(), e.getMessage()),
                        e);
            }
        }
    }

    private void requirePublishFolder() throws PreflightException {
        try {
            Path folder = new Path(config.publish().directory());
            PossibleFolder.require(folder);
            if (!trial && !FileSystems.of(folder).mkdirs(folder)) {
                throw new IOException("it cannot be created");
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new PreflightException(
                    "adapters cannot be published to %s: %s; give publish.directory a folder that this process can write to"
                            .formatted(config.publish().directory(), e.getMessage()),
                    e);
        }
    }

    private static void chooseEngine(ModelSettings model) throws PreflightException {
        try {
            TensorEngine.choose(model.engineDirectory());
        } catch (EngineUnavailableException e) {
            throw new PreflightException(e.getMessage(), e);
        }
    }

    private static void requireDevice(ModelSettings model) throws PreflightException {
        try {
            TrainingDevice.of(model.device(), Set.of()).requireAvailable();
        } catch (EngineUnavailableException e) {
            throw new PreflightException(e.getMessage(), e);
        }
    }

    private void requireState() throws PreflightException {
        if (model == null) {
            throw new PreflightException(
                    "whether adapters in state and start-from fit cannot be told without the base"
                            + " model: mend that first");
        }
        StateCheck.run(
                config,
                model,
                flink.getOptional(StateRecoveryOptions.SAVEPOINT_PATH),
                inThisProcess);
    }

    private void requireSchemas() throws PreflightException {
        RegistrySettings settings = config.registry();
        try (SchemaRegistry registry = new SchemaRegistry(settings)) {
            List<String> problems =
                    new InputSubjects(
                                    registry,
                                    config.topics(),
                                    config.readTopics(),
                                    config.input().format())
                            .check(warnings);
            if (trial || !settings.register()) {
                problems.addAll(registry.outputProblems(config.topics(), config.writtenTopics()));
            }
            PreflightException.throwIfAny(problems);
            if (!trial) {
                schemas = registry.outputs(config.topics(), config.writtenTopics());
            }
        } catch (RegistryException | IllegalArgumentException e) {
            throw new PreflightException(e.getMessage(), e);
        }
    }
}
