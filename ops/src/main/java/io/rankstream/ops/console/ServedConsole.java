package io.rankstream.ops.console;

import io.rankstream.job.config.JobConfig;
import io.rankstream.ops.labeling.Labeling;
import io.rankstream.ops.standing.JobEvent;
import io.rankstream.ops.standing.JobSight;
import io.rankstream.ops.standing.OutputsException;
import io.rankstream.ops.standing.Standings;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A page on this machine that shows how a job learns, while it does. The job knows nothing of it:
 * all is read from its outputs.
 */
public final class ServedConsole implements Console {

    private final Board board;
    private final ConsoleServer server;
    private final Feed feed;
    private final Optional<Labeling> labeling;
    private final InstantSource clock;
    private boolean told;
    private int restartsTold;

    private ServedConsole(
            Board board,
            ConsoleServer server,
            Feed feed,
            Optional<Labeling> labeling,
            InstantSource clock) {
        this.board = board;
        this.server = server;
        this.feed = feed;
        this.labeling = labeling;
        this.clock = clock;
    }

    /**
     * Opens one for a job of this process whose topics are there.
     *
     * @param port port of the loopback address; 0 for a free one
     * @throws ConsoleException if the port cannot be had
     * @throws OutputsException if the outputs cannot be read
     */
    public static ServedConsole open(
            JobConfig job, int port, ConsoleSubject subject, InstantSource clock)
            throws ConsoleException, OutputsException, InterruptedException {
        return open(job, port, subject, Optional.empty(), clock);
    }

    /**
     * As above, with a page on which people label beside it.
     *
     * @param labeling where people label, closed with the console or where that cannot be opened;
     *     empty for nowhere
     * @throws ConsoleException if the port cannot be had
     * @throws OutputsException if the outputs cannot be read
     */
    public static ServedConsole open(
            JobConfig job,
            int port,
            ConsoleSubject subject,
            Optional<Labeling> labeling,
            InstantSource clock)
            throws ConsoleException, OutputsException, InterruptedException {
        return open(job, port, new Board(subject), Optional.empty(), labeling, clock);
    }

    /**
     * Opens one for a job of another process, as {@link #open}. It tells what can be seen of
     * whether the job runs.
     */
    public static ServedConsole openElsewhere(
            JobConfig job,
            int port,
            ConsoleSubject subject,
            Optional<Labeling> labeling,
            InstantSource clock)
            throws ConsoleException, OutputsException, InterruptedException {
        Board board = new Board(subject, Board.Phase.UNKNOWN);
        return open(job, port, board, Optional.of(JobSight.of(job)), labeling, clock);
    }

    private static ServedConsole open(
            JobConfig job,
            int port,
            Board board,
            Optional<JobSight> sight,
            Optional<Labeling> labeling,
            InstantSource clock)
            throws ConsoleException, OutputsException, InterruptedException {
        try {
            return open(
                    job,
                    ConsoleServer.start(port, board, labeling, clock),
                    board,
                    sight,
                    labeling,
                    clock);
        } catch (ConsoleException | OutputsException | InterruptedException e) {
            labeling.ifPresent(Labeling::close);
            throw e;
        }
    }

    private static ServedConsole open(
            JobConfig job,
            ConsoleServer server,
            Board board,
            Optional<JobSight> sight,
            Optional<Labeling> labeling,
            InstantSource clock)
            throws OutputsException, InterruptedException {
        try {
            Feed feed = Feed.start(job, board, sight, clock);
            return new ServedConsole(board, server, feed, labeling, clock);
        } catch (OutputsException | InterruptedException e) {
            board.close();
            server.close();
            throw e;
        }
    }

    /** Where the page is. */
    public URI address() {
        return server.address();
    }

    @Override
    public void tell(List<String> news, int restarts) {
        Instant now = clock.instant();
        List<Consumer<Standings>> updates = new ArrayList<>();
        updates.add(all -> all.restartsAreTold(now));
        news.forEach(sentence -> updates.add(event(now, JobEvent.Kind.NEWS, sentence)));
        for (; restartsTold < restarts; restartsTold++) {
            updates.add(
                    event(now, JobEvent.Kind.RESTART, "the job goes on from its last checkpoint"));
        }
        if (updates.size() > 1 || !told) {
            told = true;
            board.change(now, updates);
        }
    }

    private static Consumer<Standings> event(Instant now, JobEvent.Kind kind, String text) {
        return all -> all.add(new JobEvent(now, kind, text));
    }

    @Override
    public void ended(String sentence) {
        board.tell(clock.instant(), Board.Phase.ENDED, sentence);
    }

    @Override
    public void close() {
        feed.close();
        board.close();
        server.close();
        labeling.ifPresent(Labeling::close);
    }
}
