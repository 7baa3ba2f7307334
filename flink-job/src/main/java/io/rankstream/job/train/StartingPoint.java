package io.rankstream.job.train;

import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterState;
import java.io.IOException;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;

/** Snapshot on any of Flink's file systems that a new adapter starts from. */
public final class StartingPoint {
    private StartingPoint() {}

    /**
     * The adapter in a snapshot, under another id.
     *
     * @param file path, or URI of a Flink file system
     * @throws IOException if the file cannot be read or is no snapshot; the message names it
     */
    public static AdapterState read(String file, String adapterId) throws IOException {
        Path path = new Path(file);
        byte[] content;
        try (FSDataInputStream in = path.getFileSystem().open(path)) {
            content = in.readAllBytes();
        } catch (IOException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
        return AdapterSnapshot.parse(content, file).withId(adapterId);
    }

    /**
     * Why no adapter of the configuration can start from {@code file}.
     *
     * @param difference what it has otherwise, as the end of "it has"
     */
    public static String refusal(String file, String difference) {
        return "a new adapter cannot start from %s: it has %s; give start-from a snapshot that fits, or remove it"
                .formatted(file, difference);
    }
}
