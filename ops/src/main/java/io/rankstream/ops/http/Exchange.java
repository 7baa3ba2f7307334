package io.rankstream.ops.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.flink.shaded.netty4.io.netty.buffer.Unpooled;
import org.apache.flink.shaded.netty4.io.netty.channel.Channel;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelFuture;
import org.apache.flink.shaded.netty4.io.netty.channel.socket.DuplexChannel;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.DefaultFullHttpResponse;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.DefaultHttpContent;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.DefaultHttpResponse;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpHeaderNames;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpHeaders;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpMethod;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpRequest;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponse;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpUtil;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpVersion;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.LastHttpContent;

/**
 * A request and its answer, behind which the connection is closed. The answer is either whole, by
 * {@link #send} or {@link #refuse}, or comes in parts between {@link #begin} and {@link #end}. For
 * one thread at a time.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing follows the end of a connection
public final class Exchange {

    private final Channel channel;
    private final HttpRequest request;
    private final Optional<Target> target;
    private final Duration limit;
    private final LocalServer.Pages pages;

    private volatile boolean begun;

    private byte[] body = {};

    /** Whether a peer that sends no more may wait for an answer all the same. */
    private volatile boolean owed = true;

    Exchange(Channel channel, HttpRequest request, Duration limit, LocalServer.Pages pages) {
        this.channel = channel;
        this.request = request;
        this.target = Target.of(request.uri());
        this.limit = limit;
        this.pages = pages;
    }

    /** Whether it asks for the content, and not for its length alone. */
    public boolean isForContent() {
        return request.method().equals(HttpMethod.GET);
    }

    /** Whether it brings something, where {@link LocalServer.Pages} take that. */
    public boolean isPost() {
        return request.method().equals(HttpMethod.POST);
    }

    /** What it brings; never modified. */
    public byte[] body() {
        return body;
    }

    void took(byte[] body) {
        this.body = body;
    }

    /** What it asks for, decoded. */
    public String path() {
        return target.orElseThrow().path();
    }

    /** A parameter of its query, decoded; empty where there is none. */
    public Optional<String> parameter(String name) {
        return target.orElseThrow().parameter(name);
    }

    /** A header; empty where there is none. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(request.headers().get(name));
    }

    /** Answers with a sentence that says why there is nothing else. */
    public void refuse(int status, String sentence) {
        send(
                status,
                "text/plain; charset=utf-8",
                (sentence + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Answers with {@code content}, or with its length where the request asks for that.
     *
     * @param content not to be modified any more
     */
    public void send(int status, String type, byte[] content) {
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(status),
                        Unpooled.wrappedBuffer(content));
        addHeaders(response, type);
        HttpUtil.setContentLength(response, content.length);
        begun = true;
        closeBehind(channel.writeAndFlush(response));
    }

    /**
     * Begins an answer in parts.
     *
     * @throws IOException if the peer has gone, or does not take it in time
     */
    public void begin(String type) throws IOException, InterruptedException {
        HttpResponse response =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        addHeaders(response, type);
        HttpUtil.setTransferEncodingChunked(
                response, request.protocolVersion().equals(HttpVersion.HTTP_1_1));
        begun = true;
        owed = false;
        require(channel.writeAndFlush(response));
    }

    /**
     * Sends a part.
     *
     * @throws IOException if the peer has gone, or does not take it in time
     */
    public void write(String part) throws IOException, InterruptedException {
        require(
                channel.writeAndFlush(
                        new DefaultHttpContent(
                                Unpooled.copiedBuffer(part, StandardCharsets.UTF_8))));
    }

    /**
     * Nothing follows.
     *
     * @throws IOException if the peer has gone, or has not taken everything in time
     */
    public void end() throws IOException, InterruptedException {
        ChannelFuture written = channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        closeBehind(written);
        require(written);
    }

    private void require(ChannelFuture written) throws IOException, InterruptedException {
        if (!written.await(limit.toMillis())) {
            throw new IOException("the peer takes nothing");
        }
        if (!written.isSuccess()) {
            throw new IOException("the peer has gone", written.cause());
        }
    }

    /** Whether a peer that sends no more may wait for an answer all the same. */
    boolean isOwed() {
        return owed;
    }

    /** Says that there is no answer, if none has begun. */
    void fail() {
        if (begun) {
            drop();
        } else {
            refuse(500, "The page could not be made: the log of this process says why.");
        }
    }

    /** Closes the connection. */
    void drop() {
        channel.close();
    }

    /** The peer is given its time to take the answer, and then to see that it has ended. */
    private void closeBehind(ChannelFuture written) {
        channel.eventLoop().schedule(this::drop, limit.toMillis(), TimeUnit.MILLISECONDS);
        written.addListener(
                done -> {
                    if (done.isSuccess() && !((DuplexChannel) channel).isInputShutdown()) {
                        owed = false;
                        ((DuplexChannel) channel).shutdownOutput();
                    } else {
                        drop();
                    }
                });
    }

    private boolean takesBodies() {
        return target.filter(it -> pages.largestBody(it.path()) > 0).isPresent();
    }

    private void addHeaders(HttpResponse response, String type) {
        HttpHeaders headers = response.headers();
        headers.set(HttpHeaderNames.CONTENT_TYPE, type);
        headers.set(HttpHeaderNames.CONNECTION, "close");
        if (response.status().equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
            headers.set(HttpHeaderNames.ALLOW, takesBodies() ? "POST" : "GET, HEAD");
        }
        headers.set(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                        + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                        + " frame-ancestors 'none'; require-trusted-types-for 'script'");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
    }
}
