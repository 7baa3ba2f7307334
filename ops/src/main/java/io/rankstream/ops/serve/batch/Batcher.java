package io.rankstream.ops.serve.batch;

import io.rankstream.adapters.tokens.Tokens;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers questions to all adapters into passes, in a thread of its own. A pass takes the questions
 * that wait, in the order in which they came, until it has its tokens; the first of them waits for
 * others no longer than the linger. While a pass is computed the next one gathers. Of a question
 * with more tokens than that, a piece goes into a pass, and the rest waits behind the questions
 * that came meanwhile: nobody's texts hold up everybody's. Thread-safe.
 *
 * <p>Where a pass of several questions fails, each of them is tried alone, so that nobody has to
 * bear another one's failure.
 *
 * @param <A> an adapter
 */
public final class Batcher<A> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Batcher.class);

    /** Share of the newest pass in what is known of their speed. */
    private static final double NEWEST = .1;

    private final Passes<A> passes;
    private final int passTokens;
    private final long linger;
    private final LongSupplier nanoTime;
    private final PassEvents events;
    private final Thread thread;

    private final Deque<Piece<A>> waiting = new ArrayDeque<>();
    private long waitingTokens;
    private boolean closing;
    private volatile double secondsPerText;

    /**
     * @param passTokens tokens that complete a pass
     * @param linger how long the first question of a pass waits for others
     * @param nanoTime a clock as {@link System#nanoTime}
     */
    public Batcher(
            Passes<A> passes,
            int passTokens,
            Duration linger,
            LongSupplier nanoTime,
            PassEvents events) {
        this.passes = passes;
        this.passTokens = passTokens;
        this.linger = linger.toNanos();
        this.nanoTime = nanoTime;
        this.events = events;
        this.thread = new Thread(this::work, "serve-passes");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Takes a question.
     *
     * @throws IllegalStateException if this is closed
     */
    public void ask(Question<A> question) {
        synchronized (this) {
            if (!closing) {
                add(Piece.first(question, passTokens, nanoTime.getAsLong()));
                notifyAll();
                return;
            }
        }
        question.end().run();
        throw new IllegalStateException("no more questions are taken");
    }

    private void add(Piece<A> piece) {
        waiting.add(piece);
        waitingTokens += piece.tokens();
    }

    /** How long so many texts will take, by the newest passes, in seconds. */
    public double secondsFor(int texts) {
        return texts * secondsPerText;
    }

    /** Whether its thread is there. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    private void work() {
        for (List<Piece<A>> pass = next(); !pass.isEmpty(); pass = next()) {
            run(pass);
        }
    }

    /** What goes into the next pass; nothing when all was answered after the end. */
    private synchronized List<Piece<A>> next() {
        while (true) {
            if (waiting.isEmpty()) {
                if (closing) {
                    return List.of();
                }
                await(0);
            } else {
                long left = waiting.peek().since() + linger - nanoTime.getAsLong();
                if (waitingTokens >= passTokens || left <= 0 || closing) {
                    return taken();
                }
                await(left);
            }
        }
    }

    /**
     * @param nanos 0 for ever
     */
    @SuppressWarnings("WaitNotInLoop") // next() is the loop
    private void await(long nanos) {
        try {
            wait(nanos / 1_000_000, (int) (nanos % 1_000_000));
        } catch (InterruptedException e) {
            LOG.debug("Passes go on until they are closed.", e);
        }
    }

    private List<Piece<A>> taken() {
        List<Piece<A>> taken = new ArrayList<>();
        int tokens = 0;
        while (!waiting.isEmpty() && tokens < passTokens) {
            Piece<A> piece = waiting.remove();
            waitingTokens -= piece.tokens();
            tokens += piece.tokens();
            taken.add(piece);
        }
        return taken;
    }

    private void run(List<Piece<A>> pass) {
        List<Piece<A>> wanted = new ArrayList<>();
        for (Piece<A> piece : pass) {
            if (piece.isUnwanted()) {
                piece.question().end().run();
            } else {
                wanted.add(piece);
            }
        }
        if (wanted.isEmpty()) {
            return;
        }
        try {
            List<List<float[]>> rows = computed(wanted);
            for (int i = 0; i < wanted.size(); i++) {
                answer(wanted.get(i), rows.get(i));
            }
        } catch (RuntimeException | Error e) {
            LOG.error("A pass for {} questions failed.", wanted.size(), e);
            if (wanted.size() > 1) {
                wanted.forEach(piece -> run(List.of(piece)));
            } else {
                wanted.get(0).fail(e);
            }
        }
    }

    private void answer(Piece<A> piece, List<float[]> rows) {
        piece.rows().addAll(rows);
        if (piece.isLast()) {
            piece.complete();
        } else {
            synchronized (this) {
                add(piece.next(passTokens));
            }
        }
    }

    private List<List<float[]>> computed(List<Piece<A>> pieces) {
        Map<A, List<Integer>> byAdapter = new LinkedHashMap<>();
        for (int i = 0; i < pieces.size(); i++) {
            byAdapter
                    .computeIfAbsent(
                            pieces.get(i).question().adapter(), adapter -> new ArrayList<>())
                    .add(i);
        }
        List<Passes.Part<A>> parts = new ArrayList<>();
        byAdapter.forEach(
                (adapter, own) -> {
                    List<Tokens> texts = new ArrayList<>();
                    own.forEach(i -> texts.addAll(pieces.get(i).texts()));
                    parts.add(new Passes.Part<>(adapter, texts));
                });
        int texts = parts.stream().mapToInt(part -> part.texts().size()).sum();
        long began = nanoTime.getAsLong();
        List<float[][]> rows = passes.answer(parts);
        long took = nanoTime.getAsLong() - began;
        note(texts, took);
        events.passed(
                parts.size(),
                texts,
                pieces.stream().mapToInt(Piece::tokens).sum(),
                Duration.ofNanos(took));
        return apart(pieces, List.copyOf(byAdapter.values()), rows);
    }

    /** The rows of each piece. */
    private static <A> List<List<float[]>> apart(
            List<Piece<A>> pieces, List<List<Integer>> parts, List<float[][]> rows) {
        List<List<float[]>> apart = new ArrayList<>(Collections.nCopies(pieces.size(), List.of()));
        for (int part = 0; part < parts.size(); part++) {
            int row = 0;
            for (int i : parts.get(part)) {
                int after = row + pieces.get(i).texts().size();
                apart.set(i, Arrays.asList(rows.get(part)).subList(row, after));
                row = after;
            }
        }
        return apart;
    }

    private void note(int texts, long took) {
        double found = took / 1e9 / texts;
        secondsPerText =
                secondsPerText == 0 ? found : (1 - NEWEST) * secondsPerText + NEWEST * found;
    }

    /** Takes no more questions, and returns when those that wait were answered. */
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
