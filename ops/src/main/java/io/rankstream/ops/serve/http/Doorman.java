package io.rankstream.ops.serve.http;

import java.util.List;
import org.apache.flink.shaded.netty4.io.netty.buffer.Unpooled;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandlerContext;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInboundHandlerAdapter;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.DefaultFullHttpRequest;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.EmptyHttpHeaders;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpHeaderNames;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpHeaders;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpRequest;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.LastHttpContent;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.QueryStringDecoder;
import org.apache.flink.shaded.netty4.io.netty.util.ReferenceCountUtil;

/**
 * Keeps no body of a request that may not be answered: the request goes on without it as soon as
 * its headers are there, to be refused, and the body is thrown away as it comes. So whoever has no
 * token takes no memory. Used by the thread of its event loop alone.
 */
final class Doorman extends ChannelInboundHandlerAdapter {

    private static final List<CharSequence> OF_BODIES =
            List.of(
                    HttpHeaderNames.CONTENT_LENGTH,
                    HttpHeaderNames.TRANSFER_ENCODING,
                    HttpHeaderNames.EXPECT);

    private final Access access;

    /** Whether what comes is the body of a request that is refused. */
    private boolean throwsAway;

    Doorman(Access access) {
        this.access = access;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            throwsAway = request.decoderResult().isSuccess() && !mayBeAnswered(request);
            context.fireChannelRead(throwsAway ? withoutBody(request) : request);
        } else if (throwsAway) {
            throwsAway = !(message instanceof LastHttpContent);
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    private boolean mayBeAnswered(HttpRequest request) {
        try {
            return access.refusal(
                            new QueryStringDecoder(request.uri()).path(),
                            request.headers().get(HttpHeaderNames.AUTHORIZATION),
                            request.headers().getAll(HttpHeaderNames.HOST))
                    .isEmpty();
        } catch (IllegalArgumentException e) {
            return false; // the path is none
        }
    }

    private static HttpRequest withoutBody(HttpRequest request) {
        HttpHeaders headers = request.headers().copy();
        OF_BODIES.forEach(headers::remove);
        return new DefaultFullHttpRequest(
                request.protocolVersion(),
                request.method(),
                request.uri(),
                Unpooled.EMPTY_BUFFER,
                headers,
                EmptyHttpHeaders.INSTANCE);
    }
}
