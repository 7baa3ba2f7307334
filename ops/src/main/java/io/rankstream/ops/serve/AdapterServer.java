package io.rankstream.ops.serve;

import io.rankstream.adapters.engine.TensorEngine;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.adapters.training.FrozenAdapter;
import io.rankstream.adapters.training.Learner;
import io.rankstream.adapters.weights.ModelLoadException;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.job.config.settings.ServeSettings;
import io.rankstream.job.train.TrainingDevice;
import io.rankstream.ops.serve.api.Api;
import io.rankstream.ops.serve.batch.Batcher;
import io.rankstream.ops.serve.batch.Passes;
import io.rankstream.ops.serve.http.HttpFront;
import io.rankstream.ops.serve.metric.ServeMetrics;
import io.rankstream.ops.serve.predict.Predictor;
import io.rankstream.ops.serve.predict.PublishedSource;
import io.rankstream.ops.serve.predict.ServedAdapter;
import io.rankstream.ops.serve.version.Announcement;
import io.rankstream.ops.serve.version.AnnouncementFollower;
import io.rankstream.ops.serve.version.Residents;
import io.rankstream.ops.serve.version.Versions;
import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.shaded.netty4.io.netty.handler.ssl.SslContext;
import org.apache.flink.shaded.netty4.io.netty.handler.ssl.SslContextBuilder;

/**
 * Answers requests by the published versions of adapters, over one base model.
 *
 * <p>A request is read by the front's event loop, tokenized by a worker, and waits for its version,
 * which a loader may have to read, and for a pass, which one thread computes for the requests of
 * all adapters. Versions come by what {@link #listener} is told.
 */
public final class AdapterServer implements AutoCloseable {

    /** Most of their time they wait for a file system. */
    private static final int LOADERS = 4;

    /** Requests that wait for a worker to read them. */
    private static final int MOST_UNREAD = 256;

    /** How long a version that was refused is left alone. */
    private static final Duration RETRY = Duration.ofSeconds(30);

    private final Learner learner;
    private final BlockingQueue<TextEncoder> encoders;
    private final Residents<ServedAdapter> residents;
    private final ThreadPoolExecutor loaders;
    private final ThreadPoolExecutor workers;
    private final Versions<ServedAdapter> versions;
    private final Batcher<ServedAdapter> batcher;
    private final ServeMetrics metrics = new ServeMetrics();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final Duration limit;
    private final HttpFront front;
    private volatile boolean ending;

    private AdapterServer(
            ServeSettings settings, Learner learner, BlockingQueue<TextEncoder> encoders)
            throws ServeException {
        this.learner = learner;
        this.encoders = encoders;
        this.limit = settings.requestTimeout();
        this.residents = new Residents<>(settings.cacheBytes());
        this.loaders = threads("serve-load", LOADERS, new LinkedBlockingQueue<>());
        this.workers =
                threads("serve-work", encoders.size(), new ArrayBlockingQueue<>(MOST_UNREAD));
        this.versions =
                new Versions<>(
                        new PublishedSource(learner),
                        residents,
                        loaders,
                        InstantSource.system(),
                        RETRY,
                        metrics);
        this.batcher =
                new Batcher<>(
                        this::said,
                        settings.passTokens(),
                        settings.linger(),
                        System::nanoTime,
                        metrics);
        Predictor predictor =
                new Predictor(
                        encoders,
                        versions,
                        batcher,
                        settings.maxTexts(),
                        settings.maxWaitingTexts());
        tellMetrics(predictor);
        Api api = new Api(predictor, versions, metrics, new Health(), System::nanoTime);
        try {
            this.front = HttpFront.open(front(settings), workers, api);
        } catch (IOException | ServeException e) {
            closeBehindFront();
            throw e instanceof ServeException told ? told : unbound(settings, (IOException) e);
        }
    }

