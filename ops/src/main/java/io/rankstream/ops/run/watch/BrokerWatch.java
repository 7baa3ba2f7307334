package io.rankstream.ops.run.watch;

import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.ops.run.Seconds;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Tells that the broker has fallen silent, long before the clients of the job give up on it, and
 * that it answers again. It asks the broker something small time and again, and never waits for the
 * answer. For use by one thread.
 */
public final class BrokerWatch implements AutoCloseable {

    private static final long INTERVAL_MILLIS = 2_000;

    /** How long an answer may take. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(4);

    /** From so many questions in a row without an answer on, the broker counts as silent. */
    private static final int UNANSWERED = 2;

    private final String bootstrapServers;
    private final Supplier<? extends CompletableFuture<?>> question;
    private final Runnable closing;

    /** The newest question; null before the first. */
    private CompletableFuture<?> asked;

    private long askedAt;

    /** Questions without an answer since the last answer. */
    private int unanswered;

    /** When the first of them was asked. */
    private long silentSince;

    /**
     * @param question asks the broker; fails with a {@link RetriableException} where it is silent
     * @param closing frees what the questions are asked with
     */
    BrokerWatch(
            String bootstrapServers,
            Supplier<? extends CompletableFuture<?>> question,
            Runnable closing) {
        this.bootstrapServers = bootstrapServers;
        this.question = question;
        this.closing = closing;
    }

    /** Watches the broker of a job. */
    public static BrokerWatch of(KafkaSettings kafka) {
        Admin admin = Admin.create(kafka.impatientProperties(ANSWER_LIMIT));
        return new BrokerWatch(
                kafka.bootstrapServers(),
                () -> admin.describeCluster().clusterId().toCompletionStage().toCompletableFuture(),
                () -> admin.close(Duration.ZERO));
    }

    /**
     * What is new since the last call.
     *
     * @param now in milliseconds since 1970
     */
    public List<String> see(long now) {
        if (asked == null) {
            ask(now);
            return List.of();
        }
        if (!asked.isDone() || now - askedAt < INTERVAL_MILLIS) {
            return List.of();
        }
        List<String> news = isAnswered(asked) ? answered(now) : unanswered(now);
        ask(now);
        return news;
    }

    private void ask(long now) {
        asked = question.get();
        askedAt = now;
    }

    /** A broker that refuses to tell has answered, too. */
    private static boolean isAnswered(CompletableFuture<?> asked) {
        try {
            asked.join();
            return true;
        } catch (CompletionException e) {
            return !(e.getCause() instanceof RetriableException);
        }
    }

    private List<String> answered(long now) {
        boolean wasSilent = unanswered >= UNANSWERED;
        unanswered = 0;
        return wasSilent
                ? List.of(
                        "the broker at %s answers again after %s"
                                .formatted(bootstrapServers, silence(now)))
                : List.of();
    }

    private List<String> unanswered(long now) {
        unanswered++;
        if (unanswered == 1) {
            silentSince = askedAt;
        }
        return unanswered == UNANSWERED
                ? List.of(
                        "the broker at %s has not answered for %s: the job waits for it and goes on when it does; check that it runs and can be reached"
                                .formatted(bootstrapServers, silence(now)))
                : List.of();
    }

    private String silence(long now) {
        return Seconds.of(Duration.ofMillis(now - silentSince));
    }

    @Override
    public void close() {
        closing.run();
    }
}
