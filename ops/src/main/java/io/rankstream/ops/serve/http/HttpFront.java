package io.rankstream.ops.serve.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.shaded.netty4.io.netty.bootstrap.ServerBootstrap;
import org.apache.flink.shaded.netty4.io.netty.channel.Channel;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelFuture;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInitializer;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelOption;
import org.apache.flink.shaded.netty4.io.netty.channel.group.ChannelGroup;
import org.apache.flink.shaded.netty4.io.netty.channel.group.DefaultChannelGroup;
import org.apache.flink.shaded.netty4.io.netty.channel.nio.NioEventLoopGroup;
import org.apache.flink.shaded.netty4.io.netty.channel.socket.SocketChannel;
import org.apache.flink.shaded.netty4.io.netty.channel.socket.nio.NioServerSocketChannel;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpServerCodec;
import org.apache.flink.shaded.netty4.io.netty.handler.ssl.SslContext;
import org.apache.flink.shaded.netty4.io.netty.util.concurrent.GlobalEventExecutor;

/**
 * Serves requests by HTTP/1.1. Connections are kept, and those of slow peers hold up nobody: one
 * event loop reads and writes them all, and requests that have arrived whole are answered
 * elsewhere.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing follows the end of a connection
public final class HttpFront implements AutoCloseable {

    private static final int BACKLOG = 1_024;

    /** Connections at a time; one more is closed at once. */
    private static final int MOST_CONNECTIONS = 4_096;

    private static final Duration END = Duration.ofSeconds(2);

    private final NioEventLoopGroup loop;
    private final ChannelGroup connections;
    private final Traffic traffic;
    private final Channel listening;
    private final boolean secure;

    private HttpFront(
            NioEventLoopGroup loop,
            ChannelGroup connections,
            Traffic traffic,
            Channel listening,
            boolean secure) {
        this.loop = loop;
        this.connections = connections;
        this.traffic = traffic;
        this.listening = listening;
        this.secure = secure;
    }

    /**
     * What a front is opened with.
     *
     * @param host address to listen at
     * @param port its port; 0 for a free one
     * @param tls key and certificate; empty to serve in the clear
     * @param token what requests must show; empty where they need nothing
     * @param maxBody bytes of a request's body
     * @param limit how long a request may take to arrive, to be answered, and an answer to be taken
     */
    public record Settings(
            String host,
            int port,
            Optional<SslContext> tls,
            Optional<String> token,
            int maxBody,
            Duration limit) {}

    /**
     * Starts to serve.
     *
     * @param workers where requests are answered; one that it rejects is answered with 429
     * @throws IOException if the port cannot be had
     */
    public static HttpFront open(Settings settings, Executor workers, Pages pages)
            throws IOException {
        AtomicInteger count = new AtomicInteger();
        NioEventLoopGroup loop =
                new NioEventLoopGroup(
                        1,
                        task -> {
                            Thread thread =
                                    new Thread(task, "serve-loop-" + count.incrementAndGet());
                            thread.setDaemon(true);
                            return thread;
                        });
        ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        Traffic traffic = new Traffic();
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loop)
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(pipeline(settings, workers, pages, connections, traffic))
                        .bind(
                                new InetSocketAddress(
                                        InetAddress.getByName(settings.host()), settings.port()))
                        .awaitUninterruptibly();
        HttpFront front =
                new HttpFront(
                        loop, connections, traffic, bound.channel(), settings.tls().isPresent());
        if (!bound.isSuccess()) {
            front.close();
            throw bound.cause() instanceof IOException failure
                    ? failure
                    : new IOException(bound.cause());
        }
        return front;
    }

    private static ChannelInitializer<SocketChannel> pipeline(
            Settings settings,
            Executor workers,
            Pages pages,
            ChannelGroup connections,
            Traffic traffic) {
        Access access = new Access(settings.token());
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                if (connections.size() >= MOST_CONNECTIONS) {
                    channel.close();
                    return;
                }
                connections.add(channel);
                Deadline deadline = new Deadline(settings.limit());
                Connection connection =
                        new Connection(pages, access, workers, settings.limit(), traffic, deadline);
                settings.tls()
                        .ifPresent(
                                tls -> channel.pipeline().addLast(tls.newHandler(channel.alloc())));
                channel.pipeline()
                        .addLast(deadline)
                        .addLast(new HttpServerCodec())
                        .addLast(new Doorman(access))
                        .addLast(
                                new BoundedBody(
                                        settings.maxBody(),
                                        context ->
                                                connection.tooLarge(context, settings.maxBody())))
                        .addLast(connection);
            }
        };
    }

    /** Where it is served. */
    public URI address() {
        InetSocketAddress bound = (InetSocketAddress) listening.localAddress();
        String host = bound.getAddress().getHostAddress();
        return URI.create(
                "%s://%s:%d/"
                        .formatted(
                                secure ? "https" : "http",
                                host.contains(":") ? "[" + host + "]" : host,
                                bound.getPort()));
    }

    /** Requests that are being answered. */
    public int answering() {
        return traffic.answering();
    }

    /** Takes no more connections, and waits until requests that have arrived are answered. */
    public void drain(Duration limit) throws InterruptedException {
        traffic.endSoon();
        listening.close().awaitUninterruptibly();
        connections.forEach(channel -> channel.pipeline().fireUserEventTriggered(Connection.END));
        traffic.awaitEnd(limit);
    }

    /** Closes all connections. */
    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        loop.shutdownGracefully(0, END.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(END.toMillis());
    }
}
