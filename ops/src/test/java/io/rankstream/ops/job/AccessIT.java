package io.rankstream.ops.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.preflight.TopicCreation;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.cli.CommandProcess;
import io.rankstream.ops.cli.CommandRun;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.ops.send.RecordSender;
import io.rankstream.ops.stack.Distribution;
import io.rankstream.ops.stack.FlinkProcesses;
import io.rankstream.ops.stack.GuardedStack;
import io.rankstream.ops.stack.ListeningSockets;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A job on a broker that asks for SCRAM over TLS and a registry that asks for a password over
 * HTTPS, with its passwords in the environment: what works, what it serves and what it tells.
 */
class AccessIT {

    private static final int EXAMPLES = 8;

    /** Credential of a file system, which Flink is given. */
    private static final String STORE_KEY = "Speicher-9144";

    private static final int SUCCESS = 0;
    private static final int USAGE = 2;
    private static final int ENVIRONMENT = 3;

    /** Where this JVM logs. */
    private static final Path LOG = Path.of("target", "test.log");

    @TempDir static Path folder;

    private static GuardedStack stack;
    private static List<LabeledExample> examples;
    private static JobConfig config;
    private static Path configFile;
    private static Process job;
    private static int admittedBeforeTheJob;

    @BeforeAll
    @Timeout(600)
    static void letAJobLearn() throws Exception {
        stack = GuardedStack.start(folder.resolve("stack"));
        examples =
                MailStream.open().examples(2 * EXAMPLES).stream()
                        .filter(example -> example.getAdapterId().equals("spam"))
                        .limit(EXAMPLES)
                        .toList();
        config = ConfigFile.parse(withLiterals(yaml(guarded())), "literals.yaml");
        send();
        admittedBeforeTheJob = stack.admittedByTheRegistry();
        configFile = Files.writeString(folder.resolve("job.yaml"), yaml(guarded()));
        job =
                CommandProcess.start(
                        written(),
                        environment(),
                        "run",
                        "--config",
                        configFile.toString(),
                        "--log",
                        written().resolve("log").toString());
        awaitAVersion();
    }

