package io.rankstream.ops.cli;

import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.text.PlainText;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.cli.option.BrokerContact;
import io.rankstream.ops.cli.option.ConfigOption;
import io.rankstream.ops.cli.option.ExitCode;
import io.rankstream.ops.http.HostHeader;
import io.rankstream.ops.labelstudio.BridgeSettings;
import io.rankstream.ops.labelstudio.LabelStudioBridge;
import io.rankstream.ops.labelstudio.api.ApiToken;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Has people answer a job's requests in Label Studio. */
@Command(
        name = "label-studio",
        description = {
            "Pushes the requests of a job for labels to Label Studio as tasks, and writes what"
                    + " people answer there as votes, until Ctrl-C. Each adapter has a project of its"
                    + " own, which is made with its first request; its labels follow those of the"
                    + " adapter. Requests that are taken back leave it, unless somebody has answered.",
            "",
            "The token is that of a user of Label Studio (Account & Settings): a personal access"
                    + " token, or a legacy one where the organization permits it. It is read from the"
                    + " variable LABEL_STUDIO_API_KEY, or from the file that --token-file names.",
            "",
            "Label Studio rings by a webhook when somebody answers; what was not rung for is found"
                    + " by looking. Nothing is kept on this machine: it may be stopped and started"
                    + " anywhere, at any time, and so may Label Studio."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:all is done, with --once",
            "  2:wrong usage or configuration",
            "  3:broker, registry or Label Studio not there, a token that is not let in, or a"
                    + " project that cannot be used",
            "130:interrupted"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class LabelStudioCommand implements Callable<Integer> {

    private static final String TOKEN_VARIABLE = "LABEL_STUDIO_API_KEY";
    private static final int MOST_NAME = 40;
    private static final int MOST_PORT = 65_535;

    @Mixin private ConfigOption config;

    @Option(
            names = "--url",
            required = true,
            paramLabel = "URL",
            description = "Address of Label Studio, such as http://localhost:8080.")
    private String url;

    @Option(
            names = "--project",
            required = true,
            paramLabel = "NAME|ID",
            description =
                    "Begins the titles of the projects, which are 'NAME: ADAPTER'; or the number of"
                            + " a project that is there, for the one adapter that --adapter names.")
    private String project;

    @Option(
            names = "--adapter",
            split = ",",
            paramLabel = "ID",
            description = "Adapters whose requests are pushed; all if it is not given.")
    private List<String> adapters = new ArrayList<>();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File that holds the token, and nothing else.")
    private Path tokenFile;

    @Option(
            names = "--webhook-port",
            paramLabel = "PORT",
            defaultValue = "0",
            description =
                    "Port of 127.0.0.1 that Label Studio rings at; 0, the default, takes a free"
                            + " one.")
    private int webhookPort;

    @Option(
            names = "--webhook-url",
            paramLabel = "URL",
            description =
                    "Where Label Studio reaches that port, if it is not on this machine: a tunnel,"
                            + " or a proxy.")
    private String webhookUrl;

    @Option(
            names = "--no-webhook",
            description = "Have Label Studio ring nowhere; changes are seen by looking alone.")
    private boolean noWebhook;

    @Option(
            names = "--look-every",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description =
                    "How often it is looked for changes that were not rung for, and after every"
                            + " 60th time at everything. Default: ${DEFAULT-VALUE}.")
    private int lookEvery;

    @Option(
            names = "--from-start",
            description =
                    "Ask what is still open and has no task, also what had one that somebody"
                            + " deleted.")
    private boolean fromStart;

    @Option(
            names = "--once",
            description = "End when what is there now is pushed and written, or cannot be.")
    private boolean once;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        JobConfig job = config.job();
        BridgeSettings settings = settings();
        requireLoop(job);
        BrokerContact.require(job.kafka(), spec.commandLine().getErr());
        try (LabelStudioBridge bridge =
                LabelStudioBridge.open(job, settings, this::say, this::warn)) {
            bridge.run();
        }
        return ExitCode.OK;
    }

    private void requireLoop(JobConfig job) {
        if (!job.writtenTopics().contains(Topic.LABEL_REQUESTS)) {
            throw wrong(
                    "the job of %s asks for no labels: set loop.mode to train or only"
                            .formatted(config.file()));
        }
    }

    private BridgeSettings settings() {
        if (lookEvery < 1) {
            throw wrong("--look-every is %d, expected 1 or more seconds".formatted(lookEvery));
        }
        if (webhookPort < 0 || webhookPort > MOST_PORT) {
            throw wrong("--webhook-port is %d, expected 0 to 65535".formatted(webhookPort));
        }
        URI address = address("--url", url);
        OptionalLong id =
                project.matches("[0-9]{1,18}")
                        ? OptionalLong.of(Long.parseLong(project))
                        : OptionalLong.empty();
        if (id.isPresent() && adapters.size() != 1) {
            throw wrong(
                    "--project is the number of a project, which is for one adapter: name that with"
                            + " --adapter");
        }
        if (id.isEmpty() && (project.length() > MOST_NAME || !PlainText.isIn(project))) {
            throw wrong(
                    "--project is %s, expected the number of a project, or a name of 1 to %d characters"
                            .formatted(Excerpt.of(project), MOST_NAME));
        }
        boolean isHere = isThisMachine(address);
        if (!isHere && address.getScheme().equals("http")) {
            warn("the token goes to " + address.getHost() + " unencrypted: use https");
        }
        boolean rings = !noWebhook && (isHere || webhookUrl != null);
        if (!noWebhook && !rings) {
            warn(
                    "Label Studio on another machine cannot ring here: it is looked for changes every %d s; --webhook-url names a way to here"
                            .formatted(lookEvery));
        }
        return new BridgeSettings(
                address,
                token(),
                project,
                id,
                adapters,
                rings ? OptionalInt.of(webhookPort) : OptionalInt.empty(),
                Optional.ofNullable(webhookUrl).map(given -> address("--webhook-url", given)),
                Duration.ofSeconds(lookEvery),
                fromStart,
                once);
    }

    private static boolean isThisMachine(URI address) {
        return HostHeader.of(address.getHost()).filter(HostHeader::isThisMachine).isPresent();
    }

    private URI address(String option, String given) {
        try {
            URI address = new URI(given.replaceFirst("/+$", ""));
            if (("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
                    && address.getHost() != null
                    && address.getUserInfo() == null
                    && address.getQuery() == null
                    && address.getFragment() == null) {
                return address;
            }
        } catch (URISyntaxException e) {
            // told below
        }
        throw wrong(
                "%s is no address: expected one such as http://localhost:8080, without user or query"
                        .formatted(option));
    }

    private ApiToken token() {
        String from = tokenFile == null ? "variable " + TOKEN_VARIABLE : "file " + tokenFile;
        try {
            String text =
                    tokenFile == null
                            ? System.getenv(TOKEN_VARIABLE)
                            : Files.readString(tokenFile, StandardCharsets.UTF_8);
            if (text == null) {
                throw wrong(
                        "there is no token of Label Studio: set %s, or name a file with --token-file"
                                .formatted(TOKEN_VARIABLE));
            }
            return ApiToken.of(text);
        } catch (IllegalArgumentException e) {
            throw wrong("the token in %s %s".formatted(from, e.getMessage()));
        } catch (IOException e) {
            throw wrong("%s cannot be read: %s".formatted(from, e));
        }
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    private void say(String sentence) {
        spec.commandLine().getOut().println(sentence);
        spec.commandLine().getOut().flush();
    }

    private void warn(String sentence) {
        spec.commandLine().getErr().println("rankstream: " + sentence);
        spec.commandLine().getErr().flush();
    }
}
