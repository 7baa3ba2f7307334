package io.rankstream.ops.control;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.KafkaSettings;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.schemas.ControlCommand;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Sends commands to a running job and waits for its answers. For use by one thread. */
public final class CommandChannel implements AutoCloseable {

    private static final int BLOCK_MILLIS = 15_000;
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaSettings kafka;
    private final String commands;
    private final int commandSchema;
    private final KafkaConsumer<byte[], byte[]> reports;
    private final SpecificDatumReader<TrainingReport> reader =
            new SpecificDatumReader<>(TrainingReport.getClassSchema());

    private CommandChannel(
            JobConfig job, int commandSchema, KafkaConsumer<byte[], byte[]> reports) {
        this.kafka = job.kafka();
        this.commands = job.topics().controlCommands();
        this.commandSchema = commandSchema;
        this.reports = reports;
    }

    /**
     * Opens the channel to the job of a configuration; answers are heard from now on.
     *
     * @throws CommandChannelException if the broker cannot be used, or knows no topic of the job
     * @throws RegistryException if the registry cannot be used
     */
    public static CommandChannel open(JobConfig job)
            throws CommandChannelException, RegistryException {
        int schema = commandSchema(job);
        KafkaConsumer<byte[], byte[]> reports = null;
        try {
            reports = new KafkaConsumer<>(job.kafka().impatientConsumerProperties());
            startAtTheEnd(reports, job);
            return new CommandChannel(job, schema, reports);
        } catch (KafkaException e) {
            if (reports != null) {
                reports.close();
            }
            throw new CommandChannelException(job.kafka().unusable(e));
        }
    }

    /**
     * Sends a command and waits for its answer, which comes with a checkpoint of the job.
     *
     * @return the report that answers; empty if none came in time
     * @throws CommandChannelException if the command could not be sent
     */
    public Optional<TrainingReport> send(ControlCommand command, Duration limit)
            throws CommandChannelException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        Map<String, Object> options = kafka.producerProperties();
        options.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MILLIS);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(options)) {
            producer.send(record(command)).get();
            return answer(command.getCommandId(), deadline);
        } catch (KafkaException | ExecutionException e) {
            throw new CommandChannelException(kafka.unusable(e));
        }
    }

    @Override
    public void close() {
        reports.close();
    }

    private static int commandSchema(JobConfig job) throws RegistryException {
        try (SchemaRegistry registry = new SchemaRegistry(job.registry())) {
            return registry.idOf(job.topics().controlCommands(), ControlCommand.getClassSchema());
        }
    }

    private static void startAtTheEnd(KafkaConsumer<byte[], byte[]> reports, JobConfig job)
            throws CommandChannelException {
        Map<String, ?> topics = reports.listTopics();
        for (String topic :
                List.of(job.topics().controlCommands(), job.topics().trainingReports())) {
            if (!topics.containsKey(topic)) {
                throw new CommandChannelException(job.kafka().lacks(List.of(topic)));
            }
        }
        List<TopicPartition> partitions =
                reports.partitionsFor(job.topics().trainingReports()).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        reports.assign(partitions);
        reports.seekToEnd(partitions);
        partitions.forEach(reports::position); // seeking is done when it is asked for
    }

    /** The adapter's id is the key, as it is of its examples. */
    private ProducerRecord<byte[], byte[]> record(ControlCommand command) {
        return new ProducerRecord<>(
                commands,
                command.getAdapterId().getBytes(StandardCharsets.UTF_8),
                WireFormat.encode(commandSchema, command));
    }

    private Optional<TrainingReport> answer(String commandId, long deadline)
            throws CommandChannelException {
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> record : reports.poll(POLL)) {
                TrainingReport report = decode(record.value());
                if (report.getCommand() != null
                        && report.getCommand().getCommandId().equals(commandId)) {
                    return Optional.of(report);
                }
            }
        }
        return Optional.empty();
    }

    private TrainingReport decode(byte[] value) throws CommandChannelException {
        try {
            return WireFormat.decode(value, reader);
        } catch (IOException | RuntimeException e) {
            throw new CommandChannelException(
                    "a training report cannot be read: does the job run another release than this command?");
        }
    }
}
