package io.rankstream.ops.labeling;

import io.rankstream.ops.http.Exchange;
import io.rankstream.ops.http.LocalServer;
import io.rankstream.ops.http.StaticFiles;
import io.rankstream.ops.labeling.queue.Answer;
import io.rankstream.ops.labeling.queue.LabelQueue;
import io.rankstream.ops.labeling.queue.RequestKey;
import io.rankstream.ops.labeling.queue.Standing;
import io.rankstream.ops.labeling.queue.Verdict;
import io.rankstream.ops.vote.Votes;
import io.rankstream.ops.vote.VotesException;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabelVote;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The page and what it asks for. Its files are for everybody; what people are asked, and to answer
 * it, takes the token.
 */
final class LabelingPages implements LocalServer.Pages {

    /** Where the page is; all of its paths begin so. */
    static final String PATH = "/labeling";

    private static final String VOTES = PATH + "/api/votes";
    private static final String NEXT = PATH + "/api/next";
    private static final String STANDING = PATH + "/api/standing";
    private static final String OF_CONSOLE = "/io/rankstream/ops/console/";
    private static final int LARGEST_VOTE = 64 << 10;
    private static final String JSON = "application/json";

    private final AccessToken token;
    private final LabelQueue queue;
    private final Votes votes;
    private final InstantSource clock;
    private final Supplier<Optional<String>> problem;
    private final LongSupplier unreadable;
    private final StaticFiles files = new StaticFiles();

    /**
     * @param problem why nothing new is read at present; empty where all is well
     * @param unreadable records that this release cannot read
     */
    LabelingPages(
            AccessToken token,
            LabelQueue queue,
            Votes votes,
            InstantSource clock,
            Supplier<Optional<String>> problem,
            LongSupplier unreadable) {
        this.token = token;
        this.queue = queue;
        this.votes = votes;
        this.clock = clock;
        this.problem = problem;
        this.unreadable = unreadable;
        files.add(PATH, LabelingPages.class, "labeling.html");
        for (String name : List.of("labeling.css", "labeling.js", "desk.js")) {
            files.add(PATH + "/" + name, LabelingPages.class, name);
        }
        for (String name : List.of("console.css", "text.js", "icon.svg")) {
            files.add(PATH + "/" + name, LabelingPages.class, OF_CONSOLE + name);
        }
    }

    @Override
    public int largestBody(String path) {
        return path.equals(VOTES) ? LARGEST_VOTE : 0;
    }

    @Override
    public void answer(Exchange exchange) throws IOException {
        if (!exchange.path().startsWith(PATH + "/api/")) {
            files.answer(exchange);
        } else if (!token.isIn(exchange.header("Authorization"))) {
            exchange.refuse(
                    401,
                    "The token is missing or another: open the address that the command says.");
        } else {
            try {
                answerWhoMay(exchange);
            } catch (AnswerJson.MalformedException e) {
                exchange.refuse(400, e.getMessage());
            } catch (InterruptedException e) {
                throw new IOException("the server is being closed", e);
            }
        }
    }

    private void answerWhoMay(Exchange exchange)
            throws AnswerJson.MalformedException, InterruptedException {
        switch (exchange.path()) {
            case NEXT -> next(exchange);
            case STANDING -> standing(exchange);
            case VOTES -> vote(exchange);
            default -> exchange.refuse(404, "There is no such path.");
        }
    }

    private void next(Exchange exchange) throws AnswerJson.MalformedException {
        Optional<LabelRequest> next =
                queue.next(annotator(exchange), exchange.parameter("adapter"), clock.instant());
        exchange.send(200, JSON, PageJson.next(next));
    }

    private void standing(Exchange exchange) throws AnswerJson.MalformedException {
        Optional<RequestKey> holding =
                exchange.parameter("holding")
                        .flatMap(
                                request ->
                                        exchange.parameter("of")
                                                .map(adapter -> new RequestKey(adapter, request)));
        Standing standing =
                queue.standing(
                        annotator(exchange),
                        exchange.parameter("adapter"),
                        holding,
                        clock.instant());
        exchange.send(
                200, JSON, PageJson.standing(standing, problem.get(), unreadable.getAsLong()));
    }

    private static String annotator(Exchange exchange) throws AnswerJson.MalformedException {
        return AnswerJson.annotator(exchange.parameter("annotator").orElse(""));
    }

    private void vote(Exchange exchange)
            throws AnswerJson.MalformedException, InterruptedException {
        if (!isJson(exchange)) {
            exchange.refuse(
                    415, "The body is of another kind, expected Content-Type: " + JSON + ".");
            return;
        }
        Answer answer = AnswerJson.read(exchange.body());
        Instant now = clock.instant();
        Verdict verdict = queue.judge(answer, now);
        if (verdict instanceof Verdict.ToWrite toWrite) {
            write(exchange, answer, toWrite.vote(), now);
        } else if (verdict instanceof Verdict.Written written) {
            exchange.send(200, JSON, PageJson.written(written.vote()));
        } else if (verdict instanceof Verdict.Wrong wrong) {
            exchange.refuse(400, wrong.sentence());
        } else if (verdict instanceof Verdict.Gone gone) {
            exchange.refuse(410, gone.sentence());
        }
    }

    private static boolean isJson(Exchange exchange) {
        return exchange.header("Content-Type")
                .filter(type -> type.replaceFirst(";.*", "").strip().equalsIgnoreCase(JSON))
                .isPresent();
    }

    private void write(Exchange exchange, Answer answer, LabelVote vote, Instant now)
            throws InterruptedException {
        try {
            votes.write(List.of(vote));
        } catch (VotesException e) {
            exchange.refuse(503, "The vote is not written: " + e.getMessage());
            return;
        }
        queue.written(answer.annotator(), vote, now);
        exchange.send(201, JSON, PageJson.written(vote));
    }
}
