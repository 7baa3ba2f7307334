package io.rankstream.ops.labeling;

import static io.rankstream.ops.labeling.queue.Requests.cancel;
import static io.rankstream.ops.labeling.queue.Requests.open;
import static io.rankstream.ops.labeling.queue.Requests.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.preflight.TopicCreation;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.cli.option.ConsoleOption;
import io.rankstream.ops.console.Console;
import io.rankstream.ops.console.ConsoleSubject;
import io.rankstream.ops.fault.Await;
import io.rankstream.ops.stack.Distribution;
import io.rankstream.ops.stack.LocalStack;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.OutcomeStatus;
import io.rankstream.schemas.VoteKind;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real broker and registry: what is asked comes to people, and what they say is stored. */
class LabelingIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void whatIsAskedIsAnsweredOnceAlsoAfterARestart() throws Exception {
        try (LocalStack stack =
                LocalStack.start(
                        Distribution.locate(), folder.resolve("work"), folder.resolve("logs"))) {
            JobConfig job = job(stack);
            TopicCreation.createMissing(job.kafka(), job.topics(), job.usedTopics());
            send(job, Topic.LABEL_REQUESTS, open(1).setPriority(2).build());
            send(job, Topic.LABEL_REQUESTS, open(2).setPriority(1).build());
            send(job, Topic.LABEL_REQUESTS, open(3).build());
            send(job, Topic.LABEL_REQUESTS, open(4).build());
            send(job, Topic.LABEL_REQUESTS, cancel(3));
            send(job, Topic.LABEL_OUTCOMES, outcome(4, OutcomeStatus.FINAL));

            try (Served served = new Served(job)) {
                assertThat(served.next("ada")).isEqualTo("r1");
                assertThat(served.next("bob")).isEqualTo("r2");
                assertThat(served.vote("ada", "r1", "spam")).isEqualTo(201);

                send(job, Topic.LABEL_REQUESTS, open(5).setPriority(9).build());
                assertThat(served.next("ada")).isEqualTo("r5");
            }
            try (Served again = new Served(job)) {
                assertThat(again.next("ada")).isEqualTo("r5");
                assertThat(again.next("bob")).isEqualTo("r2");
                assertThat(again.next("eve")).isEmpty();
            }

            List<LabelVote> votes = votes(job);
            assertThat(votes).hasSize(1);
            assertThat(votes.get(0).getKind()).isEqualTo(VoteKind.VOTE);
            assertThat(votes.get(0).getLabel()).isEqualTo("spam");
            assertThat(votes.get(0).getRequestId()).isEqualTo("r1");
            assertThat(votes.get(0).getAnnotator()).isEqualTo("ada");
        }
    }

    private JobConfig job(LocalStack stack) throws Exception {
        Path file = folder.resolve("rankstream.yaml");
        Files.writeString(
                file,
                """
                kafka.bootstrap-servers: %s
                registry.url: %s
                loop.mode: only
                loop.budget-share: 0.1
                training.labels: [ham, spam]
                publish.directory: '%s'
                """
                        .formatted(
                                stack.bootstrapServers(),
                                stack.registryUrl(),
                                folder.resolve("adapters")));
        return ConfigFile.load(file);
    }

    private static <T extends SpecificRecordBase> void send(JobConfig job, Topic<T> topic, T value)
            throws Exception {
        try (SchemaRegistry registry = new SchemaRegistry(job.registry());
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(
                                Map.of("bootstrap.servers", job.kafka().bootstrapServers()),
                                new ByteArraySerializer(),
                                new ByteArraySerializer())) {
            byte[] bytes = WireFormat.encode(registry.idOf(job.topics(), topic), value);
            producer.send(
                            new ProducerRecord<>(
                                    job.topics().of(topic), topic.key().of(value), bytes))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static List<LabelVote> votes(JobConfig job) {
        try (TopicReader<LabelVote> reader =
                TopicReader.committed(
                        job.kafka(), job.topics().of(Topic.LABELS), LabelVote.getClassSchema())) {
            return reader.readToEnd();
        }
    }

    /** A page that is served, and asked as its script asks it. */
    private final class Served implements AutoCloseable {

        private final Console console;
        private final String server;
        private final String token;

        Served(JobConfig job) throws Exception {
            List<String> said = new ArrayList<>();
            console =
                    new ConsoleOption()
                            .openWithLabeling(
                                    job,
                                    new ConsoleSubject("test", "test.yaml", OptionalLong.empty()),
                                    said::add,
                                    said::add);
            assertThat(said)
                    .satisfiesExactly(
                            first -> assertThat(first).startsWith("Console: "),
                            second -> assertThat(second).startsWith("Labeling: "));
            String[] address = said.get(1).replace("Labeling: ", "").split("#token=", -1);
            server = address[0];
            token = address[1];
            Await.until(
                    "all requests are read",
                    () -> !get("standing?annotator=nobody").path("reading").asBoolean());
        }

        /** Id of the request; empty for none. What was sent just now is waited for. */
        String next(String annotator) throws Exception {
            if (annotator.equals("ada")) {
                Await.until(
                        "a request waits",
                        () -> get("standing?annotator=ada").path("waiting").asInt() > 0);
            }
            return get("next?annotator=" + annotator).at("/request/requestId").asText();
        }

        int vote(String annotator, String request, String label) throws Exception {
            String body =
                    """
                    {"decision": "1", "annotator": "%s", "adapterId": "mail", "requestId": "%s",
                     "kind": "VOTE", "label": "%s", "suggestionShown": false}"""
                            .formatted(annotator, request, label);
            return http.send(
                            request("votes")
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString(body))
                                    .build(),
                            BodyHandlers.ofString())
                    .statusCode();
        }

        private JsonNode get(String path) throws Exception {
            return JSON.readTree(http.send(request(path).build(), BodyHandlers.ofString()).body());
        }

        private HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(URI.create(server + "/api/" + path))
                    .header("Authorization", "Bearer " + token);
        }

        @Override
        public void close() {
            console.close();
        }
    }
}
