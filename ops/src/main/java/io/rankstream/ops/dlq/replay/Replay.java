package io.rankstream.ops.dlq.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.dlq.DeadLetterException;
import io.rankstream.ops.dlq.DeadLetterTopic;
import io.rankstream.ops.dlq.LetterFilter;
import io.rankstream.ops.dlq.RefusedRecord;
import io.rankstream.ops.dlq.StoredLetter;
import io.rankstream.schemas.DeadLetterReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/**
 * Sends refused records back to the topic that they came from: original key, value, headers and
 * timestamp, to the original partition, with a header more that names the origin. A letter is data,
 * so no topic is written to because it names it: a letter of another topic than those that the job
 * reads is left out. A letter that holds the beginning of its record alone is answered with the
 * record itself where that still lies on its topic, and is left out elsewhere.
 *
 * <p>Exactly once: the entry in the {@link ReplayLedger} is written in the record's transaction,
 * and the ledger is read after {@code initTransactions} has ended whatever an earlier replay of the
 * same consumer group had open.
 */
public final class Replay {

    /** Names the record that this one repeats. */
    static final String ORIGIN_HEADER = "rankstream.replay-of";

    private static final int SENDS_PER_TRANSACTION = 1_000;
    private static final long BYTES_PER_TRANSACTION = 16L << 20;

    /** A record that was accepted compressed is held whole, as the dead letters' sink does. */
    private static final long BUFFER = 256L << 20;

    private final DeadLetterTopic letters;
    private final LetterFilter filter;
    private final long limit;
    private final KafkaSettings kafka;
    private final Set<String> inputs;
    private final ReplayLedger ledger;

    /**
     * @param limit most letters to send, the first ones
     */
    public Replay(DeadLetterTopic letters, LetterFilter filter, long limit) {
        this.letters = letters;
        this.filter = filter;
        this.limit = limit;
        this.kafka = letters.config().kafka();
        this.inputs = Set.copyOf(letters.inputs());
        this.ledger = new ReplayLedger(kafka, letters.config().topics().of(Topic.DEAD_LETTERS));
    }

    /** Hears how far the dead letters were looked through. */
    public interface Progress {

        /**
         * Called with every letter.
         *
         * @param letters that were looked at
         * @param due those of them whose records are to be sent, or are sent
         */
        void looked(long letters, long due);
    }

    /** Counts what {@link #send} would send. */
    public ReplayCount count(Progress progress) throws DeadLetterException, RegistryException {
        return visitDue(ledger.read(), (letter, record) -> {}, progress);
    }

