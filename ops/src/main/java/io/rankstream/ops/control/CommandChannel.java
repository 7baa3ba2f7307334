package io.rankstream.ops.control;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.topic.RegisteredReader;
import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.ControlCommand;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
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
    private final KafkaConsumer<byte[], byte[]> answers;
    private final SchemaRegistry registry;
    private final RegisteredReader<CommandAnswer> reader;

    private CommandChannel(
            JobConfig job, SchemaRegistry registry, KafkaConsumer<byte[], byte[]> answers)
            throws RegistryException {
        this.kafka = job.kafka();
        this.commands = job.topics().of(Topic.CONTROL_COMMANDS);
        this.commandSchema = registry.idOf(job.topics(), Topic.CONTROL_COMMANDS);
        this.answers = answers;
        this.registry = registry;
        this.reader = new RegisteredReader<>(registry, CommandAnswer.class);
    }

    /**
     * Opens the channel to the job of a configuration; answers are heard from now on.
     *
     * @throws CommandChannelException if the broker cannot be used, or knows no topic of the job
     * @throws RegistryException if the registry cannot be used
     */
    public static CommandChannel open(JobConfig job)
            throws CommandChannelException, RegistryException {
        SchemaRegistry registry = new SchemaRegistry(job.registry());
        KafkaConsumer<byte[], byte[]> answers = null;
        try {
            answers = new KafkaConsumer<>(job.kafka().impatientConsumerProperties());
            CommandChannel channel = new CommandChannel(job, registry, answers);
            channel.startAtTheEnd(job);
            return channel;
        } catch (KafkaException e) {
            close(registry, answers);
            throw new CommandChannelException(job.kafka().unusable(e));
        } catch (CommandChannelException | RegistryException e) {
            close(registry, answers);
            throw e;
        }
    }

    private static void close(SchemaRegistry registry, KafkaConsumer<byte[], byte[]> answers) {
        if (answers != null) {
            answers.close();
        }
        registry.close();
    }

    /**
     * Sends a command and waits for its answer, which comes with a checkpoint of the job.
     *
     * @return the answer; empty if none came in time
     * @throws CommandChannelException if the command could not be sent
     * @throws RegistryException if the registry does not tell an answer's schema
     */
    public Optional<CommandAnswer> send(ControlCommand command, Duration limit)
            throws CommandChannelException, RegistryException, InterruptedException {
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
        close(registry, answers);
    }

    private void startAtTheEnd(JobConfig job) throws CommandChannelException {
        Map<String, ?> topics = answers.listTopics();
        for (String topic :
                List.of(
                        job.topics().of(Topic.CONTROL_COMMANDS),
                        job.topics().of(Topic.COMMAND_ANSWERS))) {
            if (!topics.containsKey(topic)) {
                throw new CommandChannelException(job.kafka().lacks(List.of(topic)));
            }
        }
        List<TopicPartition> partitions =
                answers.partitionsFor(job.topics().of(Topic.COMMAND_ANSWERS)).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        answers.assign(partitions);
        answers.seekToEnd(partitions);
        partitions.forEach(answers::position); // seeking is done when it is asked for
    }

    /** The adapter's id is the key, as it is of its examples. */
    private ProducerRecord<byte[], byte[]> record(ControlCommand command) {
        return new ProducerRecord<>(
                commands,
                Topic.CONTROL_COMMANDS.key().of(command),
                WireFormat.encode(commandSchema, command));
    }

    private Optional<CommandAnswer> answer(String commandId, long deadline)
            throws RegistryException {
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> record : answers.poll(POLL)) {
                Optional<CommandAnswer> answer =
                        reader.read(record.value())
                                .filter(each -> each.getCommandId().equals(commandId));
                if (answer.isPresent()) {
                    return answer;
                }
            }
        }
        return Optional.empty();
    }
}
