package io.rankstream.ops.cli.run;

import io.rankstream.adapters.text.Program;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.recovery.RecoveryException;
import io.rankstream.job.recovery.StartingState;
import io.rankstream.job.recovery.StateChoice;
import picocli.CommandLine.Option;

/** What a start does with the state of earlier ones: one of four options. */
public final class StateOptions {

    @Option(
            names = "--resume",
            description =
                    "Go on from the newest complete checkpoint or savepoint of the job, which is"
                            + " found by its kafka.group-id.")
    private boolean resume;

    @Option(
            names = "--resume-if-any",
            description =
                    "The same, or start anew where no earlier start has left anything: for a service"
                            + " that always starts alike.")
    private boolean resumeIfAny;

    @Option(
            names = "--from",
            paramLabel = "PATH",
            description = "Go on from this checkpoint (chk-...) or savepoint.")
    private String path;

    @Option(
            names = "--fresh",
            description =
                    "Start anew, whatever earlier starts have left. Versions count on from those"
                            + " that are published.")
    private boolean fresh;

    /**
     * What the job goes on from.
     *
     * @param options null where none of them was given
     */
    public static StartingState decide(StateOptions options, JobConfig job)
            throws RecoveryException {
        return StartingState.decide(
                job, job.flink(), options == null ? new StateChoice.Unsaid() : options.choice());
    }

    /**
     * The option as it was given.
     *
     * @param options null where none of them was given
     * @return blank for none
     */
    static String asGiven(StateOptions options) {
        if (options == null) {
            return "";
        }
        if (options.resume) {
            return "--resume";
        }
        if (options.resumeIfAny) {
            return "--resume-if-any";
        }
        return options.fresh ? "--fresh" : "--from " + Program.quoted(options.path);
    }

    private StateChoice choice() {
        if (resume) {
            return new StateChoice.Newest();
        }
        if (resumeIfAny) {
            return new StateChoice.NewestIfAny();
        }
        return fresh ? new StateChoice.Fresh() : new StateChoice.From(path);
    }
}
