package io.rankstream.benchmarks.workload;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends examples, or inputs, one by one at the times of a Poisson process, whether or not the
 * pipeline keeps up.
 *
 * @param <T> generated class of the values
 */
public final class OpenLoop<T extends SpecificRecordBase> implements AutoCloseable {

    private final Topic<T> row;
    private final String topic;
    private final int schemaId;
    private final Random random = new Random(42);
    private final KafkaProducer<byte[], byte[]> producer;

    public OpenLoop(JobConfig config, Topic<T> row, int schemaId) {
        this.row = row;
        this.topic = config.topics().of(row);
        this.schemaId = schemaId;
        Map<String, Object> options = config.kafka().clientProperties();
        options.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        this.producer =
                new KafkaProducer<>(options, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Sends values and returns when all are stored.
     *
     * @param rate mean values a second
     * @return milliseconds of each value's arrival by its offset
     */
    public Map<Long, Long> send(List<T> values, double rate) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        long due = System.nanoTime();
        for (T value : values) {
            due += (long) (random.nextExponential() / rate * 1e9);
            Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())).toMillis());
            byte[] bytes = WireFormat.encode(schemaId, value);
            sent.add(producer.send(new ProducerRecord<>(topic, row.key().of(value), bytes)));
        }
        Map<Long, Long> arrivals = new HashMap<>();
        for (Future<RecordMetadata> each : sent) {
            arrivals.put(each.get().offset(), each.get().timestamp());
        }
        return arrivals;
    }

    @Override
    public void close() {
        producer.close();
    }
}
