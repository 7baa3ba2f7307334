package io.rankstream.ops.cli.dlq;

import io.rankstream.job.batch.MeantAdapter;
import io.rankstream.job.config.JobConfig;
import io.rankstream.ops.cli.option.BrokerContact;
import io.rankstream.ops.cli.option.ExitCode;
import io.rankstream.ops.dlq.DeadLetterTopic;
import io.rankstream.ops.dlq.Inspection;
import io.rankstream.ops.dlq.InspectionJson;
import io.rankstream.ops.dlq.InspectionText;
import io.rankstream.ops.standing.ToldAdapters;
import io.rankstream.schemas.DeadLetterReason;
import java.io.PrintWriter;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lists dead letters. */
@Command(
        name = "peek",
        description = {
            "Lists dead letters, the first ones of each partition first: when and why a record was"
                    + " refused, where it lay (topic/partition/offset), and the beginning of its text,"
                    + " or of what a vote or a command says, where it can be read. Counts by reason follow. Nothing is changed; only what"
                    + " is committed is seen. Texts of your stream are printed: mind who looks on."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class DlqPeekCommand implements Callable<Integer> {

    private enum Form {
        TEXT,
        JSON
    }

    @Mixin private LetterOptions letters;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description =
                    "Most letters to list; the counts are of all that match. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            defaultValue = "text",
            description = "Form of the output. Default: ${DEFAULT-VALUE}.")
    private Form form;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (limit < 0) {
            throw new ParameterException(
                    spec.commandLine(), "--limit is %d, expected 0 or more".formatted(limit));
        }
        JobConfig job = letters.job();
        BrokerContact.require(job.kafka(), spec.commandLine().getErr());
        try (DeadLetterTopic topic = DeadLetterTopic.open(job)) {
            Inspection inspection =
                    Inspection.of(
                            topic, letters.filter(job, Set.of(DeadLetterReason.values())), limit);
            PrintWriter out = spec.commandLine().getOut();
            out.print(
                    form == Form.JSON
                            ? InspectionJson.of(inspection)
                            : InspectionText.of(inspection));
            out.flush();
            if (inspection.matching() == 0 && letters.adapter().isPresent()) {
                tellIfUnknown(letters.adapter().get(), job);
            }
        }
        return ExitCode.OK;
    }

    /** A slip in the name of an adapter finds nothing. */
    private void tellIfUnknown(String adapter, JobConfig job) throws Exception {
        ToldAdapters told = ToldAdapters.lookFor(adapter, job);
        Set<String> known = new TreeSet<>(told.others());
        known.addAll(job.adapters().named().keySet());
        if (!told.isAmongThem() && !known.isEmpty() && !known.contains(adapter)) {
            PrintWriter err = spec.commandLine().getErr();
            err.printf(
                    "rankstream: the job has said nothing about adapter '%s'%s%n",
                    adapter, MeantAdapter.among(known, adapter));
            err.flush();
        }
    }
}
