package io.rankstream.ops.cli.option;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.ops.console.Console;
import io.rankstream.ops.console.ConsoleException;
import io.rankstream.ops.console.ConsoleSubject;
import io.rankstream.ops.console.ServedConsole;
import io.rankstream.ops.console.ServedLabeling;
import io.rankstream.ops.labeling.Labeling;
import io.rankstream.ops.labeling.LabelingException;
import io.rankstream.ops.standing.OutputsException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** Whether a command that runs a job serves its page meanwhile. */
public final class ConsoleOption {

    @Option(
            names = "--no-console",
            description = "Serve no page that shows how the adapters learn.")
    private boolean off;

    /**
     * Opens the page, without which the job runs as well.
     *
     * @param say told where it is
     * @param warn told why there is none
     */
    public Console open(
            JobConfig job, ConsoleSubject subject, Consumer<String> say, Consumer<String> warn)
            throws InterruptedException {
        if (off) {
            return Console.none();
        }
        try {
            ServedConsole console =
                    ServedConsole.open(job, job.consolePort(), subject, InstantSource.system());
            say.accept("Console: " + console.address());
            return console;
        } catch (ConsoleException | OutputsException e) {
            warn.accept("there is no console, and the job runs without: " + e.getMessage());
            return Console.none();
        }
    }

    /** As {@link #open}, with the page on which people label beside it, or that alone. */
    public Console openWithLabeling(
            JobConfig job, ConsoleSubject subject, Consumer<String> say, Consumer<String> warn)
            throws InterruptedException {
        try {
            Labeling labeling = Labeling.open(job, InstantSource.system());
            if (off) {
                ServedLabeling served = ServedLabeling.open(job.consolePort(), labeling);
                say.accept("Labeling: " + labeling.address(served.address()));
                return served;
            }
            ServedConsole console =
                    ServedConsole.open(
                            job,
                            job.consolePort(),
                            subject,
                            Optional.of(labeling),
                            InstantSource.system());
            say.accept("Console: " + console.address());
            say.accept("Labeling: " + labeling.address(console.address()));
            return console;
        } catch (ConsoleException | OutputsException | LabelingException | RegistryException e) {
            warn.accept(
                    "there is no console and no labeling page, and the job runs without: "
                            + e.getMessage());
            return Console.none();
        }
    }
}
