package io.rankstream.job.claim;

import io.rankstream.job.config.settings.KafkaSettings;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.connector.kafka.sink.internal.FlinkKafkaInternalProducer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * That a start is the newest of its job. It is kept by the broker: every start initializes one
 * transactional id of the job, which raises that id's epoch, and carries the epoch with it through
 * all restarts. A start that finds a higher one has been followed by another.
 *
 * <p>A fenced producer alone does not tell that: transactions that time out, and a process that
 * wakes up after its job went on elsewhere, are fenced as well.
 *
 * @param kafka broker and {@code kafka.group-id}
 * @param producerId id that the broker has given to the start, or {@link #NOBODY}
 * @param epoch the epoch
 */
public record JobClaim(KafkaSettings kafka, long producerId, int epoch) implements Serializable {

    private static final Logger LOG = LoggerFactory.getLogger(JobClaim.class);

    private static final long NOBODY = -1;
    private static final int INITIALIZE_MILLIS = 15_000;

    /** An id and epoch that the broker knows. */
    private record Holder(long producerId, int epoch) {}

    /** What holds for a job that nobody can follow: it never finds another start. */
    public static JobClaim none(KafkaSettings kafka) {
        return new JobClaim(kafka, NOBODY, 0);
    }

    /**
     * Makes this start the newest of its job. Of several that do so at once, the last one is.
     *
     * @throws KafkaException if the broker cannot be used
     * @throws IOException if another start has done the same right after
     */
    public static JobClaim take(KafkaSettings kafka)
            throws IOException, ExecutionException, InterruptedException {
        try (Admin admin = admin(kafka)) {
            Holder own = initialize(kafka);
            if (!holder(kafka, admin).orElse(own).equals(own)) {
                throw new IOException(
                        "another job with kafka.group-id '%s' is being started at this moment: leave it alone, or give this one a kafka.group-id of its own"
                                .formatted(kafka.groupId()));
            }
            return new JobClaim(kafka, own.producerId, own.epoch);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnsupportedVersionException) {
                LOG.warn(
                        "The broker cannot describe transactions: a second job with the same kafka.group-id is not noticed.");
                return none(kafka);
            }
            throw e;
        }
    }

    /**
     * Makes sure that no other start has followed. A broker that does not answer counts as none:
     * that is another trouble.
     *
     * @throws TakenOverException if one has
     */
    public void requireHeld() throws TakenOverException, InterruptedException {
        if (producerId == NOBODY) {
            return;
        }
        try (Admin admin = admin(kafka)) {
            requireHeld(holder(kafka, admin));
        } catch (ExecutionException | KafkaException e) {
            LOG.warn("It is not known whether another job has taken over: {}", e.getMessage());
        }
    }

    /** Looks after the claim from time to time; one caller at a time. */
    public Watch watch() {
        return new Watch();
    }

    /** Asks the broker without waiting for it. */
    public final class Watch implements AutoCloseable {

        private Admin admin;
        private KafkaFuture<TransactionDescription> asked;

        private Watch() {}

        /**
         * Judges the answer to its last question, and asks again.
         *
         * @return whether no other start had followed when the last question was asked, or this is
         *     the first; false where that is not known yet
         * @throws TakenOverException if another start has followed
         */
        public boolean look() throws TakenOverException, InterruptedException {
            if (producerId == NOBODY) {
                return true;
            }
            if (asked != null && !asked.isDone()) {
                return false;
            }
            boolean held = asked == null || isHeld();
            asked = ask(kafka, admin());
            return held;
        }

        /**
         * Asks whether another start has followed by now, and waits for the answer.
         *
         * @param limit how long; no answer counts as none
         * @throws TakenOverException if one has
         */
        public void look(Duration limit) throws TakenOverException, InterruptedException {
            if (producerId == NOBODY) {
                return;
            }
            KafkaFuture<TransactionDescription> now = ask(kafka, admin());
            try {
                now.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                LOG.debug("It is not known whether another job has taken over.", e);
                return;
            }
            asked = now;
            isHeld();
        }

        private boolean isHeld() throws TakenOverException, InterruptedException {
            try {
                requireHeld(answer(asked));
                return true;
            } catch (ExecutionException e) {
                LOG.debug("It is not known whether another job has taken over.", e);
                return false;
            }
        }

        private Admin admin() {
            if (admin == null) {
                admin = JobClaim.admin(kafka);
            }
            return admin;
        }

        @Override
        public void close() {
            if (admin != null) {
                admin.close(Duration.ZERO);
            }
        }
    }

    private void requireHeld(Optional<Holder> now) throws TakenOverException {
        if (now.isPresent() && !now.get().equals(new Holder(producerId, epoch))) {
            throw new TakenOverException(kafka.groupId());
        }
    }

    /** What the broker has answered is known to Flink's producer alone, not to Kafka's. */
    private static Holder initialize(KafkaSettings kafka) {
        Properties properties = new Properties();
        properties.putAll(kafka.producerProperties());
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, INITIALIZE_MILLIS);
        try (FlinkKafkaInternalProducer<byte[], byte[]> producer =
                new FlinkKafkaInternalProducer<>(properties, transactionalId(kafka))) {
            producer.initTransactions();
            return new Holder(producer.getProducerId(), producer.getEpoch());
        }
    }

    /** Empty where the broker knows no such id, or has forgotten it for want of use. */
    private static Optional<Holder> holder(KafkaSettings kafka, Admin admin)
            throws ExecutionException, InterruptedException {
        return answer(ask(kafka, admin));
    }

    private static KafkaFuture<TransactionDescription> ask(KafkaSettings kafka, Admin admin) {
        String id = transactionalId(kafka);
        return admin.describeTransactions(List.of(id)).description(id);
    }

    private static Optional<Holder> answer(KafkaFuture<TransactionDescription> asked)
            throws ExecutionException, InterruptedException {
        try {
            TransactionDescription described = asked.get();
            return Optional.of(new Holder(described.producerId(), described.producerEpoch()));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TransactionalIdNotFoundException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Admin admin(KafkaSettings kafka) {
        return Admin.create(kafka.impatientProperties());
    }

    private static String transactionalId(KafkaSettings kafka) {
        return kafka.groupId() + "-start";
    }
}