    /**
     * Sends the records and returns when all are committed.
     *
     * @throws DeadLetterException if not all could be sent; those that were are in the ledger
     */
    public ReplayCount send(Progress progress) throws DeadLetterException, RegistryException {
        ledger.create();
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(options())) {
            producer.initTransactions();
            Transactions transactions = new Transactions(producer);
            ReplayCount sent = visitDue(ledger.read(), transactions::send, progress);
            transactions.commit();
            return sent;
        } catch (KafkaException e) {
            throw failed(e);
        }
    }

    private DeadLetterException failed(KafkaException e) {
        boolean isReplaced =
                e instanceof ProducerFencedException || e instanceof InvalidProducerEpochException;
        return new DeadLetterException(
                isReplaced
                        ? "another replay of group '%s' has begun, and this one has stopped; run it again to see what is left"
                                .formatted(kafka.groupId())
                        : kafka.unusable(e),
                e);
    }

    /** Receives the letters whose records are to be sent. */
    private interface Visitor {
        void visit(StoredLetter letter, RefusedRecord record) throws DeadLetterException;
    }

    /**
     * @param done origins of the records that were sent before; grows by those visited
     */
    private ReplayCount visitDue(Set<String> done, Visitor visitor, Progress progress)
            throws DeadLetterException, RegistryException {
        ReplayCount.Tally tally = new ReplayCount.Tally();
        long[] left = {limit};
        long[] looked = {0};
        try (OriginalRecords originals = new OriginalRecords(kafka)) {
            letters.read(
                    stored -> {
                        if (filter.accepts(stored)
                                && visit(stored, originals, done, tally, visitor)) {
                            left[0]--;
                        }
                        progress.looked(++looked[0], limit - left[0]);
                        return left[0] > 0;
                    });
        }
        return tally.count();
    }

    /** Whether the record of {@code stored} is to be sent. */
    private boolean visit(
            StoredLetter stored,
            OriginalRecords originals,
            Set<String> done,
            ReplayCount.Tally tally,
            Visitor visitor)
            throws DeadLetterException {
        if (!inputs.contains(stored.letter().getTopic())) {
            tally.ofAnotherTopic();
            return false;
        }
        if (done.contains(stored.origin().toString())) {
            tally.sentBefore();
            return false;
        }
        Optional<RefusedRecord> record = record(stored, originals);
        if (record.isEmpty()) {
            tally.incomplete();
            return false;
        }
        done.add(stored.origin().toString());
        tally.due(stored.letter());
        visitor.visit(stored, record.get());
        return true;
    }

    /**
     * What was too large for the job to hold is too large here; what was held is in its letter, and
     * was too large for people alone.
     */
    private static Optional<RefusedRecord> record(StoredLetter stored, OriginalRecords originals)
            throws DeadLetterException {
        boolean isUnread =
                stored.letter().getReason() == DeadLetterReason.TOO_LARGE
                        && (stored.isCut() || stored.letter().getValue() == null);
        if (isUnread) {
            return Optional.empty();
        }
        return stored.isCut()
                ? originals.find(stored)
                : Optional.of(RefusedRecord.in(stored.letter()));
    }

    private Map<String, Object> options() {
        Map<String, Object> options = kafka.producerProperties();
        options.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, kafka.groupId() + "-replay");
        options.put(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                Math.toIntExact(kafka.transactionTimeout().toMillis()));
        options.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.MAX_VALUE);
        options.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        options.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER);
        return options;
    }

    /** Sends records in transactions of a bounded size; one that fails sends none of its own. */
    private final class Transactions {

        private final Producer<byte[], byte[]> producer;
        private final Map<String, Integer> partitions = new HashMap<>();
        private final List<Future<RecordMetadata>> sends = new ArrayList<>();
        private long bytes;

        Transactions(Producer<byte[], byte[]> producer) {
            this.producer = producer;
        }

        void send(StoredLetter stored, RefusedRecord refused) throws DeadLetterException {
            try {
                sendOrCommit(stored, refused);
            } catch (KafkaException e) {
                throw failed(e);
            }
        }

        private void sendOrCommit(StoredLetter stored, RefusedRecord refused) {
            if (sends.isEmpty()) {
                producer.beginTransaction();
            }
            ProducerRecord<byte[], byte[]> record = record(stored, refused);
            sends.add(producer.send(record));
            sends.add(producer.send(ledger.entry(stored)));
            bytes += record.value() == null ? 0 : record.value().length;
            if (sends.size() >= SENDS_PER_TRANSACTION || bytes > BYTES_PER_TRANSACTION) {
                commit();
            }
        }

        void commit() {
            if (!sends.isEmpty()) {
                producer.commitTransaction(); // throws what any of its sends has thrown
                sends.clear();
                bytes = 0;
            }
        }

        /** The original partition keeps the records of an adapter in one, where it still exists. */
        private ProducerRecord<byte[], byte[]> record(StoredLetter stored, RefusedRecord refused) {
            String input = stored.origin().topic();
            int partition = stored.origin().partition();
            int count =
                    partitions.computeIfAbsent(
                            input, topic -> producer.partitionsFor(topic).size());
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(
                            input,
                            partition >= 0 && partition < count ? partition : null,
                            refused.timestamp(),
                            refused.key(),
                            refused.value(),
                            refused.headers());
            record.headers()
                    .remove(ORIGIN_HEADER)
                    .add(ORIGIN_HEADER, stored.origin().toString().getBytes(UTF_8));
            return record;
        }
    }
}
