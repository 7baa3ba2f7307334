package io.rankstream.ops.cli;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.mapping.ExampleField;
import io.rankstream.job.mapping.ExampleMapping;
import io.rankstream.job.mapping.MappedExample;
import io.rankstream.ops.send.ExampleSender;
import io.rankstream.ops.send.RecordFile;
import io.rankstream.ops.send.RecordFileException;
import io.rankstream.ops.send.SourceRecord;
import io.rankstream.ops.terminal.StatusLine;
import io.rankstream.schemas.LabeledExample;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sends labeled examples of a file to the input topic of a job. */
@Command(
        name = "send",
        description = {
            "Sends labeled examples to the input topic of a configuration, from a file of JSON (one"
                    + " object a line, or one array of objects) or CSV with a first line that names"
                    + " the columns. Files may be gzipped; - reads standard input. What cannot be an"
                    + " example is left out, with its line and the reason.",
            "",
            "--map names where the fields exampleId, adapterId, text, label and eventTime are:"
                    + " --map exampleId=ticket,adapterId=customer,text=body.text,label=category."
                    + " A field that is not named is looked for under its own name. eventTime may be"
                    + " missing."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:everything was stored",
            "  1:something was left out, or there was nothing to send",
            "  2:wrong usage or configuration, or a file that cannot be read to its end",
            "  3:broker or registry not there",
            "130:interrupted"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class SendCommand implements Callable<Integer> {

    /** A wrong mapping leaves out everything: it need not be told a million times. */
    private static final int HOPELESS = 100;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "Configuration of the job.")
    private Path config;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Source source;

    /** Where the examples come from. */
    private static final class Source {

        @Option(names = "--json", paramLabel = "FILE|-", description = "File of JSON.")
        private String json;

        @Option(names = "--csv", paramLabel = "FILE|-", description = "File of CSV.")
        private String csv;

        String name() {
            return json == null ? csv : json;
        }

        RecordFile open() throws IOException {
            return json == null ? RecordFile.csv(csv) : RecordFile.json(json);
        }
    }

    @Option(
            names = "--map",
            paramLabel = "FIELD=PATH",
            split = ",",
            description = "Where the fields of an example are; dots lead into objects.")
    private Map<String, String> paths = Map.of();

    @Option(
            names = "--default",
            paramLabel = "FIELD=VALUE",
            description =
                    "What a field is where a record has none, such as --default adapterId=acme; may be"
                            + " given several times.")
    private Map<String, String> defaults = Map.of();

    @Spec private CommandSpec spec;

    private final Instant start = Instant.now();
    private final Set<String> adapters = new HashSet<>();
    private final AtomicLong leftOut = new AtomicLong();
    private long line;

    @Override
    public Integer call() throws Exception {
        ExampleMapping mapping =
                new ExampleMapping(fields("--map", paths), fields("--default", defaults));
        JobConfig job = ConfigFile.load(config);
        try (RecordFile file = source.open();
                ExampleSender sender = ExampleSender.open(job)) {
            StatusLine status = new StatusLine(out(), Terminal.columns());
            try {
                send(file, mapping, sender, status);
                sender.flush();
            } catch (InterruptedException | ClosedByInterruptException e) {
                Thread.interrupted(); // what is on its way may still arrive
                sender.settle();
                status.clear();
                out().printf("Stopped after line %d: what came before is stored.%n", line);
                throw e;
            } finally {
                sender.settle();
                status.clear();
                report(sender);
            }
            return leftOut.get() == 0 && sender.stored() > 0 ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private void send(
            RecordFile file, ExampleMapping mapping, ExampleSender sender, StatusLine status)
            throws IOException, InterruptedException {
        long read = 0;
        for (Optional<SourceRecord> next = file.next(); next.isPresent(); next = file.next()) {
            read++;
            line = next.get().line();
            MappedExample mapped = mapped(next.get(), mapping);
            if (mapped instanceof MappedExample.Complete complete) {
                LabeledExample example = complete.example();
                sender.send(line, example, this::leaveOut);
                adapters.add(example.getAdapterId());
            } else if (mapped instanceof MappedExample.Incomplete incomplete) {
                leaveOut(line, String.join("; ", incomplete.problems()));
            }
            if (read == HOPELESS && leftOut.get() == HOPELESS) {
                throw new RecordFileException(
                        "%s: none of the first %d records is an example; correct --map or the file"
                                .formatted(source.name(), HOPELESS));
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            status.show(() -> progress(sender), Duration.between(start, Instant.now()));
        }
    }

    private static MappedExample mapped(SourceRecord record, ExampleMapping mapping) {
        return record instanceof SourceRecord.Value value
                ? mapping.read(value.value(), Instant.now())
                : new MappedExample.Incomplete(
                        List.of(((SourceRecord.Unreadable) record).reason()));
    }

    /** Called by the producer's thread, too. */
    private void leaveOut(long line, String reason) {
        leftOut.incrementAndGet();
        PrintWriter err = spec.commandLine().getErr();
        err.println("rankstream: %s, line %d left out: %s".formatted(source.name(), line, reason));
        err.flush();
    }

    private String progress(ExampleSender sender) {
        double seconds = Duration.between(start, Instant.now()).toMillis() / 1000.0;
        return String.format(
                Locale.ROOT,
                "line %,d, %,d stored, %,d left out, %,.0f/s",
                line,
                sender.stored(),
                leftOut.get(),
                sender.stored() / seconds);
    }

    private void report(ExampleSender sender) {
        out().printf(
                        Locale.ROOT,
                        "%,d examples of %,d adapters stored in %s, %,d records left out.%n",
                        sender.stored(),
                        adapters.size(),
                        sender.topic(),
                        leftOut.get());
        out().flush();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private Map<ExampleField, String> fields(String option, Map<String, String> given) {
        Map<ExampleField, String> fields = new EnumMap<>(ExampleField.class);
        given.forEach(
                (name, value) ->
                        fields.put(
                                ExampleField.of(name)
                                        .orElseThrow(
                                                () ->
                                                        new ParameterException(
                                                                spec.commandLine(),
                                                                "%s names '%s', expected one of %s"
                                                                        .formatted(
                                                                                option,
                                                                                name,
                                                                                List.of(
                                                                                        ExampleField
                                                                                                .values())))),
                                value));
        return fields;
    }
}