    @AfterAll
    static void stop() {
        if (job != null) {
            job.destroyForcibly();
        }
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void eachExampleIsLearnedFromOnce() {
        assertThat(
                        AccessIT.<Prediction>committed(
                                config.topics().of(Topic.PREDICTIONS), Prediction.getClassSchema()))
                .extracting(Prediction::getExampleId)
                .containsExactlyElementsOf(
                        examples.stream().map(LabeledExample::getExampleId).toList());
        assertThat(
                        AccessIT.<TrainingReport>committed(
                                config.topics().of(Topic.TRAINING_REPORTS),
                                TrainingReport.getClassSchema()))
                .isNotEmpty();
    }

    @Test
    void theRegistryIsAskedWithThePassword() {
        assertThat(stack.admittedByTheRegistry()).isGreaterThan(admittedBeforeTheJob);
    }

    @Test
    void theJobServesTheLoopbackInterfaceAlone() throws Exception {
        assertThat(ListeningSockets.of(job.pid()))
                .isNotEmpty()
                .allMatch(address -> address.getAddress().isLoopbackAddress());
    }

    @Test
    void noSecretIsWrittenAnywhere() throws Exception {
        Process describe =
                CommandProcess.start(
                        written().resolve("config"),
                        environment(),
                        "config",
                        "--describe",
                        "--config",
                        configFile.toString());
        assertThat(describe.waitFor()).isEqualTo(SUCCESS);
        assertThat(written().resolve("config/out")).content().contains("sasl.jaas.config: ");

        assertThat(written().resolve("log")).isNotEmptyFile();
        assertNoSecretIn(written());
    }

    private static void assertNoSecretIn(Path root) throws IOException {
        for (Path file : filesBelow(root)) {
            assertThat(content(file)).as(file.toString()).doesNotContain(secrets());
        }
    }

    /** Nothing if the file has gone: the job is running, and RocksDB takes its files away. */
    private static String content(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    @Test
    @Timeout(600)
    void theJobJarIsLetInOnProcessesOfFlink() throws Exception {
        String options =
                """
                kafka.group-id: cluster
                kafka.bounded: true
                topics.predictions: cluster-predictions
                topics.training-reports: cluster-reports
                topics.command-answers: cluster-answers
                topics.drift-events: cluster-drift
                topics.adapter-versions: cluster-versions
                topics.dead-letters: cluster-letters
                """;
        String yaml =
                (options + withLiterals(yaml(guarded())))
                        .replace(written().toString(), folder.resolve("cluster").toString());
        Path file = Files.writeString(folder.resolve("cluster.yaml"), yaml);
        JobConfig cluster = ConfigFile.load(file);
        TopicCreation.createMissing(cluster.kafka(), cluster.topics(), cluster.usedTopics());
        try (FlinkProcesses flink =
                FlinkProcesses.start(Distribution.locate(), folder.resolve("cluster/flink"))) {
            int exitCode = flink.run(file, Duration.ofMinutes(5));

            assertThat(exitCode).as(flink.output()).isEqualTo(SUCCESS);
        }
        assertThat(
                        AccessIT.<Prediction>committed(
                                "cluster-predictions", Prediction.getClassSchema()))
                .hasSize(EXAMPLES);
        assertThat(
                        AccessIT.<AdapterVersion>committed(
                                "cluster-versions", AdapterVersion.getClassSchema()))
                .isNotEmpty();
        assertNoSecretIn(folder.resolve("cluster"));
    }

    @Test
    void deadLettersAreShownToWhoHasThePassword() throws Exception {
        CommandRun peek = CommandRun.of("dlq", "peek", "--config", literals("peek", "", ""));

        assertThat(peek.err()).isEmpty();
        assertThat(peek.exitCode()).isEqualTo(SUCCESS);
        assertThat(peek.out()).contains("0 dead letters match");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    a wrong password                | ${env:BROKER_PASSWORD} | Irrtum-12          | the broker at | Authentication failed
                    a user whom nobody knows        | username="rankstream   | username="x-rank   | the broker at | Authentication failed
                    no credentials                  | sasl.jaas.config       | x.sasl.jaas.config | the broker at | JAAS
                    a certificate that is unknown   | kafka.properties.ssl.  | kafka.properties.x.ssl. | the broker at | SSL handshake failed
                    a wrong password of the store   | ${env:TRUST_PASSWORD}  | Zweifel-3          | the broker at | password was incorrect
                    a mechanism that is not offered | SCRAM-SHA-512          | SCRAM-SHA-256      | the broker at | SCRAM-SHA-256
                    TLS without a login             | SASL_SSL               | SSL                | the broker at | security.protocol
                    neither TLS nor a login         | SASL_SSL               | PLAINTEXT          | the broker at | security.protocol
                    a wrong password of the registry| ${env:REGISTRY_PASSWORD} | Irrtum-34        | the schema registry at | answered 401
                    no password of the registry     | :${env:REGISTRY_PASSWORD}@ | @              | the schema registry at | check user, password or token
                    a registry that is unknown      | registry.properties.ssl | registry.properties.x | the schema registry at | TLS
                    a registry without TLS          | https://               | http://            | the schema registry at | check that it runs
                    """)
    void whatKeepsTheJobOutIsOneSentence(
            String name, String right, String wrong, String who, String why) throws Exception {
        String file = literals(name.replace(' ', '-'), right, wrong);
        long logged = Files.size(LOG);

        CommandRun run = CommandRun.of("run", "--config", file);

        assertThat(run.err().lines().filter(line -> !line.contains("is no option that")))
                .singleElement()
                .asString()
                .contains(who)
                .contains(why);
        assertThat(run.exitCode()).isEqualTo(ENVIRONMENT);
        assertThat(
                        run.err()
                                + Files.readString(LOG, StandardCharsets.ISO_8859_1)
                                        .substring((int) logged))
                .contains(why)
                .doesNotContain(secrets());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    half an entry of JAAS  | Module required   | Module
                    a quote that is astray | required username | required Zweifel-3 username
                    """)
    void whatKafkasClientsDoNotTakeIsAnErrorOfTheFile(String name, String right, String wrong)
            throws Exception {
        CommandRun run =
                CommandRun.of("run", "--config", literals(name.replace(' ', '-'), right, wrong));

        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .contains("kafka.properties.sasl.jaas.config is '******'", "JAAS");
        assertThat(run.exitCode()).isEqualTo(USAGE);
        assertThat(run.err()).doesNotContain(secrets());
    }

    /** A configuration with the passwords in it and one thing changed, of a job of its own. */
    private static String literals(String name, String right, String wrong) throws IOException {
        String guarded = guarded();
        assertThat(guarded).contains(right);
        String own =
                yaml(guarded.replace(right, wrong))
                        .replace(written().toString(), folder.resolve("of-others").toString());
        return Files.writeString(folder.resolve(name + ".yaml"), withLiterals(own)).toString();
    }

    private static String withLiterals(String text) {
        String literal = text;
        for (Map.Entry<String, String> variable : environment().entrySet()) {
            literal = literal.replace("${env:" + variable.getKey() + "}", variable.getValue());
        }
        return literal;
    }

    /** Where the job's passwords are taken from. */
    private static Map<String, String> environment() {
        return Map.of(
                "BROKER_PASSWORD",
                GuardedStack.BROKER_PASSWORD,
                "REGISTRY_PASSWORD",
                GuardedStack.REGISTRY_PASSWORD,
                "TRUST_PASSWORD",
                stack.keys().trustPassword(),
                "STORE_KEY",
                STORE_KEY);
    }

    /** Everything that must not be found anywhere. */
    private static List<String> secrets() {
        List<String> secrets = new ArrayList<>(stack.secrets());
        secrets.addAll(List.of(STORE_KEY, "Irrtum-12", "Irrtum-34", "Zweifel-3"));
        return secrets;
    }

    private static String guarded() {
        return """
               kafka.bootstrap-servers: %s
               kafka.properties.security.protocol: SASL_SSL
               kafka.properties.sasl.mechanism: SCRAM-SHA-512
               kafka.properties.sasl.jaas.config: '%s'
               kafka.properties.ssl.truststore.location: '%s'
               kafka.properties.ssl.truststore.password: ${env:TRUST_PASSWORD}
               registry.url: https://%s:${env:REGISTRY_PASSWORD}@%s
               registry.properties.ssl.truststore.location: '%s'
               registry.properties.ssl.truststore.password: ${env:TRUST_PASSWORD}
               """
                .formatted(
                        stack.bootstrapServers(),
                        GuardedStack.jaas("${env:BROKER_PASSWORD}"),
                        stack.keys().trustStore(),
                        GuardedStack.USER,
                        stack.registryAddress(),
                        stack.keys().trustStore());
    }

    private static String yaml(String guarded) {
        return guarded
                + """
                  model.max-length: 32
                  batch.max-examples: 4
                  batch.linger: 0 s
                  publish.directory: '%s'
                  publish.every-steps: 1
                  adapters:
                    spam: {labels: [ham, spam]}
                  flink.restart-strategy.type: none
                  flink.s3.secret-key: ${env:STORE_KEY}
                  flink.execution.checkpointing.interval: 1 s
                  flink.execution.checkpointing.dir: '%s'
                  """
                        .formatted(
                                written().resolve("adapters"),
                                written().resolve("checkpoints").toUri());
    }

    /** All that the job writes on this machine. */
    private static Path written() {
        return folder.resolve("written");
    }

    private static void send() throws Exception {
        try (Admin admin = Admin.create(config.kafka().clientProperties())) {
            String input = config.topics().of(Topic.LABELED_EXAMPLES);
            admin.createTopics(List.of(new NewTopic(input, 1, (short) 1))).all().get();
            TopicCreation.createMissing(config.kafka(), config.topics(), config.usedTopics());
            RecordSender.sendAll(config, Topic.LABELED_EXAMPLES, examples);
        }
    }

    /** A version is announced with the checkpoint that makes everything before it visible. */
    private static void awaitAVersion() throws Exception {
        List<AdapterVersion> versions = List.of();
        while (versions.size() < EXAMPLES / 4) {
            assertThat(job.isAlive())
                    .as(() -> "the job runs; it said " + said("out") + said("err"))
                    .isTrue();
            versions = announced();
        }
    }

    private static List<AdapterVersion> announced() throws Exception {
        try (Admin admin = Admin.create(config.kafka().clientProperties())) {
            if (!admin.listTopics()
                    .names()
                    .get()
                    .contains(config.topics().of(Topic.ADAPTER_VERSIONS))) {
                return List.of();
            }
        }
        return committed(
                config.topics().of(Topic.ADAPTER_VERSIONS), AdapterVersion.getClassSchema());
    }

    private static String said(String file) {
        try {
            return Files.readString(written().resolve(file));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static <T extends SpecificRecordBase> List<T> committed(String topic, Schema schema) {
        try (TopicReader<T> reader = TopicReader.committed(config.kafka(), topic, schema)) {
            return reader.readToEnd();
        }
    }

    private static List<Path> filesBelow(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> tree = Files.walk(root)) {
            tree.filter(Files::isRegularFile).forEach(files::add);
        }
        return files;
    }
}
