package io.rankstream.ops.cli;

import io.rankstream.adapters.state.AdapterId;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.text.Amount;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.settings.InputFormat;
import io.rankstream.job.config.settings.InputSettings;
import io.rankstream.job.decode.JsonInputDecoder;
import io.rankstream.job.mapping.ExampleField;
import io.rankstream.job.mapping.JsonDocuments;
import io.rankstream.job.mapping.JsonMapping;
import io.rankstream.job.mapping.MappedJson;
import io.rankstream.job.mapping.MappedPrediction;
import io.rankstream.job.record.TargetDatum;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.cli.option.AdapterIds;
import io.rankstream.ops.cli.option.BrokerContact;
import io.rankstream.ops.cli.option.ConfigOption;
import io.rankstream.ops.cli.option.ExitCode;
import io.rankstream.ops.cli.option.FormatConverter;
import io.rankstream.ops.cli.option.Terminal;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.ops.send.DocumentFields;
import io.rankstream.ops.send.FileLabels;
import io.rankstream.ops.send.RecordFile;
import io.rankstream.ops.send.RecordFileException;
import io.rankstream.ops.send.RecordSender;
import io.rankstream.ops.send.RecordsByReason;
import io.rankstream.ops.send.SendException;
import io.rankstream.ops.send.SourceRecord;
import io.rankstream.ops.send.UnnamedAdapters;
import io.rankstream.ops.send.UnreadTopic;
import io.rankstream.ops.send.format.FileFormat;
import io.rankstream.ops.send.format.SentAs;
import io.rankstream.ops.terminal.StatusLine;
import io.rankstream.ops.vote.VoteField;
import io.rankstream.ops.vote.VoteMapping;
import io.rankstream.ops.vote.VoteReader;
import io.rankstream.schemas.GivenPrediction;
import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.UnlabeledInput;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecordBase;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Sends labeled examples, inputs without a label, or votes of a file to an input topic of a job.
 */
