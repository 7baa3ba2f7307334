package io.rankstream.ops.labeling;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.ops.labeling.queue.LabelQueue;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topics into a queue, in a thread of its own. It outlives the broker's absence: people
 * are asked from what was read before, and once it is back, all is read anew.
 */
final class RequestFeed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RequestFeed.class);

    private static final Duration LOOK_INTERVAL = Duration.ofMillis(500);
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(5);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final JobConfig job;
    private final LabelQueue queue;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private RequestTopics topics;

    private volatile Optional<String> problem = Optional.empty();
    private volatile long unreadable;

    private RequestFeed(JobConfig job, LabelQueue queue, RequestTopics topics) {
        this.job = job;
        this.queue = queue;
        this.topics = topics;
        this.thread = new Thread(this::run, "labeling-feed");
    }

    /**
     * Starts to read.
     *
     * @throws LabelingException if the topics cannot be opened
     */
    static RequestFeed start(JobConfig job, LabelQueue queue)
            throws LabelingException, InterruptedException {
        RequestFeed feed = new RequestFeed(job, queue, RequestTopics.open(job));
        feed.thread.setDaemon(true);
        feed.thread.start();
        return feed;
    }

    /** Why nothing new is read at present. */
    Optional<String> problem() {
        return problem;
    }

    /** Records that this release cannot read. */
    long unreadable() {
        return unreadable;
    }

    private void run() {
        try {
            while (topics != null) {
                readUntilThatEnds();
                topics = openAnew();
            }
        } catch (InterruptedException e) {
            return; // closed, and too slow
        } catch (RuntimeException e) {
            LOG.error("The labeling page reads no further.", e);
            problem =
                    Optional.of(
                            "the page reads no further ("
                                    + e
                                    + "): the log of this process says more; start it again");
        }
    }

    /** Ends when that fails, when all is to be read anew, or when this is closed. */
    private void readUntilThatEnds() throws InterruptedException {
        try (RequestTopics reading = topics) {
            queue.beginReading();
            reading.readAll(queue);
            queue.endReading();
            problem = Optional.empty();
            do {
                reading.read(queue);
                unreadable = reading.unreadable();
            } while (!queue.isWorthReadingAgain() && !isClosedWithin(LOOK_INTERVAL));
        } catch (LabelingException | RegistryException e) {
            tell(e);
        }
    }

    /** Null once this is closed. */
    private RequestTopics openAnew() throws InterruptedException {
        boolean waits = problem.isPresent();
        while (!isClosedWithin(waits ? RETRY_INTERVAL : Duration.ZERO)) {
            try {
                return RequestTopics.open(job);
            } catch (LabelingException e) {
                tell(e);
                waits = true;
            }
        }
        return null;
    }

    private boolean isClosedWithin(Duration limit) throws InterruptedException {
        return closed.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tell(Exception failure) {
        LOG.warn("The labeling page cannot read its topics: {}", failure.getMessage());
        problem = Optional.of(failure.getMessage());
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(CLOSE_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the process ends, and a daemon with it
        }
        thread.interrupt();
    }
}
