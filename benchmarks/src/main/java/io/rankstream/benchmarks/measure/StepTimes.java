package io.rankstream.benchmarks.measure;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.run.RunningJob;
import io.rankstream.schemas.Prediction;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * When the optimizer step of each example had ended: the timestamp of its prediction, which is the
 * time at which the training operator handed it to Kafka's producer after the step, however long
 * the producer or the transaction held it back then.
 */
public final class StepTimes implements AutoCloseable {

    /**
     * A step.
     *
     * @param number its number, from 1
     * @param endMillis milliseconds since the epoch
     */
    public record Step(long number, long endMillis) {}

    private final Map<Long, Step> steps = new HashMap<>();
    private final SpecificDatumReader<Prediction> reader =
            new SpecificDatumReader<>(Prediction.getClassSchema());
    private final RunningJob job;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /** Reads the predictions of {@code job}, whether or not they are committed yet. */
    public StepTimes(RunningJob job, JobConfig config) {
        this.job = job;
        Map<String, Object> options = config.kafka().clientProperties();
        options.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        options.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        options.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer =
                new KafkaConsumer<>(
                        options, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(List.of(new TopicPartition(config.topics().of(Topic.PREDICTIONS), 0)));
    }

    /** Waits until {@code examples} have been trained on; steps by offset of their examples. */
    public Map<Long, Step> await(int examples) throws Exception {
        while (steps.size() < examples) {
            if (job.hasEnded()) {
                job.await();
            }
            read();
        }
        return steps;
    }

    /** Examples that have been trained on by now. */
    public int soFar() throws IOException {
        int before;
        do {
            before = steps.size();
            read();
        } while (steps.size() > before);
        return before;
    }

    private void read() throws IOException {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
            Prediction prediction = WireFormat.decode(record.value(), reader);
            steps.put(prediction.getOffset(), new Step(prediction.getStep(), record.timestamp()));
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
