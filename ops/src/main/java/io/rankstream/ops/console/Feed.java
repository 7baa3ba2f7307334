package io.rankstream.ops.console;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.ops.standing.JobEvent;
import io.rankstream.ops.standing.JobOutputs;
import io.rankstream.ops.standing.OutputsException;
import io.rankstream.ops.standing.Standings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a job's outputs on to a board, in a thread of its own. It outlives the broker's absence.
 */
final class Feed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

    /** Each look takes the training some of its processor. */
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(500);

    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(5);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final JobConfig job;
    private final JobOutputs first;
    private final Board board;
    private final InstantSource clock;
    private final Thread thread;

    private Feed(JobConfig job, JobOutputs first, Board board, InstantSource clock) {
        this.job = job;
        this.first = first;
        this.board = board;
        this.clock = clock;
        this.thread = new Thread(this::run, "console-feed");
    }

    /**
     * Starts to read.
     *
     * @throws OutputsException if the outputs cannot be opened
     */
    static Feed start(JobConfig job, Board board, InstantSource clock)
            throws OutputsException, InterruptedException {
        Feed feed = new Feed(job, JobOutputs.live(job), board, clock);
        feed.thread.setDaemon(true);
        feed.thread.start();
        return feed;
    }

    private void run() {
        try {
            JobOutputs outputs = first;
            while (true) {
                outputs = readOrOpenAnew(outputs);
            }
        } catch (InterruptedException e) {
            return; // closed
        } catch (RuntimeException e) {
            LOG.error("The console reads no further.", e);
            board.tell(
                    clock.instant(),
                    Board.Phase.UNREADABLE,
                    "the console reads no further (" + e + "): the log of this process says more");
        }
    }

    /**
     * Reads until that fails.
     *
     * @return a new reader, with which a new projection begins, so that nothing counts twice
     */
    private JobOutputs readOrOpenAnew(JobOutputs outputs) throws InterruptedException {
        try (outputs) {
            while (true) {
                look(outputs);
                Thread.sleep(LOOK_INTERVAL.toMillis());
            }
        } catch (OutputsException | RegistryException e) {
            tell(e);
        }
        while (true) {
            Thread.sleep(RETRY_INTERVAL.toMillis());
            try {
                JobOutputs next = JobOutputs.live(job);
                board.restart();
                return next;
            } catch (OutputsException e) {
                tell(e);
            }
        }
    }

    private void tell(Exception failure) {
        LOG.warn("The console cannot read the job's outputs: {}", failure.getMessage());
        board.tell(clock.instant(), Board.Phase.UNREADABLE, failure.getMessage());
    }

    private void look(JobOutputs outputs)
            throws OutputsException, RegistryException, InterruptedException {
        List<Consumer<Standings>> updates = new ArrayList<>(outputs.read());
        Instant now = clock.instant();
        if (outputs.hasCommittedMore()) {
            updates.add(
                    all ->
                            all.add(
                                    new JobEvent(
                                            now,
                                            JobEvent.Kind.CHECKPOINT,
                                            "what was learned until now is committed")));
        }
        board.change(now, updates);
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(CLOSE_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the process ends, and a daemon with it
        }
    }
}
