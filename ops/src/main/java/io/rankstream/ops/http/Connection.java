package io.rankstream.ops.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBuf;
import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBufUtil;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandlerContext;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInboundHandlerAdapter;
import org.apache.flink.shaded.netty4.io.netty.channel.socket.ChannelInputShutdownEvent;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpContent;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpRequest;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.LastHttpContent;
import org.apache.flink.shaded.netty4.io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection, which has one request. Used by one thread, that of its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // nothing follows the end of a connection
final class Connection extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final LocalServer.Pages pages;
    private final Executor threads;
    private final Duration limit;
    private final UnreadInput unread;

    /** Null until the headers of the request have arrived. */
    private Exchange exchange;

    /** What has arrived of a body that is waited for; null where none is. */
    private ByteBuf body;

    Connection(LocalServer.Pages pages, Executor threads, Duration limit, UnreadInput unread) {
        this.pages = pages;
        this.threads = threads;
        this.limit = limit;
        this.unread = unread;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.executor()
                .schedule(
                        () -> {
                            if (exchange == null || body != null) {
                                context.close();
                            }
                        },
                        limit.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (exchange == null && message instanceof HttpRequest request) {
            begin(context, request);
        } else if (body != null && message instanceof HttpContent content) {
            take(content);
        }
        ReferenceCountUtil.release(message);
    }

    private void begin(ChannelHandlerContext context, HttpRequest request) {
        exchange = new Exchange(context.channel(), request, limit, pages);
        Optional<Refusal> refusal = Refusal.of(request, pages);
        if (refusal.isPresent()) {
            unread.begin();
            exchange.refuse(refusal.get().status(), refusal.get().sentence());
        } else if (exchange.isPost()) {
            body = context.alloc().buffer();
        } else {
            answerInAThread();
        }
    }

    private void take(HttpContent content) {
        if (content.decoderResult().isFailure()) {
            exchange.drop();
            return;
        }
        body.writeBytes(content.content());
        if (content instanceof LastHttpContent) {
            exchange.took(ByteBufUtil.getBytes(body));
            releaseBody();
            answerInAThread();
        }
    }

    private void releaseBody() {
        if (body != null) {
            body.release();
            body = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        releaseBody();
        context.fireChannelInactive();
    }

    private void answerInAThread() {
        unread.begin();
        try {
            threads.execute(this::answer);
        } catch (RejectedExecutionException e) {
            exchange.drop(); // the server is being closed
        }
    }

    private void answer() {
        try {
            pages.answer(exchange);
        } catch (IOException e) {
            LOG.debug("A page went away.", e);
            exchange.drop();
        } catch (RejectedExecutionException e) {
            exchange.drop(); // the server is being closed
        } catch (RuntimeException e) {
            LOG.error("A request could not be answered.", e);
            exchange.fail();
        }
    }

    /** The peer sends no more: it has gone, or waits for its answer. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent
                && (exchange == null || !exchange.isOwed())) {
            context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("A connection broke.", cause);
        context.close();
    }
}
