package io.rankstream.ops.serve.http;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandlerContext;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Closes a connection whose peer is too slow: with its request, with taking the answer, or with the
 * next request. Used by the thread of its event loop alone.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing follows the end of a connection
final class Deadline extends ChannelInboundHandlerAdapter {

    /** How long a connection is kept that nothing is asked on. */
    private static final Duration IDLE = Duration.ofMinutes(1);

    private final Duration limit;
    private ChannelHandlerContext context;
    private ScheduledFuture<?> end;
    private boolean idle;

    /**
     * @param limit how long a request may take to arrive, and an answer to be taken
     */
    Deadline(Duration limit) {
        this.limit = limit;
    }

    @Override
    public void channelActive(ChannelHandlerContext opened) {
        context = opened;
        set(limit);
        opened.fireChannelActive();
    }

    /** A request begins with its first byte. */
    @Override
    public void channelRead(ChannelHandlerContext opened, Object message) {
        if (idle) {
            idle = false;
            set(limit);
        }
        opened.fireChannelRead(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext closed) {
        lift();
        closed.fireChannelInactive();
    }

    /** It is not the peer's turn. */
    void lift() {
        if (end != null) {
            end.cancel(false);
            end = null;
        }
    }

    /** The peer is to take an answer. */
    void answer() {
        set(limit);
    }

    /** The peer may ask again. */
    void idle() {
        idle = true;
        set(IDLE);
    }

    boolean isIdle() {
        return idle;
    }

    private void set(Duration length) {
        lift();
        end =
                context.executor()
                        .schedule(() -> context.close(), length.toMillis(), TimeUnit.MILLISECONDS);
    }
}
