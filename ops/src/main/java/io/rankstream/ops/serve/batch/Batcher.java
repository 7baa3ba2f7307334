package io.rankstream.ops.serve.batch;

import io.rankstream.adapters.tokens.Tokens;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
 * others no longer than the linger. While a pass is computed the next one gathers. Thread-safe.
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

    private final Deque<Waiting<A>> waiting = new ArrayDeque<>();
    private long waitingTokens;
    private boolean closing;
    private volatile double secondsPerText;

    private record Waiting<A>(Question<A> question, long since) {}

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
                waiting.add(new Waiting<>(question, nanoTime.getAsLong()));
                waitingTokens += question.tokens();
                notifyAll();
                return;
            }
        }
        question.end().run();
        throw new IllegalStateException("no more questions are taken");
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
        for (List<Question<A>> pass = next(); !pass.isEmpty(); pass = next()) {
            run(pass);
        }
    }

    /** Questions of the next pass; none when all were answered after the end. */
    private synchronized List<Question<A>> next() {
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

    private List<Question<A>> taken() {
        List<Question<A>> taken = new ArrayList<>();
        int tokens = 0;
        while (!waiting.isEmpty() && tokens < passTokens) {
            Question<A> question = waiting.remove().question();
            waitingTokens -= question.tokens();
            tokens += question.tokens();
            taken.add(question);
        }
        return taken;
    }

    private void run(List<Question<A>> pass) {
        List<Question<A>> wanted = new ArrayList<>();
        for (Question<A> question : pass) {
            if (question.answer().isDone()) {
                question.end().run();
            } else {
                wanted.add(question);
            }
        }
        if (wanted.isEmpty()) {
            return;
        }
        try {
            List<float[][]> answers = computed(wanted);
            for (int i = 0; i < wanted.size(); i++) {
                wanted.get(i).end().run();
                wanted.get(i).answer().complete(answers.get(i));
            }
        } catch (RuntimeException | Error e) {
            LOG.error("A pass of {} questions failed.", wanted.size(), e);
            if (wanted.size() > 1) {
                wanted.forEach(question -> run(List.of(question)));
            } else {
                wanted.get(0).end().run();
                wanted.get(0).answer().completeExceptionally(e);
            }
        }
    }

    private List<float[][]> computed(List<Question<A>> questions) {
        Map<A, List<Integer>> byAdapter = new LinkedHashMap<>();
        for (int i = 0; i < questions.size(); i++) {
            byAdapter
                    .computeIfAbsent(questions.get(i).adapter(), adapter -> new ArrayList<>())
                    .add(i);
        }
        List<Passes.Part<A>> parts = new ArrayList<>();
        byAdapter.forEach(
                (adapter, own) -> {
                    List<Tokens> texts = new ArrayList<>();
                    own.forEach(i -> texts.addAll(questions.get(i).texts()));
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
                questions.stream().mapToInt(Question::tokens).sum(),
                Duration.ofNanos(took));
        return apart(questions, List.copyOf(byAdapter.values()), rows);
    }

    private static <A> List<float[][]> apart(
            List<Question<A>> questions, List<List<Integer>> parts, List<float[][]> rows) {
        float[][][] answers = new float[questions.size()][][];
        for (int part = 0; part < parts.size(); part++) {
            int row = 0;
            for (int i : parts.get(part)) {
                float[][] own = new float[questions.get(i).texts().size()][];
                System.arraycopy(rows.get(part), row, own, 0, own.length);
                row += own.length;
                answers[i] = own;
            }
        }
        return List.of(answers);
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
