package io.rankstream.job.train;

import io.rankstream.adapters.peft.Manifest;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.text.Program;
import io.rankstream.job.files.FileSystems;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
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
        byte[] content;
        try {
            content = content(new Path(file));
        } catch (FileNotFoundException e) {
            throw new IOException(file + " does not exist, expected a snapshot of an adapter", e);
        } catch (IOException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
        AdapterState read = AdapterSnapshot.parse(content, file);
        requireAsPublished(new Path(file), content, read.meta(), adapterId);
        return read.withId(adapterId);
    }

    /** A snapshot in the folder of a published version must be the one that was published. */
    private static void requireAsPublished(
            Path file, byte[] content, AdapterMeta found, String adapterId) throws IOException {
        Path manifest = new Path(file.getParent(), Manifest.FILE);
        if (!FileSystems.of(manifest).exists(manifest)) {
            return;
        }
        try (FSDataInputStream in = FileSystems.of(manifest).open(manifest)) {
            Manifest.requireSnapshot(in.readAllBytes(), file.getName(), content, found);
            if (isInFolderOf(adapterId, file) && !found.adapterId().equals(adapterId)) {
                throw new IOException(
                        "it is of adapter '%s', and lies in the folder of '%s'"
                                .formatted(found.adapterId(), adapterId));
            }
        } catch (IOException e) {
            throw new IOException(file + " is not as it was published: " + e.getMessage(), e);
        }
    }

    /** Whether its place is that of a version of the adapter itself. */
    private static boolean isInFolderOf(String adapterId, Path file) {
        Path versions = file.getParent().getParent();
        return versions != null && versions.getName().equals(adapterId);
    }

    private static byte[] content(Path path) throws IOException {
        FileSystem files = FileSystems.of(path);
        if (files.getFileStatus(path).isDir()) {
            throw new IOException(folder(files, path));
        }
        try (FSDataInputStream in = files.open(path)) {
            return in.readAllBytes();
        }
    }

    /** What a folder is, and what to name in its place. */
    private static String folder(FileSystem files, Path path) throws IOException {
        Path snapshot = new Path(path, AdapterSnapshot.FILE);
        if (files.exists(snapshot)) {
            return "it is the folder of a published version: name the snapshot in it, " + snapshot;
        }
        if (files.exists(new Path(path, "adapter_config.json"))) {
            return "it is a directory of PEFT: make a snapshot of it with '%s' and name that"
                    .formatted(
                            Program.command(
                                    "adapter import %s --adapter ID --out FILE".formatted(path)));
        }
        Optional<Path> newest = newestVersion(files, path);
        if (newest.isPresent()) {
            return "it is a folder of published versions: name the snapshot in one of them, such as "
                    + newest.get();
        }
        if (files.exists(new Path(path, "config.json"))) {
            return "it is a base model, expected a snapshot of an adapter: the model is named with model.directory";
        }
        return "it is a folder, expected a file, a snapshot of an adapter";
    }

    private static Optional<Path> newestVersion(FileSystem files, Path path) throws IOException {
        List<Path> snapshots = new ArrayList<>();
        for (FileStatus status : files.listStatus(path)) {
            Path snapshot = new Path(status.getPath(), AdapterSnapshot.FILE);
            if (status.isDir() && files.exists(snapshot)) {
                snapshots.add(snapshot);
            }
        }
        return snapshots.stream().max(Comparator.comparing(Path::toString));
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
