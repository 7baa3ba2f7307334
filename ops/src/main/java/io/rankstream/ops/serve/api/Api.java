package io.rankstream.ops.serve.api;

import io.rankstream.adapters.text.Excerpt;
import io.rankstream.ops.serve.http.Pages;
import io.rankstream.ops.serve.http.Problem;
import io.rankstream.ops.serve.http.Reply;
import io.rankstream.ops.serve.http.Request;
import io.rankstream.ops.serve.metric.ServeMetrics;
import io.rankstream.ops.serve.predict.Answer;
import io.rankstream.ops.serve.predict.Predictor;
import io.rankstream.ops.serve.version.AdapterStatus;
import io.rankstream.ops.serve.version.Versions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is asked of a server, and what it answers. */
@SuppressWarnings("FutureReturnValueIgnored") // what follows an answer cannot fail
public final class Api implements Pages {

    private static final String LATEST = "latest";

    private static final Pattern ADAPTER = Pattern.compile("/v1/adapters/([^/]+)");
    private static final Pattern PREDICT = Pattern.compile("/v1/adapters/([^/]+)/predict");
    private static final Pattern LABEL_STUDIO =
            Pattern.compile("(?:/label-studio/([^/]+))?/(health|setup|predict|webhook|versions)");

    /** Whether a server can be used. */
    public interface Health {

        /** Why it is not ready, as a sentence; empty if it is. */
        Optional<String> unready();

        /** Whether it is of no use any more, and must be started anew. */
        boolean isBroken();
    }

    /** Something that is asked. */
    private enum Route {
        HEALTH,
        READINESS,
        METRICS,
        ADAPTERS,
        ADAPTER,
        PREDICT,
        LABEL_STUDIO,
        UNKNOWN;

        String shown() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Predictor predictor;
    private final Versions<?> versions;
    private final MlBackend labelStudio;
    private final ServeMetrics metrics;
    private final Health health;
    private final LongSupplier nanoTime;

    /**
     * @param nanoTime a clock as {@link System#nanoTime}
     */
    public Api(
            Predictor predictor,
            Versions<?> versions,
            ServeMetrics metrics,
            Health health,
            LongSupplier nanoTime) {
        this.predictor = predictor;
        this.versions = versions;
        this.labelStudio = new MlBackend(predictor, versions);
        this.metrics = metrics;
        this.health = health;
        this.nanoTime = nanoTime;
    }

    @Override
    public void answered(Request request, int status) {
        metrics.answered(route(request.path()).shown(), status);
    }

    private static Route route(String path) {
        return switch (path) {
            case "/healthz" -> Route.HEALTH;
            case "/readyz" -> Route.READINESS;
            case "/metrics" -> Route.METRICS;
            case "/v1/adapters" -> Route.ADAPTERS;
            default ->
                    ADAPTER.matcher(path).matches()
                            ? Route.ADAPTER
                            : PREDICT.matcher(path).matches()
                                    ? Route.PREDICT
                                    : LABEL_STUDIO.matcher(path).matches()
                                            ? Route.LABEL_STUDIO
                                            : Route.UNKNOWN;
        };
    }

    @Override
    public CompletableFuture<Reply> answer(Request request) {
        try {
            return switch (route(request.path())) {
                case HEALTH -> done(get(request, () -> alive()));
                case READINESS -> done(get(request, () -> ready()));
                case METRICS ->
                        done(
                                get(
                                        request,
                                        () ->
                                                new Reply(
                                                        200,
                                                        ServeMetrics.TYPE,
                                                        metrics.page(),
                                                        Map.of())));
                case ADAPTERS -> done(get(request, () -> adapters()));
                case ADAPTER -> done(get(request, () -> adapter(part(ADAPTER, request.path(), 1))));
                case PREDICT -> predict(request);
                case LABEL_STUDIO -> labelStudio(request);
                case UNKNOWN ->
                        throw Problem.of(
                                404,
                                "there is no %s, expected /v1/adapters, /v1/adapters/ID, /v1/adapters/ID/predict, /healthz, /readyz or /metrics"
                                        .formatted(Excerpt.of(request.path())));
            };
        } catch (Problem problem) {
            return done(Reply.problem(problem));
        }
    }

    private static String part(Pattern pattern, String path, int group) {
        Matcher matcher = pattern.matcher(path);
        return matcher.matches() ? matcher.group(group) : null;
    }

    private static CompletableFuture<Reply> done(Reply reply) {
        return CompletableFuture.completedFuture(reply);
    }

    @FunctionalInterface
    private interface Page {
        Reply reply() throws Problem;
    }

