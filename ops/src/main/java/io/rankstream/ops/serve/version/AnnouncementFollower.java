package io.rankstream.ops.serve.version;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.topic.ReadToEnds;
import io.rankstream.job.topic.ReadingStalledException;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.topic.RegisteredReader;
import io.rankstream.schemas.AdapterVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topic of announced versions from its beginning and follows it, in a thread of its own.
 * What cannot be read is tried again for ever; what was announced stays meanwhile.
 */
public final class AnnouncementFollower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AnnouncementFollower.class);

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration END = Duration.ofSeconds(2);

    /** How often the broker is asked whether it is there. */
    private static final Duration CHECK = Duration.ofSeconds(10);

    /** Longest time in which nothing of what is there arrives. */
    private static final Duration STALL = Duration.ofSeconds(30);

    /** Who is told. Called by one thread. */
    public interface Listener {

        /** The topic was read to what was its end: the announcement of each adapter that counts. */
        void begin(Map<String, Announcement> announced);

        /** One more version was announced. */
        void announced(Announcement announcement);

        /** An adapter's announcements were withdrawn, by a record without a value. */
        void withdrawn(String adapterId);
    }

    private final KafkaSettings kafka;
    private final String topic;
    private final SchemaRegistry registry;
    private final RegisteredReader<AdapterVersion> reader;
    private final Listener listener;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicLong unreadable = new AtomicLong();

    private Consumer<byte[], byte[]> consumer;
    private volatile String problem = "";

    private AnnouncementFollower(JobConfig job, Listener listener) {
        this.kafka = job.kafka();
        this.topic = job.topics().of(Topic.ADAPTER_VERSIONS);
        this.registry = new SchemaRegistry(job.registry());
        this.reader = new RegisteredReader<>(registry, AdapterVersion.class);
        this.listener = listener;
        this.thread = new Thread(this::follow, "adapter-versions");
        thread.setDaemon(true);
    }

    /** Begins to follow. */
    public static AnnouncementFollower start(JobConfig job, Listener listener) {
        AnnouncementFollower follower = new AnnouncementFollower(job, listener);
        follower.thread.start();
        return follower;
    }

    /** Why the topic cannot be read at present, as a sentence; empty if it can. */
    public String problem() {
        return problem;
    }

    /** Records that are no announcements that this release can read. */
    public long unreadable() {
        return unreadable.get();
    }

    private void follow() {
        while (!isClosed()) {
            try (Consumer<byte[], byte[]> fresh = new KafkaConsumer<>(options())) {
                synchronized (this) {
                    consumer = fresh;
                }
                follow(fresh);
            } catch (WakeupException | InterruptException e) {
                LOG.debug("No more announcements are read.", e);
            } catch (KafkaException e) {
                pauseBy(kafka.unusable(e), e);
            } catch (RegistryException e) {
                pauseBy(e.getMessage(), e);
            } catch (ReadingStalledException e) {
                pauseBy("announcements of versions cannot be read: " + e.getMessage(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                pauseBy("announcements of versions cannot be read: " + e, e);
            }
        }
    }

    private Map<String, Object> options() {
        Map<String, Object> options = kafka.consumerProperties();
        options.put(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_COMMITTED.toString());
        options.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        options.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        return options;
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void pauseBy(String sentence, Exception cause) {
        if (isClosed()) {
            return;
        }
        if (!sentence.equals(problem)) {
            LOG.error("{}. It is tried again every {} s.", sentence, PAUSE.toSeconds(), cause);
        }
        problem = sentence;
        try {
            closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow(Consumer<byte[], byte[]> fresh)
            throws RegistryException, ReadingStalledException, InterruptedException {
        List<TopicPartition> partitions =
                fresh.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
        if (partitions.isEmpty()) {
            pauseBy(kafka.lacks(List.of(topic)), null);
            return;
        }
        fresh.assign(partitions);
        fresh.seekToBeginning(partitions);
        Map<String, Announcement> announced = new HashMap<>();
        ReadToEnds beginning = new ReadToEnds(fresh, fresh.endOffsets(partitions), STALL);
        while (!beginning.isDone()) {
            for (ConsumerRecord<byte[], byte[]> record : beginning.poll()) {
                note(record, announced);
            }
        }
        listener.begin(announced);
        if (!problem.isEmpty()) {
            LOG.info("Announcements of versions can be read again.");
        }
        problem = "";
        long checked = System.nanoTime();
        while (!isClosed()) {
            for (ConsumerRecord<byte[], byte[]> record : fresh.poll(POLL)) {
                tell(record);
            }
            if (System.nanoTime() - checked > CHECK.toNanos()) {
                // A consumer waits in silence for a broker that has gone.
                fresh.endOffsets(partitions, KafkaSettings.ANSWER_LIMIT);
                checked = System.nanoTime();
            }
        }
    }

    private void note(ConsumerRecord<byte[], byte[]> record, Map<String, Announcement> announced)
            throws RegistryException {
        if (record.value() == null) {
            adapterOf(record).ifPresent(announced::remove);
            return;
        }
        read(record)
                .ifPresent(one -> announced.merge(one.id().adapterId(), one, Announcement::newer));
    }

    private void tell(ConsumerRecord<byte[], byte[]> record) throws RegistryException {
        if (record.value() == null) {
            adapterOf(record).ifPresent(listener::withdrawn);
            return;
        }
        read(record).ifPresent(listener::announced);
    }

    private static Optional<String> adapterOf(ConsumerRecord<byte[], byte[]> record) {
        return Optional.ofNullable(record.key())
                .map(key -> new String(key, StandardCharsets.UTF_8));
    }

    private Optional<Announcement> read(ConsumerRecord<byte[], byte[]> record)
            throws RegistryException {
        Optional<AdapterVersion> told = reader.read(record.value());
        if (told.isEmpty()) {
            unreadable.incrementAndGet();
            LOG.warn(
                    "Offset {} of partition {} of topic '{}' is no announcement that this release can read; it is passed by.",
                    record.offset(),
                    record.partition(),
                    topic);
        }
        return told.map(Announcement::of);
    }

    @Override
    public void close() {
        closed.countDown();
        synchronized (this) {
            if (consumer != null) {
                consumer.wakeup();
            }
        }
        try {
            thread.join(END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        registry.close();
    }
}
