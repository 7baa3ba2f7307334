package io.rankstream.benchmarks.serve;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.adapters.weights.Sha256;
import io.rankstream.job.config.option.DeviceSetting;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.job.config.settings.ServeSettings;
import io.rankstream.ops.serve.AdapterServer;
import io.rankstream.ops.serve.version.Announcement;
import io.rankstream.ops.serve.version.VersionId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rankstream's server in the comparison of {@code benchmarks/run serve}, without a broker. */
@Command(
        name = "served",
        description = "Serves a folder of versions, for 'serve'.",
        mixinStandardHelpOptions = true)
public final class ServedFolder implements Callable<Integer> {

    private static final int MEBI = 1 << 20;

    @Parameters(
            paramLabel = "FOLDER",
            description = "Folder with a folder of versions each adapter.")
    private Path folder;

    @Option(names = "--adapters", required = true, description = "Serves the first so many.")
    private int adapters;

    @Option(names = "--length", required = true, description = "Tokens of a text.")
    private int length;

    @Option(names = "--threads", required = true, description = "Threads that compute.")
    private int threads;

    @Option(names = "--port", required = true, description = "Port of this machine.")
    private int port;

    @Option(names = "--cache-mib", required = true, description = "MiB of adapters in memory.")
    private int cache;

    @Option(names = "--linger-ms", required = true, description = "What a pass waits for.")
    private int linger;

    @Override
    public Integer call() throws Exception {
        ModelSettings model =
                new ModelSettings(
                        new ModelSource.Embedded(),
                        length,
                        threads,
                        DeviceSetting.parse("cpu"),
                        null);
        ServeSettings settings =
                new ServeSettings(
                        "127.0.0.1",
                        port,
                        Optional.empty(),
                        Optional.empty(),
                        (long) cache * MEBI,
                        2048,
                        Duration.ofMillis(linger),
                        1024,
                        256,
                        4 * MEBI,
                        Duration.ofSeconds(10));
        try (AdapterServer server = AdapterServer.open(model, settings)) {
            Map<String, Announcement> announced = new HashMap<>();
            for (int i = 0; i < adapters; i++) {
                announced.put(Tenants.name(i), announcement(Tenants.name(i)));
            }
            server.listener().begin(announced);
            new CountDownLatch(1).await();
        }
        return 0;
    }

    private Announcement announcement(String adapter) throws Exception {
        Path version = Tenants.version(folder, adapter);
        return new Announcement(
                new VersionId(adapter, 1, version.toString()),
                1,
                Sha256.of(Files.readAllBytes(version.resolve(Manifest.FILE))),
                "all-MiniLM-L6-v2",
                List.of(),
                0);
    }
}
