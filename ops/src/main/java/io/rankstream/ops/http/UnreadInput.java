package io.rankstream.ops.http;

import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBuf;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandlerContext;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Discards what a connection is sent behind its request. It takes some of it, since a connection
 * that is closed with input left loses its answer; who sends on and on is closed.
 */
final class UnreadInput extends ChannelInboundHandlerAdapter {

    private static final int MOST = 256 * 1024;

    private boolean discards;
    private long discarded;

    /** The request is there: nothing that follows is read. */
    void begin() {
        discards = true;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do for the connection
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!discards) {
            context.fireChannelRead(message);
            return;
        }
        ByteBuf input = (ByteBuf) message;
        discarded += input.readableBytes();
        input.release();
        if (discarded > MOST) {
            context.close();
        }
    }
}