@Command(
        name = "send",
        description = {
            "Sends labeled examples, with --unlabeled inputs without a label, or with --votes what"
                    + " people say of inputs, to the topic of such of"
                    + " a configuration, from a file of JSON (one object a line, or one array of objects) or CSV with a first line that names"
                    + " the columns, or a file of a public data set. Files may be gzipped; - reads standard input. What cannot be"
                    + " one of these is left out, with its place and the reason.",
            "",
            "--map names where the fields exampleId, adapterId, text, textPair, label and eventTime,"
                    + " and metadata and prediction of inputs, are, such as"
                    + " exampleId=ticket,adapterId=customer,text=body.text,label=category. Of CSV,"
                    + " these are names of columns. A field that is not named is looked for under its"
                    + " own name.",
            "",
            "--format names a public data set, whose files need no --map: glue:TASK is a table of GLUE"
                    + " with tabs, or Hugging Face's export of it to JSON. TASK is cola, sst2, mrpc,"
                    + " qqp, stsb, mnli, qnli, rte or wnli. Labels are sent by their names, 1 of sst2"
                    + " as positive; stsb has numbers, for an adapter of task regression. A test file"
                    + " without labels is for --unlabeled. conll is a word and its tag a line, with a"
                    + " blank line after each sentence, for an adapter of task token-classification."
                    + " squad is a file of SQuAD 1.1 or 2.0, for an adapter of task question-answering: text is the question, textPair the"
                    + " passage, and the label where in it the answer is.",
            "",
            "The label of an adapter of task regression is a number: in CSV a cell such as 3.5 or"
                    + " -1e3, in JSON without quotes. What is none, or none that can be learned, is"
                    + " left out.",
            "",
            "Where the topic holds JSON, documents are sent as they are, and the mapping is that of"
                    + " the configuration.",
            "",
            "--unlabeled sends inputs to predict to the topic of such, which a job reads where"
                    + " loop.mode says so. They need no label, and one that is there is not sent; but"
                    + " documents of a topic of JSON are sent as they are.",
            "",
            "--votes sends votes to the topic of such, which a job reads where loop.mode is train or"
                    + " only. Each has an exampleId, an adapterId, an annotator, and a label, which is"
                    + " what the annotator says is true. It may also have: kind, VOTE unless it is SKIP"
                    + " (cannot tell) or RETRACT (takes the vote back), which have no label; requestId,"
                    + " that of the request that it answers, and labelRevision as the request has it;"
                    + " labeledAt, ISO-8601 with an offset or milliseconds since 1970, now without it;"
                    + " labelId, the same for all that changes one vote, source and annotator without"
                    + " it; revision, which rises with each change, the time labeledAt without it;"
                    + " suggestionShown, leadTimeMs, and source, 'send' without it. In --map,"
                    + " defaults.adapterId, defaults.annotator and defaults.source stand in for what a"
                    + " record does not have. Votes are Avro, whatever the examples are.",
            "",
            "--demo sends the mails that '${ROOT-COMMAND-NAME} demo' learns from, to a topic of Avro.",
            "",
            "eventTime may be missing. It is ISO-8601 with an offset, unless eventTimeUnit says"
                    + " seconds, millis, micros or nanos. In --map, defaults.adapterId=acme and"
                    + " defaults.label stand in for what a record does not have, and"
                    + " defaults.exampleId=topic-partition-offset makes ids out of file and line, and of the number among several in a line."
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

    /** Texts that are no labels, or no adapters, are of as many kinds as there are records. */
    private static final int MOST_DOUBTS = 20;

    private static final List<ExampleField> NEEDED =
            List.of(ExampleField.EXAMPLE_ID, ExampleField.ADAPTER_ID, ExampleField.TEXT);

    /** What a topic of Avro has no use for. */
    private static final byte[] NO_DOCUMENT = {};

    @Mixin private ConfigOption config;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Source source;

    /** Where the examples come from. */
    private static final class Source {

        @Option(names = "--json", paramLabel = "FILE|-", description = "File of JSON.")
        private String json;

        @Option(names = "--csv", paramLabel = "FILE|-", description = "File of CSV.")
        private String csv;

        @Option(
                names = "--demo",
                description =
                        "The demo's mails, in their order of arrival, for adapters 'spam' and"
                                + " 'list'.")
        private boolean demo;

        @ArgGroup(exclusive = false)
        private DataSet dataSet;

        String name() {
            if (demo) {
                return "the demo's mails";
            }
            if (dataSet != null) {
                return dataSet.file;
            }
            return json == null ? csv : json;
        }

        RecordFile open(boolean labeled) throws IOException {
            if (dataSet != null) {
                return dataSet.open(labeled);
            }
            return json == null ? RecordFile.csv(csv) : RecordFile.json(json);
        }
    }

    /** A file of a public data set. */
    private static final class DataSet {

        @Option(
                names = "--format",
                required = true,
                paramLabel = "FORMAT",
                converter = FormatConverter.class,
                description = "Format of FILE, such as glue:mnli, conll or squad.")
        private FileFormat format;

        @Option(
                names = "--adapter",
                required = true,
                paramLabel = "ID",
                description = "Adapter that the records of FILE are for.")
        private String adapter;

        @Parameters(paramLabel = "FILE|-", description = "File of --format.")
        private String file;

        RecordFile open(boolean labeled) throws IOException {
            return RecordFile.of(
                    file, bytes -> format.read(file, bytes, new SentAs(adapter, labeled)));
        }
    }

    @Option(
            names = "--map",
            paramLabel = "FIELD=PATH,...",
            description =
                    "Where the fields of a record are; a comma in a path has a backslash before it.")
    private String map;

    @ArgGroup(exclusive = true)
    private Sent sent = new Sent();

    /** What is sent: examples, unless it says otherwise. */
    private static final class Sent {

        @Option(names = "--unlabeled", description = "Send inputs to predict, without a label.")
        private boolean unlabeled;

        @Option(names = "--votes", description = "Send what people say is true of inputs.")
        private boolean votes;

        String noun() {
            if (votes) {
                return "vote";
            }
            return unlabeled ? "input" : "example";
        }

        String one() {
            return votes ? "a vote" : "an " + noun();
        }
    }

    /** The job that records are sent to. */
    private JobConfig job;

    /** Where the fields of an example, or of an input, are. */
    private JsonMapping mapping;

    private FileLabels labels;

    @Spec private CommandSpec spec;

    private final Instant start = Instant.now();
    private final Set<String> adapters = new HashSet<>();
    private final RecordsByReason leftOut = new RecordsByReason("left out");

    /** What is sent although the configuration does not say that it can be learned. */
    private final RecordsByReason doubtful = new RecordsByReason("sent");

    /** Reasons of those, and how many examples have one or more. */
    private long doubts;

    private long doubtfulExamples;

    /** Says what becomes of adapters that the configuration does not name, and how many it met. */
    private UnnamedAdapters unnamed;

    private long unnamedAdapters;

    /** Where in the file the last record is that was read. */
    private String place = "its beginning";

    /** Its line, and how many records before it begin there, too. */
    private long line;

    private long sameLine;

    /** A record that lacks fields, as long as none is what is sent. */
    private Optional<String> hint = Optional.empty();

    private boolean anyRead;
    private boolean mapsByConfiguration;

    @Override
    public Integer call() throws Exception {
        return sent.votes ? sendVotes() : sendTexts();
    }

    private int sendVotes() throws Exception {
        if (source.demo) {
            throw new ParameterException(
                    spec.commandLine(), "--demo has mails and no votes: send a file of your own");
        }
        if (source.dataSet != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "a file of --format has examples and no votes: send votes with --json or --csv");
        }
        VoteMapping where = voteMapping();
        job = config.job();
        labels = new FileLabels(job.adapters(), source.csv != null);
        VoteReader reader = new VoteReader(where, labels, InstantSource.system());
        return send(Topic.LABELS, document -> vote(reader, document), List.of());
    }

    private int sendTexts() throws Exception {
        if (source.dataSet != null) {
            AdapterIds.require(source.dataSet.adapter, spec);
        }
        JsonMapping given = mapping();
        job = config.job();
        requireAvroForTheDemo(job.input());
        requireOwnNamesForADataSet(job.input());
        mapsByConfiguration = job.input().format() == InputFormat.JSON;
        mapping = mapping(job.input(), given);
        labels = new FileLabels(job.adapters(), source.csv != null);
        requireTheAdapterOfTheFormat();
        List<LabeledExample> mails =
                source.demo ? MailStream.open().examples(Integer.MAX_VALUE) : List.of();
        if (sent.unlabeled) {
            JsonDocuments documents = JsonDocuments.ofInputs(mapping);
            return send(
                    Topic.UNLABELED_INPUTS,
                    document -> text(documents, document, this::input),
                    mails.stream().map(SendCommand::inputOf).toList());
        }
        JsonDocuments documents = JsonDocuments.ofExamples(mapping, labels::form);
        return send(
                Topic.LABELED_EXAMPLES,
                document -> text(documents, document, this::example),
                mails);
    }

    /**
     * A record to send.
     *
     * @param document the record as it stands in the file
     */
    private record Made<T>(String adapter, T value, byte[] document) {}

    /** Makes what is sent of a document. */
    @FunctionalInterface
    private interface Making<T> {

        /** Empty if it was left out. */
        Optional<Made<T>> of(byte[] document) throws IOException;
    }

    /** Makes what is sent of a document that has what it needs. */
    @FunctionalInterface
    private interface MakingOfText<T> {

        /** Empty if it was left out. */
        Optional<Made<T>> of(MappedJson found, String adapter, byte[] document) throws IOException;
    }

    /**
     * @param mails what is sent instead of a file, where that is the demo's mails
     */
    private <T extends SpecificRecordBase> int send(Topic<T> topic, Making<T> making, List<T> mails)
            throws Exception {
        try (RecordFile file = source.demo ? null : source.open(!sent.unlabeled);
                RecordSender<T> sender = sender(topic)) {
            StatusLine status = new StatusLine(out(), Terminal.columns());
            try {
                if (source.demo) {
                    sendMails(mails, sender, status);
                } else {
                    send(file, making, sender, status);
                }
                sender.flush();
            } catch (InterruptedException | ClosedByInterruptException e) {
                Thread.interrupted(); // what is on its way may still arrive
                sender.settle();
                status.clear();
                out().printf("Stopped after %s: what came before is stored.%n", place);
                throw e;
            } finally {
                sender.settle();
                status.clear();
                report(sender);
            }
            return leftOut.count() == 0 && sender.stored() > 0 ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    /** Where records go, of a file that is known to be readable: what refuses it is told first. */
    private <T extends SpecificRecordBase> RecordSender<T> sender(Topic<T> topic) throws Exception {
        unnamed = new UnnamedAdapters(job, topic);
        UnreadTopic.told(job, topic).ifPresent(this::complain);
        BrokerContact.require(job.kafka(), spec.commandLine().getErr());
        return RecordSender.open(job, topic);
    }

    private <T extends SpecificRecordBase> void send(
            RecordFile file, Making<T> making, RecordSender<T> sender, StatusLine status)
            throws IOException, InterruptedException {
        long read = 0;
        for (Optional<SourceRecord> next = file.next(); next.isPresent(); next = file.next()) {
            read++;
            sameLine = next.get().line() == line ? sameLine + 1 : 0;
            line = next.get().line();
            place = next.get().place();
            if (next.get() instanceof SourceRecord.Document document) {
                Optional<Made<T>> made = making.of(document.json());
                if (made.isPresent()) {
                    sender.send(place, made.get().value(), made.get().document(), this::leaveOut);
                    note(made.get().adapter());
                }
            } else if (next.get() instanceof SourceRecord.Unreadable unreadable) {
                leaveOut(place, unreadable.reason());
            }
            if (read == HOPELESS && leftOut.count() == HOPELESS) {
                throw new RecordFileException(
                        "%s: none of the first %d records is %s; correct %s or the file"
                                .formatted(
                                        source.name(),
                                        HOPELESS,
                                        sent.one(),
                                        source.dataSet == null ? "--map" : "--format"));
            }
            goOn(sender, status);
        }
        if (read == 0) {
            complain("%s has no record, expected %s".formatted(source.name(), file.expected()));
        } else if (leftOut.count() == read && source.dataSet != null) {
            complain(
                    "%s: no record of it is %s of %s; is --format that of the file?"
                            .formatted(source.name(), sent.one(), source.dataSet.format.id()));
        }
    }

    private <T extends SpecificRecordBase> void sendMails(
            List<T> mails, RecordSender<T> sender, StatusLine status)
            throws SendException, InterruptedException {
        for (int i = 0; i < mails.size(); i++) {
            T mail = mails.get(i);
            place = "mail %,d".formatted(i + 1);
            sender.send(place, mail, NO_DOCUMENT, this::leaveOut);
            note((String) mail.get("adapterId"));
            goOn(sender, status);
        }
    }

    /** Counts an adapter that something was sent to. */
    private void note(String adapter) {
        if (adapters.add(adapter)) {
            unnamed.told(adapter)
                    .ifPresent(
                            becomes -> {
                                if (++unnamedAdapters <= MOST_DOUBTS) {
                                    complain("%s, %s: %s".formatted(source.name(), place, becomes));
                                }
                            });
        }
    }

    private void goOn(RecordSender<?> sender, StatusLine status) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        status.show(() -> progress(sender), Duration.between(start, Instant.now()));
    }

    private <T> Optional<Made<T>> text(
            JsonDocuments documents, byte[] document, MakingOfText<T> making) throws IOException {
        MappedJson found = documents.read(document, standInId());
        List<String> problems = new ArrayList<>(found.problems());
        String adapter = found.get(ExampleField.ADAPTER_ID);
        if (adapter != null && !AdapterId.isValid(adapter)) {
            problems.add("adapterId is '%s', expected %s".formatted(adapter, AdapterId.RULE));
        }
        found.given().flatMap(JsonInputDecoder::flaw).ifPresent(problems::add);
        if (problems.isEmpty()) {
            nothingToRead(found, adapter).ifPresent(problems::add);
        }
        if (!problems.isEmpty()) {
            refuse(problems, missing(found), document);
            return Optional.empty();
        }
        anyRead = true;
        return making.of(found, adapter, document);
    }

    /** Why a job refuses a text; one without adapters shows people what it is given. */
    private Optional<String> nothingToRead(MappedJson found, String adapter) {
        if (!job.loop().mode().learns()) {
            return Optional.empty();
        }
        String text = found.get(ExampleField.TEXT);
        Optional<String> pair = Optional.ofNullable(found.get(ExampleField.TEXT_PAIR));
        return labels.task(adapter)
                .map(Task::reading)
                .filter(reading -> !reading.sees(text, pair))
                .map(reading -> reading.missingIn(text, pair));
    }

    /** An id of file and line, for a record that has none. */
    private String standInId() {
        String ofLine = source.name() + "-" + line;
        return sameLine == 0 ? ofLine : ofLine + "." + sameLine;
    }

    private Optional<Made<LabelVote>> vote(VoteReader reader, byte[] document) {
        VoteReader.Read read = reader.read(document);
        if (read.vote().isEmpty()) {
            refuse(read.problems(), read.missing().stream().map(VoteField::key).toList(), document);
            return Optional.empty();
        }
        anyRead = true;
        LabelVote vote = read.vote().get();
        return Optional.of(new Made<>(vote.getAdapterId(), vote, NO_DOCUMENT));
    }

    private void refuse(List<String> problems, List<String> missing, byte[] document) {
        if (hint.isEmpty()) {
            hint = hint(missing, document);
        }
        leaveOut(place, String.join("; ", problems));
    }

    private Optional<Made<LabeledExample>> example(
            MappedJson found, String adapter, byte[] document) throws IOException {
        Target target = labels.target(found, adapter);
        FileLabels.Verdict verdict = labels.judge(target, adapter);
        if (verdict.obstacle().isPresent()) {
            leaveOut(place, verdict.obstacle().get());
            return Optional.empty();
        }
        doubtfulExamples += verdict.unknown().isEmpty() ? 0 : 1;
        for (String label : verdict.unknown()) {
            doubt(
                    "the label %s is none that adapter '%s' has in the configuration: its examples become dead letters unless it was added since"
                            .formatted(Excerpt.of(label), adapter));
        }
        LabeledExample example =
                LabeledExample.newBuilder()
                        .setExampleId(found.get(ExampleField.EXAMPLE_ID))
                        .setAdapterId(adapter)
                        .setText(found.get(ExampleField.TEXT))
                        .setLabel(TargetDatum.of(target))
                        .setTextPair(found.get(ExampleField.TEXT_PAIR))
                        .setEventTime(eventTime(found))
                        .build();
        return Optional.of(
                new Made<>(
                        adapter,
                        example,
                        mapsByConfiguration
                                ? labels.document(
                                        document, mapping.pointer(ExampleField.LABEL), target)
                                : NO_DOCUMENT));
    }

    private Optional<Made<UnlabeledInput>> input(
            MappedJson found, String adapter, byte[] document) {
        UnlabeledInput input =
                UnlabeledInput.newBuilder()
                        .setExampleId(found.get(ExampleField.EXAMPLE_ID))
                        .setAdapterId(adapter)
                        .setText(found.get(ExampleField.TEXT))
                        .setTextPair(found.get(ExampleField.TEXT_PAIR))
                        .setEventTime(eventTime(found))
                        .setMetadata(found.metadata())
                        .setPrediction(found.given().map(SendCommand::written).orElse(null))
                        .build();
        return Optional.of(new Made<>(adapter, input, document));
    }

    private static GivenPrediction written(MappedPrediction given) {
        return new GivenPrediction(given.version(), given.labels(), given.probabilities());
    }

    private static UnlabeledInput inputOf(LabeledExample mail) {
        return UnlabeledInput.newBuilder()
                .setExampleId(mail.getExampleId())
                .setAdapterId(mail.getAdapterId())
                .setText(mail.getText())
                .setEventTime(mail.getEventTime())
                .build();
    }

    private static Instant eventTime(MappedJson found) {
        return found.eventTime().isPresent()
                ? Instant.ofEpochMilli(found.eventTime().getAsLong())
                : Instant.now();
    }

    /** Called by the producer's thread, too. */
    private void leaveOut(String where, String reason) {
        if (leftOut.add(where, reason)) {
            complain("%s, %s left out: %s".formatted(source.name(), where, reason));
        }
    }

    /** An adapter may have been given by a command what the configuration lacks. */
    private void doubt(String reason) {
        if (doubtful.add(place, reason) && ++doubts <= MOST_DOUBTS) {
            complain("%s, %s: %s".formatted(source.name(), place, reason));
        }
    }

    private void complain(String sentence) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("rankstream: " + sentence);
        err.flush();
    }

    /** Fields that an example, or an input, needs and a record has not. */
    private List<String> missing(MappedJson found) {
        return Stream.concat(
                        NEEDED.stream(),
                        sent.unlabeled ? Stream.of() : Stream.of(ExampleField.LABEL))
                .filter(field -> found.get(field) == null)
                .map(ExampleField::key)
                .toList();
    }

    /** Which fields a record has, where it lacks some that it needs. */
    private Optional<String> hint(List<String> missing, byte[] document) {
        String places =
                missing.stream().map(field -> field + "=…").collect(Collectors.joining(","));
        List<String> there =
                source.csv == null ? DocumentFields.of(document) : DocumentFields.columns(document);
        if (source.dataSet != null || places.isEmpty() || there.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                "%s: %s has the fields %s; say where those of %s are with %s"
                        .formatted(
                                source.name(),
                                place,
                                String.join(", ", there),
                                sent.one(),
                                mapsByConfiguration
                                        ? "input.map in the configuration: " + places
                                        : "--map " + places));
    }

    private String progress(RecordSender<?> sender) {
        double seconds = Duration.between(start, Instant.now()).toMillis() / 1000.0;
        return String.format(
                Locale.ROOT,
                "%s, %,d stored, %,d left out, %,.0f/s",
                place,
                sender.stored(),
                leftOut.count(),
                sender.stored() / seconds);
    }

    private void report(RecordSender<?> sender) {
        Stream.concat(leftOut.repeated().stream(), doubtful.repeated().stream().limit(MOST_DOUBTS))
                .forEach(group -> complain(source.name() + ": " + group));
        if (doubts > MOST_DOUBTS) {
            complain(
                    "%s: in all %s labels that their adapters lack in the configuration; is the label where it is looked for?"
                            .formatted(
                                    source.name(),
                                    Amount.of(doubtfulExamples, "example has", "examples have")));
        }
        if (unnamedAdapters > MOST_DOUBTS) {
            complain(
                    "%s: in all %s that the configuration does not name; is the adapter's id where it is looked for?"
                            .formatted(source.name(), Amount.of(unnamedAdapters, "adapter")));
        }
        if (!anyRead) {
            hint.ifPresent(this::complain);
        }
        out().printf(
                        Locale.ROOT,
                        "%s of %s stored in %s, %s left out.%n",
                        Amount.of(sender.stored(), sent.noun()),
                        Amount.of(adapters.size(), "adapter"),
                        sender.topic(),
                        Amount.of(leftOut.count(), "record"));
        out().flush();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private JsonMapping mapping() {
        if (source.demo && map != null) {
            throw new ParameterException(
                    spec.commandLine(), "--demo needs no --map: its mails are examples already");
        }
        if (source.dataSet != null && map != null) {
            throw new ParameterException(
                    spec.commandLine(), "--format needs no --map: it says where the fields are");
        }
        try {
            JsonMapping mapping = map == null ? JsonMapping.ofOwnNames() : JsonMapping.parse(map);
            return source.csv == null ? mapping : ofColumns(mapping);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--map: " + e.getMessage());
        }
    }

    private VoteMapping voteMapping() {
        try {
            return VoteMapping.parse(map == null ? "" : map, source.csv != null);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--map: " + e.getMessage());
        }
    }

    private void requireAvroForTheDemo(InputSettings input) {
        if (source.demo && input.format() != InputFormat.AVRO) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--demo is for topics of Avro, and this one holds JSON: set input.format to avro, or send a file of your own");
        }
    }

    /** A topic of JSON gets documents with the fields under their own names. */
    private void requireOwnNamesForADataSet(InputSettings input) {
        if (source.dataSet != null
                && input.format() == InputFormat.JSON
                && !input.mapping().paths().equals(JsonMapping.ofOwnNames().paths())) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--format is for topics of Avro, or of JSON without input.map, which this configuration has: set input.format to avro, or leave out the paths in input.map");
        }
    }

    /** To an adapter that is not there nothing is sent, nor are examples of another task. */
    private void requireTheAdapterOfTheFormat() {
        if (source.dataSet == null) {
            return;
        }
        DataSet file = source.dataSet;
        if (job.adapters().isUnknown(file.adapter)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--adapter is '%s', which is none of this configuration: expected one of %s"
                            .formatted(file.adapter, job.adapters().named().keySet()));
        }
        if (!sent.unlabeled) {
            requireTheTaskOfTheFormat(file);
        }
    }

    private void requireTheTaskOfTheFormat(DataSet file) {
        Optional<Task<?>> learned = labels.task(file.adapter);
        if (learned.isPresent()
                && labels.judge(file.format.sample(), file.adapter).obstacle().isPresent()) {
            String task = file.format.task().id();
            throw new ParameterException(
                    spec.commandLine(),
                    "--format %s is for an adapter of task %s, but adapter '%s'%s learns a %s in this configuration: name another one with --adapter, or give this one task: %s"
                            .formatted(
                                    file.format.id(),
                                    task,
                                    file.adapter,
                                    job.adapters().isNamed(file.adapter)
                                            ? ""
                                            : ", which is none of those with settings of their own, %s,"
                                                    .formatted(job.adapters().named().keySet()),
                                    learned.get().id(),
                                    task));
        }
    }

    /** A topic of JSON has documents as they are, which the job's own mapping must fit. */
    private JsonMapping mapping(InputSettings input, JsonMapping given) {
        if (input.format() == InputFormat.AVRO) {
            return given;
        }
        if (map != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--map is for topics of Avro: this one holds JSON, whose mapping the configuration has");
        }
        return input.mapping();
    }

    /** A column's name is taken as it is, dots included. */
    private static JsonMapping ofColumns(JsonMapping mapping) {
        Map<ExampleField, String> columns = new EnumMap<>(ExampleField.class);
        mapping.paths()
                .forEach(
                        (field, name) ->
                                columns.put(
                                        field, "/" + name.replace("~", "~0").replace("/", "~1")));
        return new JsonMapping(columns, mapping.defaults(), mapping.eventTimeUnit());
    }
}
