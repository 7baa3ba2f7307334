package io.rankstream.ops.dlq.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.topic.CleanupPolicy;
import io.rankstream.ops.dlq.CommittedRecords;
import io.rankstream.ops.dlq.DeadLetterException;
import io.rankstream.ops.dlq.Origin;
import io.rankstream.ops.dlq.StoredLetter;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * The compacted topic that knows which refused records were sent back: one record each, with the
 * {@link Origin} as its key and the letter's place as its value, written in the transaction that
 * sends the record. It outlives the retention of both other topics.
 */
public final class ReplayLedger {

    private static final String SUFFIX = "-replayed";

    private final KafkaSettings kafka;
    private final String deadLetters;

    public ReplayLedger(KafkaSettings kafka, String deadLetters) {
        this.kafka = kafka;
        this.deadLetters = deadLetters;
    }

    private String topic() {
        return deadLetters + SUFFIX;
    }

    /** Makes the topic unless it is there. */
    void create() throws DeadLetterException {
        try (Admin admin = Admin.create(kafka.impatientProperties())) {
            if (admin.listTopics().names().get().contains(topic())) {
                requireCompaction(admin);
            } else {
                create(admin);
            }
        } catch (ExecutionException e) {
            throw new DeadLetterException(kafka.unusable(e.getCause()), e.getCause());
        } catch (KafkaException e) {
            throw new DeadLetterException(kafka.unusable(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeadLetterException("interrupted while making topic " + topic(), e);
        }
    }

    private void create(Admin admin) throws ExecutionException, InterruptedException {
        NewTopic ledger =
                new NewTopic(topic(), Optional.of(1), Optional.empty())
                        .configs(
                                Map.of(
                                        TopicConfig.CLEANUP_POLICY_CONFIG,
                                        TopicConfig.CLEANUP_POLICY_COMPACT));
        try {
            admin.createTopics(List.of(ledger)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    /** A ledger that forgets would let records be sent twice. */
    private void requireCompaction(Admin admin)
            throws DeadLetterException, ExecutionException, InterruptedException {
        CleanupPolicy policy = CleanupPolicy.ask(admin, topic());
        if (!policy.keepsNewest()) {
            throw new DeadLetterException(
                    "%s, expected compact, since it remembers what was sent back: alter it"
                            .formatted(policy));
        }
    }

    /** Every record that was sent back; none where there is no ledger yet. */
    public Set<String> read() throws DeadLetterException, RegistryException {
        Set<String> origins = new HashSet<>();
        Optional<CommittedRecords> records = CommittedRecords.of(kafka, topic());
        if (records.isPresent()) {
            try (CommittedRecords ledger = records.get()) {
                ledger.read(
                        record -> {
                            if (record.key() != null) {
                                origins.add(new String(record.key(), UTF_8));
                            }
                            return true;
                        });
            }
        }
        return origins;
    }

    /** What notes that the record of {@code stored} was sent back. */
    ProducerRecord<byte[], byte[]> entry(StoredLetter stored) {
        Origin place = new Origin(deadLetters, stored.partition(), stored.offset());
        return new ProducerRecord<>(
                topic(),
                stored.origin().toString().getBytes(UTF_8),
                place.toString().getBytes(UTF_8));
    }
}
