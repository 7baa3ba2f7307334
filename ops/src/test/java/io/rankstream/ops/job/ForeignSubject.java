package io.rankstream.ops.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.topic.Topic;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * The subject of a job's examples as a producer keeps it who is not us: with the level FORWARD, and
 * a newest schema that ours could not follow.
 */
final class ForeignSubject {

    private static final Schema TICKET =
            SchemaBuilder.record("io.rankstream.schemas.LabeledExample")
                    .fields()
                    .requiredInt("priority")
                    .requiredString("label")
                    .requiredString("text")
                    .requiredString("adapterId")
                    .requiredString("exampleId")
                    .requiredLong("eventTime")
                    .endRecord();

    private final JobFixture job;
    private final String name;
    private final int id;
    private final List<Integer> versions;
    private final String level;

    private ForeignSubject(JobFixture job) throws Exception {
        this.job = job;
        String topic = job.config().topics().of(Topic.LABELED_EXAMPLES);
        this.name = topic + "-value";
        request("PUT", "{\"compatibility\": \"FORWARD\"}");
        try (SchemaRegistry registry = new SchemaRegistry(job.config().registry())) {
            this.id = registry.idOf(topic, TICKET);
            this.versions = registry.versions(name);
        }
        this.level = request("GET", "");
        assertThat(level).contains("FORWARD");
    }

    static ForeignSubject of(JobFixture job) throws Exception {
        return new ForeignSubject(job);
    }

    byte[] encoded(String exampleId, String adapterId, String text, String label) throws Exception {
        GenericRecord ticket =
                new GenericRecordBuilder(TICKET)
                        .set("priority", 1)
                        .set("exampleId", exampleId)
                        .set("adapterId", adapterId)
                        .set("text", text)
                        .set("label", label)
                        .set("eventTime", 1_000_000L)
                        .build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(
                ByteBuffer.allocate(WireFormat.HEADER_BYTES)
                        .put(WireFormat.MAGIC)
                        .putInt(id)
                        .array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(TICKET).write(ticket, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    /** Fails if a version or the compatibility level is another than the producer's. */
    void requireUntouched() throws Exception {
        try (SchemaRegistry registry = new SchemaRegistry(job.config().registry())) {
            assertThat(registry.versions(name)).isEqualTo(versions);
        }
        assertThat(request("GET", "")).isEqualTo(level);
    }

    private String request(String method, String body) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(job.config().registry().url() + "/config/" + name))
                        .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                        .method(method, BodyPublishers.ofString(body))
                        .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }
}
