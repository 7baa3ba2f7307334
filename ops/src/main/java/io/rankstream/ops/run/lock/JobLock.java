package io.rankstream.ops.run.lock;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rankstream.adapters.weights.Sha256;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.recovery.LiveJob;
import io.rankstream.job.recovery.RecoveryException;
import io.rankstream.ops.files.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * That a job is run by this process, and by no other that shares a folder of locks with it. The
 * system takes the lock back when the process ends, however it ends.
 */
public final class JobLock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JobLock.class);

    private static final int DIGITS = 16;

    private final FolderLock lock;
    private final Path holder;

    private JobLock(FolderLock lock, Path holder) {
        this.lock = lock;
        this.holder = holder;
    }

    /**
     * Takes the lock of a job.
     *
     * @param folder folder of all locks; it is made where it is missing
     * @param kafka broker and {@code kafka.group-id}, which tell jobs apart
     * @param now since when this process has it
     * @throws RecoveryException if another process has it, or another job of this one
     * @throws IOException if nothing can be locked in that folder
     */
    public static JobLock take(Path folder, KafkaSettings kafka, Instant now)
            throws RecoveryException, IOException {
        Files.createDirectories(folder);
        String name = name(kafka);
        Path holder = folder.resolve(name + ".holder");
        Optional<FolderLock> lock = FolderLock.tryClaim(folder.resolve(name + ".lock"));
        if (lock.isEmpty()) {
            throw LiveJob.runsAlready(
                    kafka.groupId(), "on this machine" + JobHolder.read(holder).orElse(""));
        }
        try {
            JobHolder.write(holder, now);
        } catch (IOException e) {
            lock.get().close();
            throw e;
        }
        return new JobLock(lock.get(), holder);
    }

    /** The order of brokers says nothing of who they are. */
    private static String name(KafkaSettings kafka) {
        String servers =
                Arrays.stream(kafka.bootstrapServers().split(","))
                        .map(server -> server.strip().toLowerCase(Locale.ROOT))
                        .filter(server -> !server.isEmpty())
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(","));
        return Sha256.of((servers + "\n" + kafka.groupId()).getBytes(UTF_8)).substring(0, DIGITS);
    }

    /** Lets another start of the job have it. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(holder);
            lock.close();
        } catch (IOException e) {
            LOG.warn("A lock of this process could not be given back; its end does that.", e);
        }
    }
}
