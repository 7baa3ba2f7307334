package io.rankstream.ops.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStackIT {

    @TempDir static Path folder;
    private static LocalStack stack;

    @BeforeAll
    static void startTheStack() throws Exception {
        stack = LocalStack.start(Distribution.locate(), folder.resolve("work"), folder);
    }

    @AfterAll
    static void stopTheStack() {
        stack.close();
        assertThat(ProcessHandle.of(stack.broker().pid())).isEmpty();
        assertThat(ProcessHandle.of(stack.registry().pid())).isEmpty();
    }

    @Test
    void theBrokerServesTransactions() throws Exception {
        createTopic("words");
        Map<String, Object> transactional =
                Map.of(
                        "bootstrap.servers",
                        stack.bootstrapServers(),
                        "transactional.id",
                        "writer",
                        "transaction.timeout.ms",
                        3_600_000);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                        transactional, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, "aborted");
            producer.abortTransaction();
            producer.beginTransaction();
            send(producer, "committed");
            producer.commitTransaction();
        }
        assertThat(committed("words")).containsExactly("committed");
    }

    @Test
    void theRegistryRefusesAnIncompatibleSchema() throws Exception {
        String record = "{\"type\":\"record\",\"name\":\"R\",\"fields\":[%s]}";
        String field = "{\"name\":\"a\",\"type\":\"string\"}";
        String another = field + ",{\"name\":\"b\",\"type\":\"int\"}";

        assertThat(register("words", record.formatted(field)).statusCode()).isEqualTo(200);
        assertThat(register("words", record.formatted(another)).statusCode()).isEqualTo(409);
    }

    @Test
    void aBrokerThatWasKilledHasItsRecordsWhenItIsRestarted() throws Exception {
        createTopic("kept");
        String before = stack.bootstrapServers();
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", before),
                        new StringSerializer(),
                        new StringSerializer())) {
            producer.send(new ProducerRecord<>("kept", "a record")).get(30, TimeUnit.SECONDS);
        }

        stack.broker().kill();
        stack.broker().restart();

        assertThat(stack.bootstrapServers()).isEqualTo(before);
        assertThat(committed("kept")).containsExactly("a record");
    }

    @Test
    void aRegistryThatWasKilledHasItsSchemasWhenItIsRestarted() throws Exception {
        String schema = "{\"type\":\"record\",\"name\":\"Kept\",\"fields\":[]}";
        assertThat(register("kept", schema).statusCode()).isEqualTo(200);

        stack.registry().kill();
        stack.registry().restart();

        HttpRequest latest =
                HttpRequest.newBuilder(
                                URI.create(
                                        stack.registryUrl()
                                                + "/subjects/kept-value/versions/latest/schema"))
                        .build();
        assertThat(HttpClient.newHttpClient().send(latest, BodyHandlers.ofString()).body())
                .isEqualTo(schema);
    }

    @Test
    void aBrokerThatComesBackOnAnotherPortHasItsTopics() throws Exception {
        Path data = folder.resolve("moved");
        Path log = folder.resolve("moved.log");
        Set<String> topics;
        String before;
        try (LocalBroker first = LocalBroker.start(Distribution.locate(), data, log)) {
            before = first.bootstrapServers();
            createTopic(before, "moved");
        }
        try (ServerSocket sitting = new ServerSocket(port(before), 1, loopback());
                LocalBroker second = LocalBroker.start(Distribution.locate(), data, log);
                Admin admin =
                        Admin.create(Map.of("bootstrap.servers", second.bootstrapServers()))) {
            assertThat(port(second.bootstrapServers())).isNotEqualTo(sitting.getLocalPort());
            topics = admin.listTopics().names().get(30, TimeUnit.SECONDS);
        }
        assertThat(topics).containsExactly("moved");
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1));
    }

    private static InetAddress loopback() {
        return InetAddress.getLoopbackAddress();
    }

    @Test
    void onlyTheLoopbackInterfaceIsServed() throws Exception {
        for (long pid : List.of(stack.broker().pid(), stack.registry().pid())) {
            assertThat(ListeningSockets.of(pid))
                    .isNotEmpty()
                    .allMatch(address -> address.getAddress().isLoopbackAddress());
        }
    }

    @Test
    void brokerAndRegistryEndWhenTheirParentIsKilled() throws Exception {
        Process parent =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-D"
                                        + Distribution.HOME_PROPERTY
                                        + "="
                                        + Distribution.locate().home(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                StackHolder.class.getName(),
                                folder.resolve("killed").toString())
                        .redirectError(folder.resolve("parent.log").toFile())
                        .start();
        List<ProcessHandle> children;
        try (BufferedReader output = parent.inputReader(StandardCharsets.UTF_8)) {
            children =
                    Pattern.compile(" ")
                            .splitAsStream(output.readLine())
                            .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
                            .toList();
        } finally {
            parent.destroyForcibly();
        }

        for (ProcessHandle child : children) {
            assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    private static void createTopic(String name) throws Exception {
        createTopic(stack.bootstrapServers(), name);
    }

    private static void createTopic(String address, String name) throws Exception {
        Map<String, Object> broker = Map.of("bootstrap.servers", address);
        try (Admin admin = Admin.create(broker)) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    /** Values of the first committed records of a topic. */
    private static List<String> committed(String topic) {
        Map<String, Object> committed =
                Map.of(
                        "bootstrap.servers", stack.bootstrapServers(),
                        "auto.offset.reset", "earliest",
                        "isolation.level", "read_committed");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(
                        committed, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            List<String> values = new ArrayList<>();
            consumer.poll(Duration.ofSeconds(30)).forEach(record -> values.add(record.value()));
            return values;
        }
    }

    private static void send(KafkaProducer<String, String> producer, String value)
            throws Exception {
        producer.send(new ProducerRecord<>("words", value)).get(30, TimeUnit.SECONDS);
    }

    private static HttpResponse<String> register(String subject, String schema) throws Exception {
        String body = "{\"schema\":\"" + schema.replace("\"", "\\\"") + "\"}";
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "%s/subjects/%s-value/versions"
                                                .formatted(stack.registryUrl(), subject)))
                        .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                        .POST(BodyPublishers.ofString(body))
                        .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }
}
