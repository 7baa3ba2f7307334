package io.rankstream.ops.cli.run;

import io.rankstream.adapters.text.Program;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.recovery.LiveJob;
import io.rankstream.job.recovery.RecoveryException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What the commands to a running job share. */
public final class LiveJobs {

    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

    private LiveJobs() {}

    /** The job of a configuration, which runs. */
    public static LiveJob require(JobConfig job)
            throws RecoveryException, LiveJobMissingException, InterruptedException {
        return LiveJob.find(job, job.flink())
                .orElseThrow(() -> new LiveJobMissingException(job.kafka().groupId()));
    }

    /** A URI as it is; a path from this process's folder, which the job's process may not have. */
    public static String absolute(String folder) {
        return URI.matcher(folder).matches()
                ? folder
                : Path.of(folder).toAbsolutePath().normalize().toUri().toString();
    }

    /** The command that goes on from the newest state. */
    public static String goOn(LiveJob job, Path config) {
        return job.hasOwnProcess()
                ? GoingOn.resume(config)
                : "flink run rankstream-job.jar --config %s --resume"
                        .formatted(Program.quoted(config.toString()));
    }
}
