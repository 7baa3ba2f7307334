package io.rankstream.ops.demo;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.preflight.PreflightException;
import io.rankstream.job.preflight.TopicCreation;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.console.Console;
import io.rankstream.ops.console.ConsoleSubject;
import io.rankstream.ops.files.OwnedFolder;
import io.rankstream.ops.stack.Distribution;
import io.rankstream.ops.stack.LocalStack;
import io.rankstream.ops.stack.StackException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * What every demo has: a broker and a registry of its own, a folder for what it leaves behind, and
 * somebody who looks on.
 *
 * @param output folder for what it leaves behind
 * @param out where it tells of itself
 * @param columns width of the terminal behind {@code out}; empty when there is none
 * @param consoles opens what shows the run
 */
public record DemoStage(
        OutputFolder output, PrintWriter out, OptionalInt columns, Consoles consoles) {

    /** Opens the console of a job. */
    @FunctionalInterface
    public interface Consoles {

        /**
         * Opens one, or none.
         *
         * @param say told where it is, or why there is none
         */
        Console open(JobConfig job, ConsoleSubject subject, Consumer<String> say)
                throws InterruptedException;
    }

    /** What is done between the start and the end of broker and registry. */
    @FunctionalInterface
    public interface Act {

        /**
         * Does it.
         *
         * @param work folder that is gone afterwards
         */
        void play(LocalStack stack, OwnedFolder work) throws Exception;
    }

    /** Starts broker and registry; they are gone when this returns or throws. */
    public void play(Act act) throws Exception {
        try (OwnedFolder work = OwnedFolder.in(Path.of(System.getProperty("java.io.tmpdir")))) {
            if (output.hasReplaced()) {
                say("The output of an earlier demo in %s is replaced.", output.root());
            }
            say("Starting the broker and the schema registry (logs in %s)", output.logs());
            try (LocalStack stack =
                    LocalStack.start(Distribution.locate(), work.path(), output.logs())) {
                act.play(stack, work);
            }
        }
    }

    /** Creates the topics of a job; one partition of each input keeps the order of arrival. */
    public static void createTopics(JobConfig job, List<Topic<?>> inputs)
            throws ExecutionException, InterruptedException, PreflightException {
        try (Admin admin = Admin.create(job.kafka().impatientProperties())) {
            admin.createTopics(
                            inputs.stream()
                                    .map(each -> new NewTopic(job.topics().of(each), 1, (short) 1))
                                    .toList())
                    .all()
                    .get();
        }
        TopicCreation.createMissing(job.kafka(), job.topics(), job.usedTopics());
    }

    /** Waits until it is interrupted. */
    public void keepRunning(LocalStack stack) throws InterruptedException, StackException {
        say("Broker   %s", stack.bootstrapServers());
        say("Registry %s", stack.registryUrl());
        say("Both stay up until Ctrl-C. Configuration of the run: %s", output.config());
        while (true) {
            stack.requireRunning();
            Thread.sleep(1000);
        }
    }

    /** Tells a sentence. */
    public void say(String format, Object... arguments) {
        say(String.format(Locale.ROOT, format, arguments));
    }

    /** Tells a sentence as it is. */
    public void say(String sentence) {
        out.println(sentence);
        out.flush();
    }
}
