package io.rankstream.job.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;

/**
 * Where the newest savepoint of a job lies that was not taken in a folder of the configuration: a
 * small file beside the checkpoints.
 */
final class SavepointNote {

    private final Optional<Path> file;

    SavepointNote(JobIdentity job, ReadableConfig flink) {
        this.file =
                flink.getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY)
                        .map(folder -> new Path(folder, job.digest() + ".savepoint"));
    }

    void write(Path savepoint) throws IOException {
        Path to = file.orElseThrow();
        FileSystem files = to.getFileSystem();
        try (FSDataOutputStream out = files.create(to, WriteMode.OVERWRITE)) {
            out.write(savepoint.toString().getBytes(UTF_8));
        }
    }

    Optional<Path> read() throws RecoveryException {
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (FSDataInputStream in = file.get().getFileSystem().open(file.get())) {
            return Optional.of(new Path(new String(in.readAllBytes(), UTF_8).strip()));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new RecoveryException(
                    "%s cannot be read: %s; remove it, and name a savepoint with --from"
                            .formatted(file.get(), e.getMessage()),
                    e);
        }
    }
}
