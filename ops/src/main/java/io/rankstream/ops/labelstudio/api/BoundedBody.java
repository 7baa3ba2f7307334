package io.rankstream.ops.labelstudio.api;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Text of an answer, in UTF-8; one that is too long fails. For use by one answer. */
final class BoundedBody implements BodySubscriber<String> {

    private final BodySubscriber<String> text = BodySubscribers.ofString(StandardCharsets.UTF_8);
    private final int most;
    private Flow.Subscription subscription;
    private long length;

    /**
     * One that nothing has come of.
     *
     * @param most bytes of the longest that is taken
     */
    BoundedBody(int most) {
        this.most = most;
    }

    @Override
    public CompletionStage<String> getBody() {
        return text.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        text.onSubscribe(given);
    }

    @Override
    public void onNext(List<ByteBuffer> part) {
        length += part.stream().mapToLong(ByteBuffer::remaining).sum();
        if (length > most) {
            subscription.cancel();
            onError(new IOException("its answer is longer than %d bytes".formatted(most)));
        } else {
            text.onNext(part);
        }
    }

    @Override
    public void onError(Throwable failure) {
        text.onError(failure);
    }

    @Override
    public void onComplete() {
        text.onComplete();
    }
}
