package io.rankstream.ops.labeling;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.ops.http.LocalServer;
import io.rankstream.ops.labeling.queue.LabelQueue;
import io.rankstream.ops.vote.VoteWriter;
import io.rankstream.ops.vote.VotesException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;

/**
 * A page on which people label what a job asks. One at a time is shown to each; what they say goes
 * to the topic {@code labels}. Nothing is kept but in the topics.
 */
public final class Labeling implements AutoCloseable {

    /** All of the page's paths begin so. */
    public static final String PATH = LabelingPages.PATH;

    /** A person waits for the answer. */
    private static final Duration STORING_LIMIT = Duration.ofSeconds(8);

    private final AccessToken token;
    private final VoteWriter writer;
    private final RequestFeed feed;
    private final LabelingPages pages;

    private Labeling(
            AccessToken token,
            LabelQueue queue,
            VoteWriter writer,
            RequestFeed feed,
            InstantSource clock) {
        this.token = token;
        this.writer = writer;
        this.feed = feed;
        this.pages =
                new LabelingPages(token, queue, writer, clock, feed::problem, feed::unreadable);
    }

    /**
     * Begins to read what a job asks.
     *
     * @throws LabelingException if the broker cannot be used, or lacks a topic
     * @throws RegistryException if the schema of votes can be neither found nor registered
     */
    public static Labeling open(JobConfig job, InstantSource clock)
            throws LabelingException, RegistryException, InterruptedException {
        LabelQueue queue = new LabelQueue(LabelQueue.Limits.DEFAULT);
        VoteWriter writer = writer(job);
        try {
            RequestFeed feed = RequestFeed.start(job, queue);
            return new Labeling(AccessToken.random(), queue, writer, feed, clock);
        } catch (LabelingException | InterruptedException e) {
            writer.close();
            throw e;
        }
    }

    private static VoteWriter writer(JobConfig job) throws LabelingException, RegistryException {
        try {
            return VoteWriter.open(job, STORING_LIMIT);
        } catch (VotesException e) {
            throw new LabelingException(e.getMessage(), e);
        }
    }

    /** What serves the page: its paths begin with {@link #PATH}. */
    public LocalServer.Pages pages() {
        return pages;
    }

    /**
     * Where a person opens the page, with the token behind the #, which no browser sends anywhere.
     *
     * @param server address of what serves {@link #pages}
     */
    public URI address(URI server) {
        return server.resolve(PATH + "#token=" + token.value());
    }

    @Override
    public void close() {
        feed.close();
        writer.close();
    }
}
