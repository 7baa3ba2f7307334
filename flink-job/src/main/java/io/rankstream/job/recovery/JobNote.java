package io.rankstream.job.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rankstream.job.files.FileSystems;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;

/** A line about a job in a small file beside its checkpoints, on any of Flink's file systems. */
final class JobNote {

    private final Optional<Path> file;

    private JobNote(JobIdentity job, ReadableConfig flink, String kind) {
        this.file =
                flink.getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY)
                        .map(folder -> new Path(folder, job.digest() + "." + kind));
    }

    /** Where its newest savepoint lies that a command of ours has taken. */
    static JobNote savepoint(JobIdentity job, ReadableConfig flink) {
        return new JobNote(job, flink, "savepoint");
    }

    /** Where it runs, while it runs in a process of its own. */
    static JobNote running(JobIdentity job, ReadableConfig flink) {
        return new JobNote(job, flink, "running");
    }

    /**
     * Replaces the line as a whole; without a folder for checkpoints there is nowhere to write it.
     * Object stores show a file once it is whole; on a disk another one is moved into its place.
     */
    void write(String line) throws IOException {
        if (file.isEmpty()) {
            return;
        }
        Path to = file.get();
        FileSystem files = FileSystems.of(to);
        if (files.isDistributedFS()) {
            write(files, to, line);
            return;
        }
        Path part = to.suffix("." + UUID.randomUUID() + ".part");
        try {
            write(files, part, line);
            Files.move(local(part), local(to), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            files.delete(part, false);
        }
    }

    private static void write(FileSystem files, Path to, String line) throws IOException {
        try (FSDataOutputStream out = files.create(to, WriteMode.OVERWRITE)) {
            out.write(line.getBytes(UTF_8));
            out.flush();
            if (!files.isDistributedFS()) {
                out.sync();
            }
        }
    }

    private static java.nio.file.Path local(Path path) {
        return java.nio.file.Path.of(path.getPath());
    }

    /** When the line was written. */
    Instant written() throws IOException {
        Path from = file.orElseThrow();
        return Instant.ofEpochMilli(FileSystems.of(from).getFileStatus(from).getModificationTime());
    }

    /** The line; empty where there is none. */
    Optional<String> read() throws IOException {
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (FSDataInputStream in = FileSystems.of(file.get()).open(file.get())) {
            return Optional.of(new String(in.readAllBytes(), UTF_8).strip());
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    void delete() throws IOException {
        if (file.isPresent()) {
            FileSystems.of(file.get()).delete(file.get(), false);
        }
    }
}
