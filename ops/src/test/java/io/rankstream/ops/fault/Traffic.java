package io.rankstream.ops.fault;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.schemas.LabeledExample;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Mails for four adapters, with bad records among them, in whole micro-batches of every adapter, so
 * that nothing waits for more. Sending does not wait for the broker, which may be down.
 */
final class Traffic implements AutoCloseable {

    static final List<String> ADAPTERS = List.of("tenant-0", "tenant-1", "tenant-2", "tenant-3");
    static final int BATCH_EXAMPLES = 4;

    private static final int UNKNOWN_SCHEMA = 987_654_321;
    private static final int BAD_RECORDS_AT_ONCE = 4;

    /** Longer than any outage: the producer itself must not give up. */
    private static final int PATIENCE_MILLIS = 600_000;

    /** A record on its way; {@code exampleId} is null for one that cannot be trained on. */
    private record Sent(Future<RecordMetadata> acknowledgement, String exampleId) {}

    /** What a bad record has wrong. */
    private enum Defect {
        CUT_SHORT,
        FOREIGN_BYTES,
        NO_VALUE,
        UNKNOWN_SCHEMA_ID,
        UNKNOWN_LABEL
    }

    private final JobConfig config;
    private final SplittableRandom random;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Iterator<LabeledExample> mails;
    private final List<Sent> sent = new ArrayList<>();
    private int schemaId;
    private int extraFields;

    Traffic(JobConfig config, int schemaId, SplittableRandom random) {
        this.config = config;
        this.schemaId = schemaId;
        this.random = random;
        this.mails =
                MailStream.open().examples(Integer.MAX_VALUE).stream()
                        .filter(mail -> mail.getAdapterId().equals(MailStream.SPAM_ADAPTER))
                        .iterator();
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers", config.kafka().bootstrapServers(),
                                "max.block.ms", PATIENCE_MILLIS,
                                "delivery.timeout.ms", PATIENCE_MILLIS),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    /** Sends so many micro-batches for each adapter, and a few bad records between them. */
    void send(int batches) {
        int examples = batches * BATCH_EXAMPLES * ADAPTERS.size();
        Set<Integer> defective = new TreeSet<>();
        while (defective.size() < BAD_RECORDS_AT_ONCE) {
            defective.add(random.nextInt(examples));
        }
        for (int i = 0; i < examples; i++) {
            if (defective.contains(i)) {
                sendBad();
            }
            LabeledExample example = next(ADAPTERS.get(i % ADAPTERS.size()));
            send(example.getAdapterId(), encoded(example), example.getExampleId());
        }
    }

    /**
     * From here on examples are written with a schema of one more optional field, which the job has
     * to ask the registry for.
     */
    void evolveSchema() throws IOException, InterruptedException {
        int fields = extraFields + 1;
        schemaId = register(evolved(fields));
        extraFields = fields;
    }

    /** What the broker has of what was sent; waits for it to have all. */
    Ledger ledger() throws Exception {
        Ledger ledger = new Ledger(new TreeMap<>(), new TreeSet<>());
        for (Sent record : sent) {
            long offset =
                    record.acknowledgement().get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS).offset();
            if (record.exampleId() == null) {
                ledger.bad().add(offset);
            } else {
                ledger.examples().put(offset, record.exampleId());
            }
        }
        return ledger;
    }

    @Override
    public void close() {
        producer.close();
    }

    private LabeledExample next(String adapterId) {
        LabeledExample mail = mails.next();
        return LabeledExample.newBuilder(mail).setAdapterId(adapterId).build();
    }

    private void sendBad() {
        LabeledExample example = next(ADAPTERS.get(random.nextInt(ADAPTERS.size())));
        byte[] whole = encoded(example);
        Defect[] defects = Defect.values();
        byte[] value =
                switch (defects[random.nextInt(defects.length)]) {
                    case CUT_SHORT -> Arrays.copyOf(whole, whole.length / 2);
                    case FOREIGN_BYTES -> "not Avro".getBytes(StandardCharsets.UTF_8);
                    case NO_VALUE -> null;
                    case UNKNOWN_SCHEMA_ID -> WireFormat.encode(UNKNOWN_SCHEMA, example);
                    case UNKNOWN_LABEL -> {
                        example.setLabel("eggs");
                        yield encoded(example);
                    }
                };
        send(example.getAdapterId(), value, null);
    }

    private void send(String key, byte[] value, String exampleId) {
        ProducerRecord<byte[], byte[]> entry =
                new ProducerRecord<>(
                        config.topics().of(Topic.LABELED_EXAMPLES),
                        key.getBytes(StandardCharsets.UTF_8),
                        value);
        sent.add(new Sent(producer.send(entry), exampleId));
    }

    /** An optional field that is null is a zero byte at the end. */
    private byte[] encoded(LabeledExample example) {
        byte[] value = WireFormat.encode(schemaId, example);
        return Arrays.copyOf(value, value.length + extraFields);
    }

    private static Schema evolved(int extraFields) {
        Schema known = LabeledExample.getClassSchema();
        List<Schema.Field> fields = new ArrayList<>();
        known.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
        Schema optional =
                Schema.createUnion(
                        Schema.create(Schema.Type.NULL), Schema.create(Schema.Type.STRING));
        IntStream.rangeClosed(1, extraFields)
                .forEach(
                        i ->
                                fields.add(
                                        new Schema.Field(
                                                "extra" + i,
                                                optional,
                                                null,
                                                Schema.Field.NULL_DEFAULT_VALUE)));
        return Schema.createRecord(
                known.getName(), known.getDoc(), known.getNamespace(), false, fields);
    }

    private int register(Schema schema) throws IOException, InterruptedException {
        ObjectMapper json = new ObjectMapper();
        String subject = config.topics().of(Topic.LABELED_EXAMPLES) + "-value";
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "%s/subjects/%s/versions"
                                                .formatted(config.registry().url(), subject)))
                        .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                        .POST(
                                BodyPublishers.ofString(
                                        json.writeValueAsString(
                                                Map.of("schema", schema.toString()))))
                        .build();
        HttpResponse<String> response =
                HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("the registry refused a schema: " + response.body());
        }
        return json.readTree(response.body()).get("id").asInt();
    }
}
