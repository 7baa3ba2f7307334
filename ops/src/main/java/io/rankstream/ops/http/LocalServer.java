package io.rankstream.ops.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.shaded.netty4.io.netty.bootstrap.ServerBootstrap;
import org.apache.flink.shaded.netty4.io.netty.channel.Channel;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelFuture;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInitializer;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelOption;
import org.apache.flink.shaded.netty4.io.netty.channel.nio.NioEventLoopGroup;
import org.apache.flink.shaded.netty4.io.netty.channel.socket.SocketChannel;
import org.apache.flink.shaded.netty4.io.netty.channel.socket.nio.NioServerSocketChannel;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpServerCodec;

/**
 * Serves pages to this machine alone. They are read-only but for what they say they take, and
 * answer only under a name of this machine, so that no page from elsewhere can have its name
 * resolved to here. Whatever is sent is answered with a sentence, and a connection has one request.
 * Who sends half a request, or takes no answer, is dropped after a while and holds up nobody.
 */
public final class LocalServer implements AutoCloseable {

    /** How long a request may take to arrive, and a peer to take an answer. */
    public static final Duration LIMIT = Duration.ofSeconds(5);

    /** Connections that wait to be accepted; beyond them, one waits a second to try again. */
    private static final int BACKLOG = 1_024;

    /** Requests that are answered at a time. */
    private static final int MOST = 64;

    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration END = Duration.ofSeconds(2);
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private final NioEventLoopGroup loop;
    private final ExecutorService threads;
    private final Channel listening;

    /** What is served. */
    public interface Pages {

        /**
         * Answers a request in a thread that may wait: one to read, or a POST to a path that takes
         * a body, which no page from elsewhere has sent.
         */
        void answer(Exchange exchange) throws IOException;

        /** Largest body in bytes that a path takes by POST, and by nothing else; 0 for none. */
        default int largestBody(String path) {
            return 0;
        }
    }

    private LocalServer(NioEventLoopGroup loop, ExecutorService threads, Channel listening) {
        this.loop = loop;
        this.threads = threads;
        this.listening = listening;
    }

    /**
     * Starts to serve.
     *
     * @param name begins the names of its threads
     * @param port port of the loopback address; 0 for a free one
     * @param limit how long a request may take to arrive, and a peer to take an answer
     * @throws IOException if the port cannot be had
     */
    public static LocalServer start(String name, int port, Duration limit, Pages pages)
            throws IOException {
        NioEventLoopGroup loop = new NioEventLoopGroup(1, daemon(name + "-loop"));
        ExecutorService threads = threads(name);
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loop)
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .childHandler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel channel) {
                                        UnreadInput unread = new UnreadInput();
                                        channel.pipeline()
                                                .addLast(unread)
                                                .addLast(new HttpServerCodec())
                                                .addLast(
                                                        new Connection(
                                                                pages, threads, limit, unread));
                                    }
                                })
                        .bind(address(port))
                        .awaitUninterruptibly();
        LocalServer server = new LocalServer(loop, threads, bound.channel());
        if (!bound.isSuccess()) {
            server.close();
            throw bound.cause() instanceof IOException failure
                    ? failure
                    : new IOException(bound.cause());
        }
        return server;
    }

    private static ExecutorService threads(String name) {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(
                        MOST,
                        MOST,
                        IDLE.toSeconds(),
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        daemon(name));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static ThreadFactory daemon(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Takes a port as {@link #start} does, and gives it back.
     *
     * @throws IOException if the port cannot be had
     */
    public static void tryPort(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(address(port));
        }
    }

    private static InetSocketAddress address(int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port);
    }

    /** Where it is served. */
    public URI address() {
        int port = ((InetSocketAddress) listening.localAddress()).getPort();
        return URI.create("http://127.0.0.1:%d/".formatted(port));
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do for the threads
    public void close() {
        listening.close().awaitUninterruptibly();
        threads.shutdownNow();
        loop.shutdownGracefully(0, END.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(END.toMillis());
    }
}
