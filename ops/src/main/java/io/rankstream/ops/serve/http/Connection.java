package io.rankstream.ops.serve.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBufUtil;
import org.apache.flink.shaded.netty4.io.netty.buffer.Unpooled;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelFuture;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelFutureListener;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandlerContext;
import org.apache.flink.shaded.netty4.io.netty.channel.SimpleChannelInboundHandler;
import org.apache.flink.shaded.netty4.io.netty.channel.socket.DuplexChannel;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.DefaultFullHttpResponse;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.FullHttpRequest;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpHeaderNames;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpUtil;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpVersion;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.QueryStringDecoder;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.TooLongHttpHeaderException;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.TooLongHttpLineException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection, which has one request at a time; those behind it are not read before it is
 * answered. Used by the thread of its event loop alone.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing follows the end of a connection
final class Connection extends SimpleChannelInboundHandler<FullHttpRequest> {

    /** Closes a connection that nothing is asked on. */
    static final Object END = new Object();

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private static final Request UNREAD =
            new Request("", "", Map.of(), Optional.empty(), new byte[0]);

    private final Pages pages;
    private final Access access;
    private final Executor workers;
    private final Duration limit;
    private final Traffic traffic;
    private final Deadline deadline;

    /** Whether a request was taken whose answer was not given yet. */
    private boolean answering;

    /** What the peer has sent without waiting for that. */
    private final Deque<FullHttpRequest> behind = new ArrayDeque<>();

    /** Refuses what the peer has sent behind all that, and no more is taken after; mostly null. */
    private Runnable refusedBehind;

    /** Null unless somebody waits for an answer. */
    private CompletableFuture<Reply> pending;

    Connection(
            Pages pages,
            Access access,
            Executor workers,
            Duration limit,
            Traffic traffic,
            Deadline deadline) {
        this.pages = pages;
        this.access = access;
        this.workers = workers;
        this.limit = limit;
        this.traffic = traffic;
        this.deadline = deadline;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
        if (answering) {
            behind.add(message.retain());
            context.channel().config().setAutoRead(false);
        } else {
            take(context, message);
        }
    }

    private void take(ChannelHandlerContext context, FullHttpRequest message) {
        answering = true;
        deadline.lift();
        boolean keep = HttpUtil.isKeepAlive(message);
        if (message.decoderResult().isFailure()) {
            send(context, UNREAD, Reply.problem(undecoded(message)), false);
            return;
        }
        Request request;
        try {
            request = request(message);
        } catch (IllegalArgumentException e) {
            send(
                    context,
                    UNREAD,
                    Reply.problem(
                            Problem.of(
                                    400,
                                    "the path is none: expected one that begins with a slash, and each % in it followed by two hexadecimal digits")),
                    keep);
            return;
        }
        Optional<Problem> refusal =
                access.refusal(
                        request.path(),
                        message.headers().get(HttpHeaderNames.AUTHORIZATION),
                        message.headers().getAll(HttpHeaderNames.HOST));
        if (refusal.isPresent()) {
            Reply reply = Reply.problem(refusal.get());
            send(
                    context,
                    request,
                    reply.status() == 401 ? reply.with("WWW-Authenticate", "Bearer") : reply,
                    keep);
            return;
        }
        answer(context, request, keep);
    }

    private static Problem undecoded(FullHttpRequest message) {
        Throwable cause = message.decoderResult().cause();
        if (cause instanceof TooLongHttpLineException) {
            return Problem.of(414, "the first line of the request is too long");
        }
        return cause instanceof TooLongHttpHeaderException
                ? Problem.of(431, "the headers of the request are too long")
                : Problem.of(400, "this is no request of HTTP/1.1");
    }

    private static Request request(FullHttpRequest message) {
        QueryStringDecoder target = new QueryStringDecoder(message.uri());
        return new Request(
                message.method().name(),
                target.path(),
                target.parameters(),
                Optional.ofNullable(message.headers().get(HttpHeaderNames.CONTENT_TYPE)),
                ByteBufUtil.getBytes(message.content()));
    }

