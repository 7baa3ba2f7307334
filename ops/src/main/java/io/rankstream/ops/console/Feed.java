package io.rankstream.ops.console;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.ops.standing.JobEvent;
import io.rankstream.ops.standing.JobOutputs;
import io.rankstream.ops.standing.JobSight;
import io.rankstream.ops.standing.OutputsException;
import io.rankstream.ops.standing.Standings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
    private final Optional<JobSight> sight;
    private final InstantSource clock;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    private Feed(
            JobConfig job,
            JobOutputs first,
            Board board,
            Optional<JobSight> sight,
            InstantSource clock) {
        this.job = job;
        this.first = first;
        this.board = board;
        this.sight = sight;
        this.clock = clock;
        this.thread = new Thread(this::run, "console-feed");
    }

    /**
     * Starts to read.
     *
     * @param sight judges what the job does; empty where the board is told
     * @throws OutputsException if the outputs cannot be opened
     */
    static Feed start(JobConfig job, Board board, Optional<JobSight> sight, InstantSource clock)
            throws OutputsException, InterruptedException {
        Feed feed = new Feed(job, JobOutputs.live(job), board, sight, clock);
        feed.thread.setDaemon(true);
        feed.thread.start();
        return feed;
    }

    private void run() {
        try {
            Optional<JobOutputs> outputs = Optional.of(first);
            while (outputs.isPresent()) {
                read(outputs.get());
                outputs = openAnew();
            }
        } catch (InterruptedException e) {
            return; // closed, and too slow
        } catch (RuntimeException e) {
            LOG.error("The console reads no further.", e);
            board.tell(
                    clock.instant(),
                    Board.Phase.UNREADABLE,
                    "the console reads no further (" + e + "): the log of this process says more");
        }
    }

    /** Reads until that fails, or this is closed and all has been read. */
    private void read(JobOutputs outputs) throws InterruptedException {
        try (outputs) {
            do {
                look(outputs);
            } while (!isClosedWithin(LOOK_INTERVAL));
            look(outputs);
        } catch (OutputsException | RegistryException e) {
            tell(e);
        }
    }

    /** A reader with which a projection begins anew, so that nothing counts twice. */
    private Optional<JobOutputs> openAnew() throws InterruptedException {
        while (!isClosedWithin(RETRY_INTERVAL)) {
            try {
                JobOutputs next = JobOutputs.live(job);
                board.restart();
                return Optional.of(next);
            } catch (OutputsException e) {
                tell(e);
            }
        }
        return Optional.empty();
    }

    private boolean isClosedWithin(Duration limit) throws InterruptedException {
        return closed.await(limit.toMillis(), TimeUnit.MILLISECONDS);
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
        if (sight.isPresent()) {
            JobSight.Seen seen = sight.get().see(board.newest(), now);
            board.tell(now, phase(seen.doing()), seen.sentence());
        }
    }

    private static Board.Phase phase(JobSight.Doing doing) {
        return switch (doing) {
            case LEARNS -> Board.Phase.LEARNING;
            case WAITS -> Board.Phase.WAITING;
            case UNSEEN -> Board.Phase.IDLE;
        };
    }

    /** Reads what there is first, if that is quick. */
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
