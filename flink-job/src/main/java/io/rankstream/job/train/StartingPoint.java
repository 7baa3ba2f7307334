package io.rankstream.job.train;

import io.rankstream.adapters.peft.Manifest;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.training.AdapterMismatchException;
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
        AdapterState read = AdapterSnapshot.parse(content, file);
        requireAsPublished(path, content, read.meta());
        return read.withId(adapterId);
    }

    /** A snapshot in the folder of a published version must be the one that was published. */
    private static void requireAsPublished(Path file, byte[] content, AdapterMeta found)
            throws IOException {
        Path manifest = new Path(file.getParent(), Manifest.FILE);
        if (!manifest.getFileSystem().exists(manifest)) {
            return;
        }
        try (FSDataInputStream in = manifest.getFileSystem().open(manifest)) {
            byte[] listing = in.readAllBytes();
            Manifest.requireListed(listing, file.getName(), content);
            Manifest.Content published = Manifest.content(listing);
            if (!published.adapterId().equals(found.adapterId())
                    || published.version() != found.version()) {
                throw new IOException(
                        "it is version %d of adapter '%s', and the %s beside it is that of version %d of '%s'"
                                .formatted(
                                        found.version(),
                                        found.adapterId(),
                                        Manifest.FILE,
                                        published.version(),
                                        published.adapterId()));
            }
        } catch (IOException e) {
            throw new IOException(file + " is not as it was published: " + e.getMessage(), e);
        }
    }

    /** Why no adapter of the configuration can start from {@code file}. */
    public static String refusal(String file, AdapterMismatchException mismatch) {
        return "a new adapter cannot start from %s: it has %s; give start-from a snapshot that fits, or remove it"
                .formatted(file, mismatch.difference());
    }
}
