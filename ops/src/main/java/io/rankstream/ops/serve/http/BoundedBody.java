package io.rankstream.ops.serve.http;

import java.util.function.Consumer;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandlerContext;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelPipeline;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.FullHttpResponse;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpMessage;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpObjectAggregator;

/** Puts requests together, and refuses those with a body that is too large. */
final class BoundedBody extends HttpObjectAggregator {

    private final Consumer<ChannelHandlerContext> tooLarge;

    /**
     * @param most bytes of a body
     * @param tooLarge answers a request whose body is larger, and closes the connection
     */
    BoundedBody(int most, Consumer<ChannelHandlerContext> tooLarge) {
        super(most);
        this.tooLarge = tooLarge;
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage message) {
        tooLarge.accept(context);
    }

    /** Of a body that is announced as too large, nothing is asked for: it is refused as others. */
    @Override
    protected Object newContinueResponse(
            HttpMessage start, int maxContentLength, ChannelPipeline pipeline) {
        Object response = super.newContinueResponse(start, maxContentLength, pipeline);
        return response instanceof FullHttpResponse full && full.status().code() == 413
                ? null
                : response;
    }
}
