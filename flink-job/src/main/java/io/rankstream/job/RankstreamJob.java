package io.rankstream.job;

import io.rankstream.job.claim.JobClaim;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.Defaults;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.config.settings.LoopMode;
import io.rankstream.job.preflight.Preflight;
import io.rankstream.job.preflight.PreflightException;
import io.rankstream.job.preflight.Trial;
import io.rankstream.job.recovery.JobIdentity;
import io.rankstream.job.recovery.LiveJob;
import io.rankstream.job.recovery.StartingState;
import io.rankstream.job.registry.SchemaIds;
import io.rankstream.job.savepoint.SavepointException;
import io.rankstream.job.savepoint.SavepointNotes;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptionsInternal;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.jobmanager.HighAvailabilityMode;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.common.KafkaException;
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
     * @param args {@code --config FILE}, unless the environment variable {@code RANKSTREAM_CONFIG}
     *     names the file, and how it goes on from an earlier start: {@code --resume}, {@code
     *     --resume-if-any}, {@code --from PATH} or {@code --fresh}
     */
    public static void main(String[] args) throws Exception {
        JobArguments arguments = JobArguments.parse(System.getenv(), args);
        JobConfig config = ConfigFile.load(arguments.config());
        ConfigFile.warnings(arguments.config()).forEach(LOG::warn);
        if (config.metrics().prometheusPort().isPresent()) {
            LOG.warn(
                    "metrics.prometheus-port is for 'rankstream run' and does nothing on a cluster:"
                            + " set Flink's own reporter there, as docs/metrics.md says.");
        }
        StartingState.yieldToFlink(config.flink(), cluster(new Configuration()))
                .ifPresent(LOG::warn);
        Configuration merged = cluster(config.flink());
        if (!isRecoveredByFlink(merged)) {
            LiveJob.requireNone(config, merged);
            StartingState state = StartingState.decide(config, merged, arguments.choice());
            state.notes().forEach(LOG::warn);
            LOG.info(state.sentence());
            state.applyTo(config.flink());
        }
        prepare(config).env().execute(NAME);
    }

    /** {@code over} those of the cluster and of {@code flink run}. */
    private static Configuration cluster(Configuration over) {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(over);
        return Configuration.fromMap(((Configuration) env.getConfiguration()).toMap());
    }

    /**
     * Whether this main method may run again when the JobManager of the job is replaced, and Flink
     * itself knows what the job goes on from: in application mode with high availability.
     */
    private static boolean isRecoveredByFlink(Configuration flink) {
        return HighAvailabilityMode.isHighAvailabilityModeActivated(flink)
                && flink.contains(PipelineOptionsInternal.PIPELINE_FIXED_JOB_ID);
    }

    /**
     * Starts the job and returns: in the cluster that the process was submitted to, or else in one
     * of its own.
     *
     * @throws PreflightException if broker, topics, registry, base model or a snapshot to start
     *     from are not what the job needs; nothing has been started
     */
    public static JobClient start(JobConfig config) throws Exception {
        return prepare(config).env().executeAsync(NAME);
    }

    /**
     * Makes sure that the job has what it needs, and builds it.
     *
     * @throws PreflightException as {@link #start}
     */
    public static ReadyJob prepare(JobConfig given) throws PreflightException, SavepointException {
        Configuration flink = withoutVanishedState(cluster(given.flink()));
        Defaults defaults = begunUnder(flink);
        JobConfig config = given.begunUnder(defaults);
        leaveWhatIsOff(config, flink);
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(config.flink());
        SchemaIds schemas =
                new Preflight(config, flink, env instanceof LocalStreamEnvironment, false)
                        .require();
        // Last, since it ends whatever other start of the job still runs.
        JobClaim claim = claim(config.kafka(), env);
        Pipeline.build(env, config, defaults, schemas, claim);
        name(env, config);
        return new ReadyJob(env, claim);
    }

    /** A main method that may run again must not end the job that its first run has started. */
    private static JobClaim claim(KafkaSettings kafka, StreamExecutionEnvironment env)
            throws PreflightException {
        if (isRecoveredByFlink((Configuration) env.getConfiguration())) {
            return JobClaim.none(kafka);
        }
        try {
            return JobClaim.take(kafka);
        } catch (ExecutionException e) {
            throw new PreflightException(kafka.unusable(e.getCause()), e.getCause());
        } catch (KafkaException e) {
            throw new PreflightException(kafka.unusable(e));
        } catch (IOException e) {
            throw new PreflightException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PreflightException("interrupted while asking the broker for other starts", e);
        }
    }

    /**
     * Tries what {@link #prepare} requires for a job of this process, and makes nothing: no folder,
     * no topic, no schema.
     *
     * @throws SavepointException if the state that the job goes on from cannot be read
     */
    public static Trial tryOut(JobConfig given) throws SavepointException {
        JobConfig config = given.begunUnder(begunUnder(given.flink()));
        return new Preflight(config, config.flink(), true, true).tryAll();
    }

    /** Names the start after the job, unless the cluster has named it. */
    private static void name(StreamExecutionEnvironment env, JobConfig config) {
        if (env.getConfiguration()
                .getOptional(PipelineOptionsInternal.PIPELINE_FIXED_JOB_ID)
                .isEmpty()) {
            JobID start = new JobIdentity(config.kafka().groupId()).newStart();
            env.configure(
                    new Configuration()
                            .set(
                                    PipelineOptionsInternal.PIPELINE_FIXED_JOB_ID,
                                    start.toHexString()));
        }
    }

    /**
     * Where Flink itself knows what the job goes on from, this main method runs again with the path
     * that the job once began with, and what was there may have been deleted since.
     */
    static Configuration withoutVanishedState(Configuration flink) {
        Optional<String> begun = flink.getOptional(StateRecoveryOptions.SAVEPOINT_PATH);
        if (begun.isPresent() && isRecoveredByFlink(flink)) {
            try {
                SavepointNotes.at(begun.get());
            } catch (SavepointException e) {
                LOG.info(
                        "What the job once began with cannot be looked into, and is not needed"
                                + " where it has a checkpoint: {}",
                        e.getMessage());
                flink.removeConfig(StateRecoveryOptions.SAVEPOINT_PATH);
            }
        }
        return flink;
    }

    /**
     * Lets a job without a fleet, without inputs to predict, or without people to ask, go on from
     * state that has them. Nothing else in state may be without an operator.
     *
     * @throws PreflightException if the state has adapters, and the job none; or if it has requests
     *     and votes, and nobody says that they may go
     */
    private static void leaveWhatIsOff(JobConfig config, Configuration merged)
            throws SavepointException, PreflightException {
        Optional<String> state = merged.getOptional(StateRecoveryOptions.SAVEPOINT_PATH);
        if (state.isEmpty()) {
            return;
        }
        SavepointNotes notes = SavepointNotes.at(state.get());
        LoopMode mode = config.loop().mode();
        if (!mode.learns() && notes.hasAdapters()) {
            throw new PreflightException(
                    "the state in %s has adapters, and a job whose loop.mode is only has none: set loop.mode to train, or give this job a kafka.group-id of its own"
                            .formatted(state.get()));
        }
        if (config.fleet().isEmpty() && notes.hasFleet()) {
            LOG.warn(
                    "The adapters of the state in {} shared one budget, and fleet.triplets is not"
                            + " set now: each has its own again.",
                    state.get());
            config.flink().set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
        }
        if (!mode.asks() && notes.hasLoop()) {
            requireConsent(mode, state.get(), merged);
        }
        if (!mode.predicts() && notes.hasInputs()) {
            LOG.warn(
                    "The job of the state in {} read inputs without a label, and loop.mode is none now. A job that reads them again goes on where the consumer group had come to.",
                    state.get());
            config.flink().set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
        }
    }

    /** What people were asked and said is let go only by somebody who says so. */
    private static void requireConsent(LoopMode mode, String state, Configuration merged)
            throws PreflightException {
        String found =
                "the job of the state in %s asked people, and loop.mode is %s now"
                        .formatted(state, mode.name().toLowerCase(Locale.ROOT));
        if (!merged.get(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE)) {
            throw new PreflightException(
                    "%s: it would forget the inputs that wait for a label and what was decided, and votes on them would be dead letters. Set loop.mode to train again, or start once with flink.%s: true to let them go"
                            .formatted(
                                    found,
                                    StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE.key()));
        }
        LOG.warn(
                "{}: inputs that wait for a label are forgotten, and votes on them. Their requests stay on the topic until they expire.",
                found);
    }

    /** A job keeps the defaults that its state was begun under. */
    private static Defaults begunUnder(Configuration flink) throws SavepointException {
        Optional<String> state = flink.getOptional(StateRecoveryOptions.SAVEPOINT_PATH);
        if (state.isEmpty()) {
            return Defaults.CURRENT;
        }
        Defaults defaults = SavepointNotes.at(state.get()).begunUnder();
        if (defaults != Defaults.CURRENT) {
            LOG.warn(
                    "The state in {} was begun under earlier defaults of batches, warm-ups and"
                            + " publishing; they stay. Give these settings in the configuration to"
                            + " change them.",
                    state.get());
        }
        return defaults;
    }
}
