package io.rankstream.ops.cli.option;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.settings.LoopMode;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Whether a command that serves the console serves a page beside it on which people label. */
public final class LabelingOption {

    @Option(
            names = "--labeling",
            description =
                    "Serve a page as well on which people label what the job asks. It writes what"
                            + " they say to the topic of topics.labels.")
    private boolean on;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    /**
     * Whether it does.
     *
     * @throws ParameterException if the job asks nobody
     */
    public boolean isOn(JobConfig job) {
        LoopMode mode = job.loop().mode();
        if (on && !mode.asks()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--labeling has nothing to show: loop.mode is %s, in which the job asks nobody; expected %s or %s"
                            .formatted(
                                    asWritten(mode),
                                    asWritten(LoopMode.TRAIN),
                                    asWritten(LoopMode.ONLY)));
        }
        return on;
    }

    private static String asWritten(LoopMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }
}