    private static ThreadPoolExecutor threads(
            String name, int count, BlockingQueue<Runnable> queue) {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(
                count,
                count,
                0,
                TimeUnit.SECONDS,
                queue,
                task -> {
                    Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    private List<float[][]> said(List<Passes.Part<ServedAdapter>> parts) {
        return learner.answer(
                parts.stream()
                        .map(
                                part ->
                                        new FrozenAdapter.Texts(
                                                part.adapter().adapter(), part.texts()))
                        .toList());
    }

    private void tellMetrics(Predictor predictor) {
        metrics.gauge("waiting_texts", "Texts that wait or are answered.", predictor::waiting);
        metrics.gauge("resident_adapters", "Versions that are ready.", residents::count);
        metrics.gauge("resident_bytes", "Bytes of versions that are ready.", residents::bytes);
        metrics.gauge(
                "evicted_adapters",
                "Versions that left for others since the start.",
                residents::evicted);
        metrics.gauge("adapters", "Adapters that were announced.", versions::count);
        metrics.gauge(
                "refused_versions",
                "Versions that are refused at present.",
                versions::refusedCount);
        metrics.gauge("ready", "1 if the server is ready.", () -> isReady() ? 1 : 0);
    }

    private HttpFront.Settings front(ServeSettings settings) throws ServeException {
        return new HttpFront.Settings(
                settings.host(),
                settings.port(),
                settings.tls().isPresent()
                        ? Optional.of(context(settings.tls().get()))
                        : Optional.empty(),
                settings.token(),
                settings.maxRequestBytes(),
                settings.requestTimeout());
    }

    private static SslContext context(ServeSettings.Tls tls) throws ServeException {
        try {
            return SslContextBuilder.forServer(new File(tls.certificate()), new File(tls.key()))
                    .build();
        } catch (IOException | IllegalArgumentException e) {
            throw new ServeException(
                    "serve.tls.certificate %s and serve.tls.key %s cannot be used: %s; expected a certificate in PEM, and its key, PKCS 8 in PEM without a password"
                            .formatted(tls.certificate(), tls.key(), e.getMessage()),
                    e);
        }
    }

    private static ServeException unbound(ServeSettings settings, IOException e) {
        return new ServeException(
                e instanceof BindException
                        ? "port %d of %s cannot be had (%s): set serve.port to another one, or to 0 for a free one"
                                .formatted(settings.port(), settings.host(), e.getMessage())
                        : "nothing can be served at %s: %s; correct serve.host"
                                .formatted(settings.host(), e),
                e);
    }

    /** Whether it can be used. */
    private final class Health implements Api.Health {

        @Override
        public Optional<String> unready() {
            if (ending) {
                return Optional.of("the server is being stopped");
            }
            return begun.getCount() == 0
                    ? Optional.empty()
                    : Optional.of("the announcements of versions were not read to their end yet");
        }

        @Override
        public boolean isBroken() {
            return !batcher.isAlive();
        }
    }

    /**
     * Opens a base model and serves; what is announced is told to {@link #listener}.
     *
     * @throws ModelLoadException if the base model cannot be loaded
     * @throws ServeException if nothing can be served
     */
    public static AdapterServer open(ModelSettings model, ServeSettings settings)
            throws ModelLoadException, ServeException {
        TensorEngine.choose(model.engineDirectory());
        int workers = Math.max(2, Runtime.getRuntime().availableProcessors());
        BlockingQueue<TextEncoder> encoders = new ArrayBlockingQueue<>(workers);
        Learner learner = null;
        try {
            for (int i = 0; i < workers; i++) {
                encoders.add(TextEncoder.open(model.source(), model.maxLength()));
            }
            learner =
                    Learner.open(
                            model.source(),
                            model.threads(),
                            TrainingDevice.of(model.device(), List.of()));
            return new AdapterServer(settings, learner, encoders);
        } catch (ModelLoadException | ServeException | RuntimeException e) {
            encoders.forEach(TextEncoder::close);
            if (learner != null) {
                learner.close();
            }
            throw e;
        }
    }

    /** Who is to be told what is announced. */
    public AnnouncementFollower.Listener listener() {
        return new AnnouncementFollower.Listener() {
            @Override
            public void begin(Map<String, Announcement> announced) {
                versions.begin(announced);
                begun.countDown();
            }

            @Override
            public void announced(Announcement announcement) {
                versions.announced(announcement);
            }

            @Override
            public void withdrawn(String adapterId) {
                versions.withdrawn(adapterId);
            }
        };
    }

    /** Tells of what {@link #listener} is told by, too. */
    public void follow(AnnouncementFollower follower) {
        metrics.gauge(
                "unreadable_announcements",
                "Records that are no announcements that this release can read.",
                follower::unreadable);
        metrics.gauge(
                "announcements_readable",
                "1 if the topic of announcements can be read at present.",
                () -> follower.problem().isEmpty() ? 1 : 0);
    }

    /** Where it is. */
    public URI address() {
        return front.address();
    }

    /** Whether it can be used. */
    public boolean isReady() {
        return new Health().unready().isEmpty();
    }

    /** Adapters that were announced. */
    public int adapters() {
        return versions.count();
    }

    /** Waits until it is ready, or for so long. */
    public boolean awaitReady(Duration most) throws InterruptedException {
        return begun.await(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Takes no more requests, and waits until those that have come are answered, or for as long as
     * a request may take.
     */
    public void drain() throws InterruptedException {
        ending = true;
        front.drain(limit);
    }

    /** Ends at once; see {@link #drain}. */
    @Override
    public void close() {
        ending = true;
        front.close();
        closeBehindFront();
        encoders.forEach(TextEncoder::close);
        learner.close();
    }

    /** Nobody uses a version any more when the residents are closed. */
    private void closeBehindFront() {
        end(workers);
        end(loaders);
        batcher.close();
        residents.close();
    }

    private static void end(ExecutorService threads) {
        threads.shutdownNow();
        boolean interrupted = false;
        while (!threads.isTerminated()) {
            try {
                threads.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
