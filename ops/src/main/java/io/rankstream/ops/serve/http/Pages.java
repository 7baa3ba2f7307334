package io.rankstream.ops.serve.http;

import java.util.concurrent.CompletableFuture;

/** What is served. Called from several threads, which may wait. */
public interface Pages {

    /**
     * Answers a request.
     *
     * @return never fails; when it is completed by somebody else, the answer is not wanted any more
     */
    CompletableFuture<Reply> answer(Request request);

    /** A request was answered so, by whomever. */
    void answered(Request request, int status);
}