    private static Reply get(Request request, Page page) throws Problem {
        return request.method().equals("GET") ? page.reply() : wrongMethod(request, "GET");
    }

    private static Reply wrongMethod(Request request, String expected) {
        return Reply.problem(
                        Problem.of(
                                405,
                                "the method is %s, expected %s"
                                        .formatted(Excerpt.of(request.method()), expected)))
                .with("Allow", expected);
    }

    private Reply alive() throws Problem {
        if (health.isBroken()) {
            throw Problem.of(500, "no passes are computed any more: start the server anew");
        }
        return Reply.json(Map.of("status", "UP"));
    }

    private Reply ready() throws Problem {
        Optional<String> unready = health.unready();
        if (unready.isPresent()) {
            throw Problem.passing(503, unready.get(), 1);
        }
        return Reply.json(Map.of("status", "UP", "adapters", versions.count()));
    }

    private Reply adapters() {
        return Reply.json(Map.of("adapters", versions.all().stream().map(AnswerJson::of).toList()));
    }

    private Reply adapter(String id) throws Problem {
        AdapterStatus status =
                versions.of(id)
                        .orElseThrow(
                                () ->
                                        Problem.of(
                                                404,
                                                "no version of adapter %s was announced"
                                                        .formatted(Excerpt.of(id))));
        return Reply.json(AnswerJson.of(status));
    }

    private CompletableFuture<Reply> predict(Request request) throws Problem {
        if (!request.method().equals("POST")) {
            return done(wrongMethod(request, "POST"));
        }
        requireReady();
        long began = nanoTime.getAsLong();
        CompletableFuture<Answer> answer =
                predictor.predict(
                        part(PREDICT, request.path(), 1),
                        version(request.query()),
                        PredictBody.texts(JsonBody.of(request)));
        return replied(
                answer,
                found -> {
                    metrics.predicted(Duration.ofNanos(nanoTime.getAsLong() - began));
                    return Reply.json(AnswerJson.of(found));
                });
    }

    private void requireReady() throws Problem {
        Optional<String> unready = health.unready();
        if (unready.isPresent() && versions.count() == 0) {
            throw Problem.passing(503, unready.get(), 1);
        }
    }

    /** The reply to an answer or its failure; who does not want the one does not want the other. */
    private static <T> CompletableFuture<Reply> replied(
            CompletableFuture<T> answer, Function<T, Reply> reply) {
        CompletableFuture<Reply> replied = new CompletableFuture<>();
        replied.whenComplete((done, failure) -> answer.cancel(false));
        answer.whenComplete(
                (found, failure) -> {
                    if (failure == null) {
                        replied.complete(reply.apply(found));
                    } else if (cause(failure) instanceof Problem problem) {
                        replied.complete(Reply.problem(problem));
                    } else {
                        replied.completeExceptionally(failure);
                    }
                });
        return replied;
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    private static OptionalLong version(Map<String, List<String>> query) throws Problem {
        for (Map.Entry<String, List<String>> parameter : query.entrySet()) {
            if (!parameter.getKey().equals("version") || parameter.getValue().size() > 1) {
                throw Problem.of(
                        400,
                        "the query has %s, expected nothing, or one 'version'"
                                .formatted(Excerpt.of(parameter.getKey())));
            }
        }
        String version = query.getOrDefault("version", List.of(LATEST)).get(0);
        if (version.equals(LATEST)) {
            return OptionalLong.empty();
        }
        if (!version.matches("[1-9][0-9]{0,17}")) {
            throw Problem.of(
                    400,
                    "the version is %s, expected a number from 1 on, or '%s'"
                            .formatted(Excerpt.of(version), LATEST));
        }
        return OptionalLong.of(Long.parseLong(version));
    }

    private CompletableFuture<Reply> labelStudio(Request request) throws Problem {
        Optional<String> adapter = Optional.ofNullable(part(LABEL_STUDIO, request.path(), 1));
        String what = part(LABEL_STUDIO, request.path(), 2);
        boolean reads = what.equals("health") || what.equals("versions");
        if (!request.method().equals(reads ? "GET" : "POST")) {
            return done(wrongMethod(request, reads ? "GET" : "POST"));
        }
        return switch (what) {
            case "health" -> done(Reply.json(labelStudio.health()));
            case "versions" -> done(Reply.json(labelStudio.versions(adapter)));
            case "setup" -> done(Reply.json(labelStudio.setup(adapter, JsonBody.of(request))));
            case "webhook" -> done(Reply.json(labelStudio.webhook()));
            default -> {
                requireReady();
                yield replied(labelStudio.predict(adapter, JsonBody.of(request)), Reply::json);
            }
        };
    }
}
