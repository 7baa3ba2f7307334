package io.rankstream.job.recovery;

import io.rankstream.adapters.text.Program;
import io.rankstream.job.config.JobConfig;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.runtime.jobmanager.HighAvailabilityMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job that runs at this moment: in a process of {@code rankstream run}, which notes its address
 * beside the checkpoints, or in the cluster that the configuration names with {@code rest.address}
 * or by its high availability. It is told from other jobs by its {@code kafka.group-id}.
 */
public final class LiveJob implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LiveJob.class);

    private static final int MAX_PORT = 65_535;
    private static final Duration LOOK_LIMIT = Duration.ofSeconds(20);

    private final JobIdentity job;
    private final ReadableConfig flink;
    private final RestClusterClient<String> client;
    private final JobID start;
    private final boolean ownProcess;

    private LiveJob(
            JobIdentity job,
            ReadableConfig flink,
            RestClusterClient<String> client,
            JobID start,
            boolean ownProcess) {
        this.job = job;
        this.flink = flink;
        this.client = client;
        this.start = start;
        this.ownProcess = ownProcess;
    }

    /**
     * Looks for it.
     *
     * @param flink all of Flink's options, those of the cluster included
     * @throws RecoveryException if several run, or a cluster that is named does not answer
     */
    public static Optional<LiveJob> find(JobConfig config, Configuration flink)
            throws RecoveryException, InterruptedException {
        JobIdentity job = new JobIdentity(config.kafka().groupId());
        Optional<LiveJob> own = inOwnProcess(job, flink);
        return own.isPresent() ? own : inCluster(job, flink);
    }

    /**
     * Makes sure that it does not run.
     *
     * @throws RecoveryException if it does
     */
    public static void requireNone(JobConfig config, Configuration flink)
            throws RecoveryException, InterruptedException {
        try (LiveJob live = find(config, flink).orElse(null)) {
            if (live != null) {
                throw runsAlready(config.kafka().groupId(), "at " + live.page());
            }
        }
    }

    /**
     * Why a start is refused.
     *
     * @param where where the job runs
     */
    public static RecoveryException runsAlready(String groupId, String where) {
        return new RecoveryException(
                "the job with kafka.group-id '%s' runs already %s: stop it with '%s', or give this one a kafka.group-id, a publish.directory and a checkpoint folder of its own"
                        .formatted(groupId, where, Program.commandOfJob("stop")));
    }

    /** Notes that the job runs in this process, for {@link #find}. */
    public static void note(JobConfig config, URI page) throws IOException {
        JobIdentity job = new JobIdentity(config.kafka().groupId());
        JobNote.running(job, config.flink()).write(page.toString());
    }

    /** Takes the note back, unless another start has noted itself since. */
    public static void forget(JobConfig config, URI page) throws IOException {
        JobIdentity job = new JobIdentity(config.kafka().groupId());
        JobNote note = JobNote.running(job, config.flink());
        if (note.read().filter(page.toString()::equals).isPresent()) {
            note.delete();
        }
    }

    /**
     * Where a job has noted that it runs in a process of its own; it takes that back when it ends,
     * unless it is killed.
     *
     * @throws RecoveryException if the note cannot be read
     */
    public static Optional<String> notedAt(JobConfig config) throws RecoveryException {
        return noted(new JobIdentity(config.kafka().groupId()), config.flink()).map(URI::toString);
    }

    /** Address of its web page. */
    public String page() {
        return client.getWebInterfaceURL() + "/#/job/running/" + start;
    }

    /** Whether it runs in a process of {@code rankstream run}. */
    public boolean hasOwnProcess() {
        return ownProcess;
    }

    /**
     * Ends it behind a savepoint.
     *
     * @param folder where the savepoint is put; empty for the folder of the configuration
     * @param drain whether the stream is ended first, so that nothing waits any more
     * @return the savepoint
     */
    public Path stop(Optional<String> folder, boolean drain)
            throws RecoveryException, InterruptedException {
        return savepoint(
                client.stopWithSavepoint(
                        start, drain, target(folder), SavepointFormatType.CANONICAL));
    }

    /**
     * Takes a savepoint; the job goes on.
     *
     * @param folder where it is put; empty for the folder of the configuration
     */
    public Path savepoint(Optional<String> folder) throws RecoveryException, InterruptedException {
        return savepoint(
                client.triggerSavepoint(start, target(folder), SavepointFormatType.CANONICAL));
    }

    @Override
    public void close() {
        client.close();
    }

    private Path savepoint(CompletableFuture<String> taken)
            throws RecoveryException, InterruptedException {
        try {
            Path savepoint = new Path(taken.get());
            JobNote.savepoint(job, flink).write(savepoint.toString());
            return savepoint;
        } catch (ExecutionException e) {
            throw new RecoveryException(
                    "the savepoint could not be taken: %s (%s has more)"
                            .formatted(rootOf(e), page()),
                    e);
        } catch (IOException e) {
            throw new RecoveryException(
                    "the savepoint was taken, but --resume will not find it: " + e.getMessage(), e);
        }
    }

    /** Beside the checkpoints, unless another folder is named. */
    private String target(Optional<String> folder) throws RecoveryException {
        return folder.or(() -> flink.getOptional(CheckpointingOptions.SAVEPOINT_DIRECTORY))
                .or(() -> flink.getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY))
                .orElseThrow(
                        () ->
                                new RecoveryException(
                                        "there is no folder for the savepoint: name one with --savepoint, or set flink.execution.checkpointing.savepoint-dir"));
    }

    private static Optional<URI> noted(JobIdentity job, ReadableConfig flink)
            throws RecoveryException {
        Optional<String> noted;
        try {
            noted = JobNote.running(job, flink).read();
        } catch (IOException | IllegalArgumentException e) {
            throw new RecoveryException(
                    "the note of where the job runs cannot be read: " + e.getMessage(), e);
        }
        Optional<URI> page = noted.flatMap(LiveJob::address);
        if (noted.isPresent() && page.isEmpty()) {
            LOG.warn(
                    "The note of where the job runs says '{}', which is no address with a host and a port: it is passed by.",
                    noted.get());
        }
        return page;
    }

    private static Optional<LiveJob> inOwnProcess(JobIdentity job, Configuration flink)
            throws RecoveryException, InterruptedException {
        Optional<URI> page = noted(job, flink);
        if (page.isEmpty()) {
            return Optional.empty();
        }
        Configuration address = new Configuration(flink);
        address.set(RestOptions.ADDRESS, page.get().getHost());
        address.set(RestOptions.PORT, page.get().getPort());
        address.set(HighAvailabilityOptions.HA_MODE, HighAvailabilityMode.NONE.name());
        try {
            return only(job, flink, client(address), true);
        } catch (UnreachableException e) {
            return Optional.empty(); // its process was killed
        }
    }

    /** Empty where the note is not whole, as after a disk that was full. */
    private static Optional<URI> address(String noted) {
        try {
            URI page = new URI(noted);
            boolean whole =
                    page.getHost() != null && page.getPort() > 0 && page.getPort() <= MAX_PORT;
            return whole ? Optional.of(page) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Optional<LiveJob> inCluster(JobIdentity job, Configuration flink)
            throws RecoveryException, InterruptedException {
        boolean named =
                flink.contains(RestOptions.ADDRESS)
                        || HighAvailabilityMode.isHighAvailabilityModeActivated(flink);
        boolean inside = flink.get(DeploymentOptions.TARGET, "").equals("embedded");
        if (!named || inside) {
            return Optional.empty();
        }
        try {
            return only(job, flink, client(flink), false);
        } catch (UnreachableException e) {
            throw new RecoveryException(
                    "the Flink cluster at %s:%d cannot be asked for its jobs: %s; correct flink.rest.address and flink.rest.port"
                            .formatted(
                                    flink.get(RestOptions.ADDRESS),
                                    flink.get(RestOptions.PORT),
                                    e.getMessage()),
                    e);
        }
    }

    private static final class UnreachableException extends Exception {

        private static final long serialVersionUID = 1L;

        UnreachableException(Throwable cause) {
            super(rootOf(cause), cause);
        }
    }

    private static RestClusterClient<String> client(Configuration flink)
            throws UnreachableException {
        Configuration patient = new Configuration(flink);
        patient.set(RestOptions.RETRY_MAX_ATTEMPTS, 2);
        patient.set(RestOptions.RETRY_DELAY, Duration.ofMillis(500));
        try {
            return new RestClusterClient<>(patient, "rankstream");
        } catch (Exception e) {
            throw new UnreachableException(e);
        }
    }

    private static Optional<LiveJob> only(
            JobIdentity job,
            ReadableConfig flink,
            RestClusterClient<String> client,
            boolean ownProcess)
            throws UnreachableException, RecoveryException, InterruptedException {
        List<JobID> starts = new ArrayList<>();
        try {
            for (JobStatusMessage each :
                    client.listJobs().get(LOOK_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                if (!each.getJobState().isGloballyTerminalState() && job.isStart(each.getJobId())) {
                    starts.add(each.getJobId());
                }
            }
        } catch (ExecutionException | TimeoutException e) {
            client.close();
            throw new UnreachableException(e);
        }
        if (starts.size() == 1) {
            return Optional.of(new LiveJob(job, flink, client, starts.get(0), ownProcess));
        }
        String page = client.getWebInterfaceURL();
        client.close();
        if (starts.isEmpty()) {
            return Optional.empty();
        }
        throw new RecoveryException(
                "%d jobs with kafka.group-id '%s' run (%s): cancel all but one of %s there"
                        .formatted(starts.size(), job.groupId(), page, starts));
    }

    private static String rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null
                ? root.toString()
                : root.getMessage().lines().findFirst().orElse("");
    }
}
