package io.rankstream.ops.cli.init;

import io.rankstream.adapters.state.AdapterId;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.task.Tasks;
import io.rankstream.adapters.task.tagging.TokenClassification;
import io.rankstream.adapters.text.Program;
import io.rankstream.adapters.tokens.Reading;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.config.settings.InputFormat;
import io.rankstream.job.preflight.PreflightException;
import io.rankstream.job.preflight.TopicCreation;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.cli.option.AdapterIds;
import io.rankstream.ops.cli.option.BrokerContact;
import io.rankstream.ops.cli.option.ExitCode;
import io.rankstream.ops.cli.option.FormatConverter;
import io.rankstream.ops.cli.option.LabelList;
import io.rankstream.ops.cli.option.TaskConverter;
import io.rankstream.ops.send.format.FileFormat;
import io.rankstream.ops.stack.StackPorts;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the configuration of a new job and makes what it needs on broker and registry. */
@Command(
        name = "init",
        description = {
            "Writes NAME.yaml, a configuration that runs as it is, creates its topics and registers"
                    + " its schemas. By default they are those of '${ROOT-COMMAND-NAME} stack'. A file that is"
                    + " there is not replaced, nor is a topic.",
            "",
            "With --config instead of NAME, creates what the broker and the registry lack of an"
                    + " existing configuration."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class InitCommand implements Callable<Integer> {

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description =
                    "Name of the job: of its file and folder here, and what its topics begin with.")
    private String name;

    @Option(
            names = "--labels",
            paramLabel = "LABEL",
            converter = LabelList.Converter.class,
            description =
                    "Labels that an adapter tells apart, two or more, " + LabelList.RULE + ".")
    private List<LabelList> labels = List.of();

    @Option(
            names = "--task",
            paramLabel = "TASK",
            converter = TaskConverter.class,
            description =
                    "What an adapter learns: classification, the default;"
                            + " multi-label-classification, which is any number of --labels;"
                            + " token-classification, which is entities by --labels such as"
                            + " O,B-PER,I-PER;"
                            + " regression, which is a number; or question-answering, which is a"
                            + " part of a passage. The latter two have no --labels.")
    private Task<?> task = Tasks.ALL.get(0);

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = FormatConverter.class,
            description =
                    "Instead of --labels and --task: what the examples of a public data set teach,"
                            + " as '${ROOT-COMMAND-NAME} send --format' sends them, such as glue:mnli.")
    private FileFormat format;

    @Option(
            names = "--adapter",
            paramLabel = "ID",
            description =
                    "Admit this adapter; may be given several times. Without it, an adapter begins"
                            + " with its first example, whatever its id.")
    private List<String> adapters = List.of();

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description = "Broker. Default: that of '${ROOT-COMMAND-NAME} stack'.")
    private String bootstrapServers;

    @Option(
            names = "--registry",
            paramLabel = "URL",
            description = "Schema registry. Default: that of '${ROOT-COMMAND-NAME} stack'.")
    private String registry;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "An existing configuration, whose topics and schemas are to be made.")
    private Path config;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        check();
        if (config != null) {
            prepare(ConfigFile.load(config));
        } else {
            begin(taught());
        }
        return ExitCode.OK;
    }

    private void check() {
        if ((name == null) == (config == null)) {
            throw wrong("expected either a NAME, or the --config of a job");
        }
        if (config != null) {
            for (String option :
                    List.of(
                            "--labels",
                            "--task",
                            "--format",
                            "--adapter",
                            "--bootstrap-servers",
                            "--registry")) {
                if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                    throw isForANewJob(option);
                }
            }
            return;
        }
        if (!AdapterId.isValid(name)) {
            throw wrong("'%s' is no name, expected %s".formatted(name, AdapterId.RULE));
        }
        checkTaught();
        adapters.forEach(adapter -> AdapterIds.require(adapter, spec));
    }

    private void checkTaught() {
        if (format != null) {
            for (String option :
                    namesNoLabels() ? List.of("--task") : List.of("--labels", "--task")) {
                if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                    throw wrong(
                            "--format %s says what an adapter learns: leave out %s"
                                    .formatted(format.id(), option));
                }
            }
            if (namesNoLabels() && labels.isEmpty()) {
                throw wrong(
                        "files of %s differ in their labels: name those of yours, such as --labels O,B-PER,I-PER"
                                .formatted(format.id()));
            }
            return;
        }
        if (task.hasLabels() && labels.isEmpty()) {
            if (spec.commandLine().getParseResult().hasMatchedOption("--task")) {
                throw wrong(
                        "an adapter of %s tells labels apart: name them, such as --labels %s"
                                .formatted(
                                        task.id(),
                                        task instanceof TokenClassification
                                                ? "O,B-PER,I-PER"
                                                : "refund,broken,late"));
            }
            throw wrong(
                    "name the labels that an adapter tells apart, such as --labels ham,spam; or say --task regression, if it learns numbers, or --task question-answering, if it learns where answers are, or --task token-classification --labels O,B-PER,I-PER, if it learns where names are");
        }
        if (!task.hasLabels() && !labels.isEmpty()) {
            throw wrong("a %s has no labels: leave out --labels".formatted(task.id()));
        }
    }

    /** Whether the format of files says the task, and not which labels there are. */
    private boolean namesNoLabels() {
        return format.task().hasLabels() && format.labels().isEmpty();
    }

    private ParameterException isForANewJob(String option) {
        return wrong(option + " is for a new job: with --config, the file has it");
    }

    /** Labels of every adapter; none of those that learn numbers. */
    private List<String> taught() {
        return format == null || namesNoLabels() ? LabelList.all(labels, spec) : format.labels();
    }

    private Task<?> taughtTask() {
        return format == null ? task : format.task();
    }

    /** The file is there only if all is: a second try after a failure finds none in its way. */
    private void begin(List<String> labels)
            throws ConfigException, PreflightException, RegistryException, InterruptedException {
        Path file = Path.of(name + ".yaml");
        String yaml =
                new NewConfig(
                                name,
                                bootstrapServers == null
                                        ? StackPorts.USUAL.bootstrapServers()
                                        : bootstrapServers,
                                registry == null ? StackPorts.USUAL.registryUrl() : registry,
                                taughtTask(),
                                labels,
                                adapters,
                                Path.of(name).toAbsolutePath())
                        .yaml();
        JobConfig job = ConfigFile.parse(yaml, file + " (not written)");
        write(file, yaml);
        boolean ready = false;
        try {
            prepare(job);
            ready = true;
        } finally {
            if (!ready) {
                file.toFile().delete();
            }
        }
        print(
                """
                Wrote %1$s. Next:
                  %2$s --config %1$s
                and in another terminal, %3$s
                  %4$s --config %1$s
                """
                        .formatted(
                                file,
                                Program.command("run"),
                                format == null ? sendOwnLines(file) : sendDataSet(file),
                                Program.command("top")));
    }

    private String sendOwnLines(Path file) {
        return """
               for lines such as {"id": "1", "adapter": "%s", "text": "…", %s}:
                 %s --config %s --json FILE --map exampleId=id,adapterId=adapter,text=text,%slabel=label"""
                .formatted(
                        adapterOr("a"),
                        (asksOfPassages() ? "\"passage\": \"…\", " : "")
                                + "\"label\": "
                                + task.sample(taught()),
                        Program.command("send"),
                        file,
                        asksOfPassages() ? "textPair=passage," : "");
    }

    private boolean asksOfPassages() {
        return task.reading() == Reading.WINDOWS;
    }

    private String sendDataSet(Path file) {
        return """
               for a file of %1$s:
                 %2$s --config %3$s --format %1$s --adapter %4$s FILE"""
                .formatted(format.id(), Program.command("send"), file, adapterOr(name));
    }

    private String adapterOr(String other) {
        return adapters.isEmpty() ? other : adapters.get(0);
    }

    private void write(Path file, String yaml) {
        try {
            Files.writeString(file, yaml, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw wrong(
                    "%s is there already and is not replaced: choose another name, or create what it lacks with --config %s"
                            .formatted(file, file));
        } catch (IOException e) {
            throw wrong("%s cannot be written: %s".formatted(file.toAbsolutePath(), e));
        }
    }

    /** What may fail comes first, so that it leaves nothing behind. */
    private void prepare(JobConfig job)
            throws PreflightException, RegistryException, InterruptedException {
        BrokerContact.require(job.kafka(), spec.commandLine().getErr());
        register(job);
        print("The schemas are registered on %s.\n".formatted(job.registry().shown()));
        List<String> created =
                TopicCreation.createMissing(job.kafka(), job.topics(), job.usedTopics());
        print(
                created.isEmpty()
                        ? "All topics are there.\n"
                        : "Created on %s: %s\n"
                                .formatted(
                                        job.kafka().bootstrapServers(),
                                        String.join(", ", created)));
    }

    private static void register(JobConfig job) throws PreflightException, RegistryException {
        try (SchemaRegistry client = new SchemaRegistry(job.registry())) {
            PreflightException.throwIfAny(client.outputProblems(job.topics(), job.writtenTopics()));
            client.outputs(job.topics(), job.writtenTopics());
            if (job.input().format() == InputFormat.AVRO) {
                client.idOf(job.topics(), Topic.LABELED_EXAMPLES);
            }
            client.idOf(job.topics(), Topic.CONTROL_COMMANDS);
        }
    }

    private void print(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
