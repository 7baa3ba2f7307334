package io.rankstream.job;

import io.rankstream.adapters.model.ModelLoadException;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.PretrainedModel;
import io.rankstream.adapters.model.TextEncoder;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.tensor.DeviceUnavailableException;
import io.rankstream.adapters.training.AdapterMismatchException;
import io.rankstream.adapters.training.AdapterTemplate;
import io.rankstream.job.config.AdapterStarts;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.ModelSettings;
import io.rankstream.job.config.PublishSettings;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaIds;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.train.StartingPoint;
import io.rankstream.job.train.TrainingDevice;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the pipeline; the main class of the job jar. */
public final class RankstreamJob {

    /** Name of the job. */
    public static final String NAME = "rankstream";

    private static final Logger LOG = LoggerFactory.getLogger(RankstreamJob.class);

    private RankstreamJob() {}

    /**
     * Runs the job of a configuration file until it ends.
     *
     * @param args {@code --config FILE}
     */
    public static void main(String[] args) throws Exception {
        if (args.length != 2 || !args[0].equals("--config")) {
            throw new IllegalArgumentException("expected the arguments --config FILE");
        }
        prepare(ConfigFile.load(java.nio.file.Path.of(args[1]))).execute(NAME);
    }

    /**
     * Starts the job and returns: in the cluster that the process was submitted to, or else in one
     * of its own.
     *
     * @throws PreflightException if broker, topics, registry, base model or a snapshot to start
     *     from are not what the job needs; nothing has been started
     */
    public static JobClient start(JobConfig config) throws Exception {
        return prepare(config).executeAsync(NAME);
    }

    /**
     * Makes sure that the job has what it needs, and builds it.
     *
     * @return the environment that is ready to execute it
     * @throws PreflightException as {@link #start}
     */
    public static StreamExecutionEnvironment prepare(JobConfig config) throws PreflightException {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(config.flink());
        requireCheckpointFolder(env);
        requirePublishFolder(config.publish());
        requireModel(config.model());
        if (env instanceof LocalStreamEnvironment) {
            requireDevice(config.model());
        }
        requireStarts(config);
        new TopicCheck(config.kafka(), config.topics()).run();
        SchemaIds schemas = schemas(config);
        Pipeline.build(env, config, schemas);
        return env;
    }

    /** Without a folder, checkpoints lie in the JobManager's memory, which adapters exceed. */
    private static void requireCheckpointFolder(StreamExecutionEnvironment env)
            throws PreflightException {
        if (env.getConfiguration()
                .getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY)
                .isEmpty()) {
            throw new PreflightException(
                    "there is no folder for checkpoints: set flink.execution.checkpointing.dir to one that every process can write to");
        }
    }

    private static void requirePublishFolder(PublishSettings publish) throws PreflightException {
        Path folder = new Path(publish.directory());
        try {
            if (!folder.getFileSystem().mkdirs(folder)) {
                throw new IOException("it cannot be created");
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new PreflightException(
                    "adapters cannot be published to %s: %s; give publish.directory a folder that this process can write to"
                            .formatted(publish.directory(), e.getMessage()),
                    e);
        }
    }

    private static void requireModel(ModelSettings model) throws PreflightException {
        try {
            TextEncoder.open(model.source(), model.maxLength()).close();
            if (model.source() instanceof ModelSource.Directory) {
                PretrainedModel.load(model.source());
            }
        } catch (ModelLoadException e) {
            throw new PreflightException(e.getMessage(), e);
        }
    }

    /** For a cluster in this process; the devices of any other are not seen from here. */
    private static void requireDevice(ModelSettings model) throws PreflightException {
        try {
            TrainingDevice.of(model.device(), Set.of()).requireAvailable();
        } catch (DeviceUnavailableException e) {
            throw new PreflightException(e.getMessage(), e);
        }
    }

    /** The adapted modules are compared when an adapter is created. */
    private static void requireStarts(JobConfig config) throws PreflightException {
        AdapterStarts starts = config.train().starts();
        if (starts.equals(AdapterStarts.NONE)) {
            return;
        }
        String baseModel = baseModel(config.model());
        for (Map.Entry<String, AdapterTemplate> adapter :
                config.templates().byAdapter().entrySet()) {
            requireStart(
                    starts.of(adapter.getKey()), adapter.getKey(), adapter.getValue(), baseModel);
        }
        if (config.templates().fallback() != null) {
            requireStart(
                    Optional.ofNullable(starts.fallback()),
                    "any",
                    config.templates().fallback(),
                    baseModel);
        }
    }

    private static String baseModel(ModelSettings model) throws PreflightException {
        try {
            return PretrainedModel.load(model.source()).sha256();
        } catch (ModelLoadException e) {
            throw new PreflightException(e.getMessage(), e);
        }
    }

    private static void requireStart(
            Optional<String> file, String adapterId, AdapterTemplate template, String baseModel)
            throws PreflightException {
        if (file.isEmpty()) {
            return;
        }
        try {
            AdapterState start = StartingPoint.read(file.get(), adapterId);
            template.requireMatch(start);
            if (!start.meta().baseModel().sha256().equals(baseModel)) {
                throw new PreflightException(
                        "a new adapter cannot start from %s: it was made for base model %s (%s), expected that of this configuration (%s); give start-from a snapshot that fits, or remove it"
                                .formatted(
                                        file.get(),
                                        start.meta().baseModel().name(),
                                        start.meta().baseModel().sha256(),
                                        baseModel));
            }
        } catch (PreflightException e) {
            throw e;
        } catch (AdapterMismatchException e) {
            throw new PreflightException(StartingPoint.refusal(file.get(), e), e);
        } catch (IOException e) {
            throw new PreflightException(
                    "a new adapter cannot start from a snapshot: %s; correct start-from or remove it"
                            .formatted(e.getMessage()),
                    e);
        }
    }

    private static SchemaIds schemas(JobConfig config) throws PreflightException {
        try (SchemaRegistry registry = new SchemaRegistry(config.registry())) {
            new InputSubjects(registry, config.topics()).check().forEach(LOG::warn);
            return registry.outputs(config.topics());
        } catch (RegistryException | IllegalArgumentException e) {
            throw new PreflightException(e.getMessage(), e);
        }
    }
}
