package io.rankstream.ops.cli;

import io.rankstream.job.config.JobConfig;
import io.rankstream.ops.cli.option.BrokerContact;
import io.rankstream.ops.cli.option.ConfigOption;
import io.rankstream.ops.cli.option.ExitCode;
import io.rankstream.ops.cli.option.Terminal;
import io.rankstream.ops.standing.JobOutputs;
import io.rankstream.ops.standing.JobSight;
import io.rankstream.ops.standing.Standings;
import io.rankstream.ops.top.TopJson;
import io.rankstream.ops.top.TopText;
import io.rankstream.ops.top.TopView;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows how the adapters of a job do. */
@Command(
        name = "top",
        description = {
            "Shows how each adapter of a job does, the busiest first, and how good those are that predict inputs"
                    + " without a label.",
            "Of each adapter: examples it learned from, accuracy before learning over all of them and over the"
                    + " last 50, what words alone would have reached without a model, accuracy of always saying the most"
                    + " frequent label, mean loss of the last 50, newest version, rank budget, examples since the newest"
                    + " alarm of drift, records refused in all and in the last hour, and examples in the last minute.",
            "Adapters that learn numbers have a table of their own: Pearson's correlation over all examples and"
                    + " over the last 1,000, Spearman's over the last 1,000, the root of the mean squared error, and what"
                    + " always saying the mean would have there.",
            "Adapters that predict inputs without a label have a table more: their accuracy on all of those,"
                    + " estimated from the labels that were asked for, its 95 %% interval, the hour of the stream that it"
                    + " goes up to, the labels and inputs of its window, requests that wait for an answer, how often annotators agree, requests made of those that"
                    + " the budget allowed, and inputs in the last minute.",
            "Columns that a terminal has no room for are named below. It reads the newest 50,000 committed"
                    + " records of each of the job's outputs, and says so where there are more. On a terminal it goes"
                    + " on until Ctrl-C."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class TopCommand implements Callable<Integer> {

    /** Lines around the rows: headers of the tables, notes, and the prompt. */
    private static final int OTHER_LINES = 16;

    private static final int ROWS_WITHOUT_TERMINAL = 1000;
    private static final long LOOK_INTERVAL_MILLIS = 1000;
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final String LINES_UP = "\u001b[%dA";

    private enum Form {
        TEXT,
        JSON
    }

    @Mixin private ConfigOption config;

    @Option(names = "--once", description = "Show it once, as is done where there is no terminal.")
    private boolean once;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            defaultValue = "text",
            description = "Form of the output; json is shown once. Default: ${DEFAULT-VALUE}.")
    private Form form;

    @Spec private CommandSpec spec;

    private final Standings standings = new Standings();

    @Override
    public Integer call() throws Exception {
        JobConfig job = config.job();
        BrokerContact.require(job.kafka(), spec.commandLine().getErr());
        try (JobOutputs outputs = JobOutputs.committed(job)) {
            OptionalInt columns = Terminal.columns();
            JobSight sight = JobSight.of(job);
            if (form == Form.JSON) {
                print(TopJson.of(look(outputs, sight)));
            } else if (once || columns.isEmpty()) {
                print(TopText.of(look(outputs, sight), ROWS_WITHOUT_TERMINAL, Integer.MAX_VALUE));
            } else {
                follow(outputs, sight, columns.getAsInt());
            }
            return ExitCode.OK;
        }
    }

    private void follow(JobOutputs outputs, JobSight sight, int columns) throws Exception {
        int rows = Math.max(1, Terminal.lines().orElse(24) - OTHER_LINES);
        String above = "";
        while (true) {
            TopView view = look(outputs, sight);
            String text = TopText.of(view, rows, columns);
            print(above + CLEAR_BELOW + text);
            above = LINES_UP.formatted(text.lines().count());
            Thread.sleep(LOOK_INTERVAL_MILLIS);
        }
    }

    private TopView look(JobOutputs outputs, JobSight sight) throws Exception {
        outputs.readInto(standings);
        return TopView.of(standings, outputs, sight, Instant.now());
    }

    private void print(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
    }
}
