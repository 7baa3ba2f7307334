package io.rankstream.ops.cli.dlq;

import io.rankstream.adapters.text.Amount;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.cli.option.BrokerContact;
import io.rankstream.ops.cli.option.ExitCode;
import io.rankstream.ops.cli.option.Terminal;
import io.rankstream.ops.dlq.DeadLetterTopic;
import io.rankstream.ops.dlq.Remedy;
import io.rankstream.ops.dlq.replay.Replay;
import io.rankstream.ops.dlq.replay.ReplayCount;
import io.rankstream.ops.terminal.StatusLine;
import io.rankstream.schemas.DeadLetterReason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sends the records in dead letters back to where they came from. */
@Command(
        name = "replay",
        description = {
            "Sends the records in dead letters back to the topics that they came from, examples as"
                    + " well as inputs, votes and commands, to be read once the reason of their"
                    + " refusal is gone: start the job with the changed configuration first. Key, value, headers and timestamp are the original ones,"
                    + " and so is the partition; one header is new,"
                    + " rankstream.replay-of=topic/partition/offset of the original. Where a letter"
                    + " holds the beginning of its record alone, the record is read from the topic"
                    + " itself; it is left out where it is no longer there. A command is carried"
                    + " out when it comes, however old it is.",
            "",
            "Without --reason, letters are sent back whose reason a change of configuration, registry"
                    + " or adapter cures: UNKNOWN_SCHEMA, UNKNOWN_ADAPTER, UNKNOWN_LABEL, TARGET_MISMATCH,"
                    + " ADAPTER_MISMATCH, ADAPTER_PAUSED and ADAPTER_LIMIT. Any other, NULL_VALUE"
                    + " included, is sent back if it is asked for. Letters of a topic that"
                    + " the job does not read are never sent anywhere.",
            "",
            "Guarantee: a refused record is sent back at most once, whatever filters are given, by"
                    + " however many replays under one kafka.group-id, at once or after a crash; and"
                    + " exactly once when the command ends with exit code 0. Each record is sent in"
                    + " one transaction with a note on the compacted topic"
                    + " <topics.dead-letters>-replayed, which must be kept as long as the dead"
                    + " letters. A record that is refused again has a new letter, which can be sent"
                    + " back again."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class DlqReplayCommand implements Callable<Integer> {

    @Mixin private LetterOptions letters;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description =
                    "Most records to send, the first of each partition first; all by default.")
    private Long limit;

    @Option(names = "--dry-run", description = "Tell what would be sent, and send nothing.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Send without asking.")
    private boolean yes;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (limit != null && limit < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--limit is %d, expected 1 or more".formatted(limit));
        }
        JobConfig job = letters.job();
        BrokerContact.require(job.kafka(), spec.commandLine().getErr());
        try (DeadLetterTopic topic = DeadLetterTopic.open(job)) {
            Replay replay =
                    new Replay(
                            topic,
                            letters.filter(job, Remedy.curable()),
                            limit == null ? Long.MAX_VALUE : limit);
            ReplayCount due = watched("Counting", job, replay::count);
            tell("To be sent", due, topic);
            if (!dryRun && due.total() > 0 && (yes || confirmed())) {
                tell("Sent", watched("Sending", job, replay::send), topic);
            }
        }
        return ExitCode.OK;
    }

    /** Counting or sending, which both look through all letters. */
    private interface Task {
        ReplayCount run(Replay.Progress progress) throws Exception;
    }

    /** Says on standard error what is done, and how far it is. */
    private ReplayCount watched(String doing, JobConfig job, Task task) throws Exception {
        PrintWriter err = spec.commandLine().getErr();
        err.printf("%s what is due in topic '%s'%n", doing, job.topics().of(Topic.DEAD_LETTERS));
        err.flush();
        Instant start = Instant.now();
        StatusLine status = new StatusLine(err, Terminal.columns());
        try {
            return task.run(
                    (letters, due) ->
                            status.show(
                                    () ->
                                            "%s looked through, %,d due"
                                                    .formatted(
                                                            Amount.of(letters, "dead letter"), due),
                                    Duration.between(start, Instant.now())));
        } finally {
            status.clear();
        }
    }

    private boolean confirmed() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.print("Send them? [y/N] ");
        out.flush();
        String answer =
                new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()))
                        .readLine();
        if (answer == null) {
            out.println();
            throw new ParameterException(
                    spec.commandLine(),
                    "nobody is there to be asked, so nothing was sent: add --yes, or --dry-run to see what would be sent");
        }
        return answer.strip().equalsIgnoreCase("y");
    }

    private void tell(String what, ReplayCount count, DeadLetterTopic letters) {
        PrintWriter out = spec.commandLine().getOut();
        count.byTopic()
                .forEach(
                        (topic, byReason) ->
                                out.printf(
                                        "%s to '%s': %s (%s)%n",
                                        what,
                                        topic,
                                        Amount.of(ReplayCount.sum(byReason), "record"),
                                        reasons(byReason)));
        if (count.total() == 0) {
            out.printf("%s: 0 records%n", what);
        }
        if (count.sentBefore() > 0) {
            out.printf("Left out: %,d that were sent back before%n", count.sentBefore());
        }
        if (count.ofOtherTopics() > 0) {
            out.printf(
                    "Left out: %,d of topics that the job does not read; it reads %s%n",
                    count.ofOtherTopics(), String.join(", ", letters.inputs()));
        }
        if (count.incomplete() > 0) {
            out.printf(
                    "Left out: %,d whose letter holds the beginning of the record alone, and whose record is no longer on its topic or too large to be held%n",
                    count.incomplete());
        }
        out.flush();
    }

    private static String reasons(Map<DeadLetterReason, Long> byReason) {
        return byReason.entrySet().stream()
                .map(entry -> "%s %,d".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }
}