    private void answer(ChannelHandlerContext context, Request request, boolean keep) {
        traffic.begin();
        CompletableFuture<Reply> mine = new CompletableFuture<>();
        pending = mine;
        ScheduledFuture<?> timer =
                context.executor()
                        .schedule(
                                () ->
                                        mine.complete(
                                                Reply.problem(
                                                        Problem.passing(
                                                                503,
                                                                "there was no answer within %d ms, the serve.request-timeout"
                                                                        .formatted(
                                                                                limit.toMillis()),
                                                                1))),
                                limit.toMillis(),
                                TimeUnit.MILLISECONDS);
        mine.thenAccept(
                reply ->
                        context.executor()
                                .execute(
                                        () -> {
                                            timer.cancel(false);
                                            pending = null;
                                            send(context, request, reply, keep)
                                                    .addListener(written -> traffic.end());
                                        }));
        try {
            workers.execute(() -> work(request, mine));
        } catch (RejectedExecutionException e) {
            mine.complete(
                    Reply.problem(
                            Problem.passing(
                                    429, "too many requests wait to be read; ask again", 1)));
        }
    }

    private void work(Request request, CompletableFuture<Reply> mine) {
        if (mine.isDone()) {
            return;
        }
        try {
            CompletableFuture<Reply> answer = pages.answer(request);
            mine.thenAccept(answer::complete);
            answer.whenComplete(
                    (reply, failure) -> {
                        if (failure == null) {
                            mine.complete(reply);
                        } else {
                            fail(request, mine, failure);
                        }
                    });
        } catch (RuntimeException | Error e) {
            fail(request, mine, e);
        }
    }

    private static void fail(Request request, CompletableFuture<Reply> mine, Throwable failure) {
        LOG.error("{} {} could not be answered.", request.method(), request.path(), failure);
        mine.complete(
                Reply.problem(
                        Problem.of(
                                500, "it could not be answered: the log of the server says why")));
    }

    private ChannelFuture send(
            ChannelHandlerContext context, Request request, Reply reply, boolean keep) {
        boolean keeps = keep && !traffic.isEnding();
        return write(context, request, reply, keeps)
                .addListener(
                        (ChannelFutureListener)
                                written -> {
                                    if (keeps && written.isSuccess()) {
                                        context.executor().execute(() -> takeNext(context));
                                    } else {
                                        context.close();
                                    }
                                });
    }

    private void takeNext(ChannelHandlerContext context) {
        answering = false;
        FullHttpRequest next = behind.poll();
        if (next == null && refusedBehind != null) {
            refusedBehind.run();
            context.channel().config().setAutoRead(true);
            return;
        }
        if (next == null) {
            deadline.idle();
            context.channel().config().setAutoRead(true);
            return;
        }
        try {
            take(context, next);
        } finally {
            next.release();
        }
    }

    private ChannelFuture write(
            ChannelHandlerContext context, Request request, Reply reply, boolean keeps) {
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(reply.status()),
                        Unpooled.wrappedBuffer(reply.body()));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, reply.contentType())
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("X-Content-Type-Options", "nosniff");
        reply.headers().forEach(response.headers()::set);
        HttpUtil.setContentLength(response, reply.body().length);
        HttpUtil.setKeepAlive(response, keeps);
        pages.answered(request, reply.status());
        deadline.answer();
        return context.writeAndFlush(response);
    }

    /**
     * Refuses a body that is too large. What is left of it is read and thrown away for a while: a
     * connection that is closed with input left may lose its answer.
     */
    void tooLarge(ChannelHandlerContext context, int most) {
        if (answering) {
            refusedBehind = () -> refuseLarge(context, most);
            context.channel().config().setAutoRead(false);
        } else {
            refuseLarge(context, most);
        }
    }

    private void refuseLarge(ChannelHandlerContext context, int most) {
        Reply reply =
                Reply.problem(
                        Problem.of(
                                413,
                                "the body has more than %,d bytes, the serve.max-request-size; send fewer texts at once"
                                        .formatted(most)));
        write(context, UNREAD, reply, false)
                .addListener(written -> ((DuplexChannel) context.channel()).shutdownOutput());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == END && !answering && deadline.isIdle()) {
            context.close();
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    /** Nobody wants the answer any more. */
    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (pending != null) {
            pending.complete(Reply.problem(Problem.of(499, "the peer has gone")));
        }
        behind.forEach(FullHttpRequest::release);
        behind.clear();
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("A connection broke.", cause);
        context.close();
    }
}
