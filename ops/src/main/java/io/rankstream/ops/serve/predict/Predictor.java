package io.rankstream.ops.serve.predict;

import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.tokens.Reading;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.adapters.training.FrozenAdapter;
import io.rankstream.ops.serve.batch.Batcher;
import io.rankstream.ops.serve.batch.Question;
import io.rankstream.ops.serve.http.Problem;
import io.rankstream.ops.serve.version.Lease;
import io.rankstream.ops.serve.version.UnknownVersionException;
import io.rankstream.ops.serve.version.VersionRefusedException;
import io.rankstream.ops.serve.version.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Has adapters say something of texts. Thread-safe. */
@SuppressWarnings("FutureReturnValueIgnored") // what follows an answer cannot fail
public final class Predictor {

    /** Seconds after which a version that was refused may be there. */
    private static final double REFUSED = 30;

    private final BlockingQueue<TextEncoder> encoders;
    private final Versions<ServedAdapter> versions;
    private final Batcher<ServedAdapter> batcher;
    private final int maxTexts;
    private final int maxWaiting;
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * @param encoders one for each thread that calls; they stay the caller's
     * @param maxTexts texts of a request
     * @param maxWaiting texts that wait or are answered at a time
     */
    public Predictor(
            BlockingQueue<TextEncoder> encoders,
            Versions<ServedAdapter> versions,
            Batcher<ServedAdapter> batcher,
            int maxTexts,
            int maxWaiting) {
        this.encoders = encoders;
        this.versions = versions;
        this.batcher = batcher;
        this.maxTexts = maxTexts;
        this.maxWaiting = maxWaiting;
    }

    /** Texts that wait or are answered. */
    public int waiting() {
        return waiting.get();
    }

    /**
     * What a version says.
     *
     * @param version its number; empty for the newest one that can be used
     * @return completed by somebody else when the answer is not wanted any more; fails with a
     *     {@link Problem} alone, unless something is broken
     * @throws Problem if nothing can be said; nothing waits then
     */
    public CompletableFuture<Answer> predict(
            String adapterId, OptionalLong version, List<Text> texts) throws Problem {
        if (texts.isEmpty()) {
            throw Problem.of(400, "there is no text, expected one at least");
        }
        if (texts.size() > maxTexts) {
            throw Problem.of(
                    413,
                    "there are %d texts, expected %d at most, the serve.max-texts; send them in several requests"
                            .formatted(texts.size(), maxTexts));
        }
        admit(texts.size());
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        answer.whenComplete((done, failure) -> waiting.addAndGet(-texts.size()));
        try {
            versions.lease(adapterId, version)
                    .whenComplete(
                            (lease, failure) -> {
                                if (failure == null) {
                                    ask(lease, texts, answer);
                                } else {
                                    answer.completeExceptionally(problem(failure));
                                }
                            });
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    private void admit(int texts) throws Problem {
        int before = waiting.getAndAdd(texts);
        if (before > 0 && before + texts > maxWaiting) {
            waiting.addAndGet(-texts);
            throw Problem.passing(
                    429,
                    "%d texts wait already, and with yours there would be more than %d, the serve.max-waiting-texts"
                            .formatted(before, maxWaiting),
                    batcher.secondsFor(before));
        }
    }

    private List<Tokens> encoded(List<Text> texts, Reading reading) throws Problem {
        TextEncoder encoder = borrowed();
        try {
            List<Tokens> tokens = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                Text text = texts.get(i);
                Optional<Tokens> read = encoder.read(text.text(), text.pair(), reading);
                if (read.isEmpty()) {
                    throw Problem.of(
                            422,
                            "text %d of %d cannot be read: %s"
                                    .formatted(
                                            i + 1,
                                            texts.size(),
                                            reading.missingIn(text.text(), text.pair())));
                }
                tokens.add(read.get());
            }
            return tokens;
        } finally {
            encoders.add(encoder);
        }
    }

    private TextEncoder borrowed() throws Problem {
        try {
            return encoders.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(503, "the server is being stopped");
        }
    }

    private static Exception problem(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause instanceof UnknownVersionException) {
            return Problem.of(404, cause.getMessage());
        }
        if (cause instanceof VersionRefusedException) {
            return Problem.passing(503, cause.getMessage(), REFUSED);
        }
        return cause instanceof Exception known ? known : new CompletionException(cause);
    }

    private void ask(
            Lease<ServedAdapter> lease, List<Text> texts, CompletableFuture<Answer> answer) {
        if (answer.isDone()) {
            lease.close();
            return;
        }
        ServedAdapter adapter = lease.adapter();
        List<Tokens> tokens;
        try {
            tokens = encoded(texts, adapter.adapter().task().reading());
        } catch (Problem | RuntimeException e) {
            lease.close();
            answer.completeExceptionally(e);
            return;
        }
        CompletableFuture<float[][]> rows = new CompletableFuture<>();
        answer.whenComplete((done, failure) -> rows.cancel(false));
        rows.whenComplete(
                (logits, failure) -> {
                    if (failure != null) {
                        answer.completeExceptionally(failure);
                        return;
                    }
                    try {
                        answer.complete(answer(adapter, tokens, logits));
                    } catch (Problem | RuntimeException e) {
                        answer.completeExceptionally(e);
                    }
                });
        try {
            batcher.ask(new Question<>(adapter, tokens, rows, lease::close));
        } catch (IllegalStateException e) {
            answer.completeExceptionally(Problem.of(503, "the server is being stopped"));
        }
    }

    private static Answer answer(ServedAdapter served, List<Tokens> tokens, float[][] logits)
            throws Problem {
        FrozenAdapter adapter = served.adapter();
        Task<?> task = adapter.task();
        List<Answer.Said> said = new ArrayList<>();
        for (int i = 0; i < logits.length; i++) {
            if (!isFinite(logits[i])) {
                throw Problem.of(
                        500,
                        "%s says nothing finite of text %d of %d"
                                .formatted(served.id(), i + 1, logits.length));
            }
            Target target = task.said(logits[i], tokens.get(i), adapter.labels());
            said.add(
                    new Answer.Said(
                            target,
                            task.probabilities(logits[i], adapter.labels()),
                            passage(task, tokens.get(i), target),
                            entities(task, tokens.get(i), target),
                            tokens.get(i).truncated()));
        }
        return new Answer(
                served.id().adapterId(),
                served.id().version(),
                adapter.meta().step(),
                adapter.labels(),
                said);
    }

    /** What the passage says where an answer is. */
    private static Optional<String> passage(Task<?> task, Tokens text, Target target) {
        if (task.reading() != Reading.WINDOWS) {
            return Optional.empty();
        }
        if (!(target instanceof Target.Span span)) {
            return Optional.of("");
        }
        return Optional.of(part(text, span));
    }

    /** What the text says at each of the entities in it. */
    private static Optional<List<String>> entities(Task<?> task, Tokens text, Target target) {
        return task.reading() == Reading.PLACED && target instanceof Target.Several several
                ? Optional.of(
                        several.members().stream()
                                .map(member -> part(text, (Target.Span) member))
                                .toList())
                : Optional.empty();
    }

    private static String part(Tokens text, Target.Span span) {
        String whole = text.passage().orElseThrow().text();
        int from = whole.offsetByCodePoints(0, span.start());
        return whole.substring(from, whole.offsetByCodePoints(from, span.end() - span.start()));
    }

    private static boolean isFinite(float[] logits) {
        for (float logit : logits) {
            if (!Float.isFinite(logit)) {
                return false;
            }
        }
        return true;
    }
}
