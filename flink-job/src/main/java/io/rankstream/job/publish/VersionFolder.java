package io.rankstream.job.publish;

import io.rankstream.adapters.peft.Manifest;
import io.rankstream.adapters.state.AdapterId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;
import org.apache.flink.util.IOUtils;

/**
 * Folder of one published version, {@code <publish.directory>/<adapter>/v<version>}, on any of
 * Flink's file systems. It becomes visible in two phases, since object stores cannot rename a
 * folder: {@link #write} puts every file but the manifest there, {@link #commit} adds the manifest.
 * A folder without {@value Manifest#FILE} is no version. A folder with one is never changed again.
 *
 * <p>Every failure is an {@link IOException} that names the adapter, the version and the folder.
 */
public final class VersionFolder {

    /** Name of the manifest until its last byte is written. */
    private static final String UNFINISHED_MANIFEST = ".manifest.json.unfinished";

    private static final Pattern FILE_NAME =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*");

    private final Path path;
    private final FileSystem files;

    private VersionFolder(Path path) throws IOException {
        this.files = path.getFileSystem();
        this.path = path.makeQualified(files);
    }

    /**
     * The folder of a version that is to be written.
     *
     * @param directory {@code publish.directory}; a relative one is in the working directory
     * @throws IllegalArgumentException if the id would not be a safe folder name
     */
    public static VersionFolder of(String directory, String adapterId, long version)
            throws IOException {
        if (!AdapterId.isValid(adapterId)) {
            throw new IllegalArgumentException(
                    "'%s' cannot be a folder's name: an adapter id is %s"
                            .formatted(adapterId, AdapterId.RULE));
        }
        return new VersionFolder(
                new Path(new Path(new Path(directory), adapterId), "v%08d".formatted(version)));
    }

    /** The folder that {@link #path()} named. */
    public static VersionFolder at(String path) throws IOException {
        return new VersionFolder(new Path(path));
    }

    /** Absolute path; a plain one on the local file system, a URI on any other. */
    public String path() {
        return files.isDistributedFS() ? path.toString() : path.getPath();
    }

    /**
     * Writes every file but the manifest. What an attempt that was never committed has left is
     * removed first. A version that is complete already is left alone if it is this one: a job
     * restored from an older checkpoint takes it again.
     *
     * @param contents content of each file by its path in the folder, the manifest excluded
     * @param manifest the manifest that {@link #commit} will write
     */
    public void write(SortedMap<String, byte[]> contents, byte[] manifest) throws IOException {
        requireNoLinks();
        if (isCommitted(manifest)) {
            return;
        }
        try {
            clear();
            for (Map.Entry<String, byte[]> file : contents.entrySet()) {
                requireInside(file.getKey());
                write(new Path(path, file.getKey()), file.getValue());
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Writes the manifest, last and as a whole; does nothing where it is there already. */
    public void commit(byte[] manifest) throws IOException {
        requireNoLinks();
        if (isCommitted(manifest)) {
            return;
        }
        try {
            if (!files.exists(path)) {
                throw new IOException("the files that were written there are gone");
            }
            Path unfinished = new Path(path, UNFINISHED_MANIFEST);
            write(unfinished, manifest);
            if (!files.rename(unfinished, new Path(path, Manifest.FILE))) {
                throw new IOException("cannot rename " + unfinished + " to " + Manifest.FILE);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /**
     * Content of a file of a version that is published.
     *
     * @param name its path in the folder
     * @throws IOException if the version is not published, or the file is not what its manifest
     *     says
     */
    public byte[] read(String name) throws IOException {
        byte[] manifest =
                readManifest()
                        .orElseThrow(
                                () ->
                                        new IOException(
                                                "%s is not published: there is no %s"
                                                        .formatted(this, Manifest.FILE)));
        try (FSDataInputStream in = files.open(new Path(path, name))) {
            byte[] content = in.readAllBytes();
            Manifest.requireListed(manifest, name, content);
            return content;
        } catch (IOException e) {
            throw new IOException("%s cannot be read: %s".formatted(this, e.getMessage()), e);
        }
    }

    /**
     * A link would have this version written, or what an earlier attempt has left deleted, outside
     * of the publish directory, which may be a link itself.
     */
    private void requireNoLinks() throws IOException {
        if (files.isDistributedFS()) {
            return;
        }
        java.nio.file.Path folder = java.nio.file.Path.of(path.getPath());
        List<java.nio.file.Path> links = new ArrayList<>();
        for (java.nio.file.Path above : List.of(folder.getParent(), folder)) {
            if (Files.isSymbolicLink(above)) {
                links.add(above);
            }
        }
        if (links.isEmpty() && Files.isDirectory(folder)) {
            try (Stream<java.nio.file.Path> content = Files.walk(folder)) {
                content.filter(Files::isSymbolicLink).forEach(links::add);
            }
        }
        if (!links.isEmpty()) {
            throw new IOException(
                    "Cannot publish %s: %s is a symbolic link, which would lead out of publish.directory. Put a folder in its place."
                            .formatted(this, links.get(0)));
        }
    }

    private boolean isCommitted(byte[] manifest) throws IOException {
        Optional<byte[]> found = readManifest();
        if (found.isPresent() && !Arrays.equals(found.get(), manifest)) {
            throw new VersionTakenException(this);
        }
        return found.isPresent();
    }

    private Optional<byte[]> readManifest() throws IOException {
        Path manifest = new Path(path, Manifest.FILE);
        try {
            if (!files.exists(manifest)) {
                return Optional.empty();
            }
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            IOUtils.copyBytes(files.open(manifest), content);
            return Optional.of(content.toByteArray());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void clear() throws IOException {
        if (files.exists(path) && !files.delete(path, true)) {
            throw new IOException("cannot remove what an earlier attempt has left");
        }
        if (!files.mkdirs(path)) {
            throw new IOException("cannot create the folder");
        }
    }

    private void write(Path file, byte[] content) throws IOException {
        try (FSDataOutputStream out = files.create(file, WriteMode.OVERWRITE)) {
            out.write(content);
            if (!files.isDistributedFS()) {
                out.sync(); // closing a local file does not put it on the disk
            }
        }
    }

    private static void requireInside(String name) {
        if (!FILE_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'"
                            + name
                            + "' is no path of a file in a version's folder: expected names of letters, digits, '.', '_' or '-', separated by '/'");
        }
    }

    private IOException failed(IOException cause) {
        return new IOException(
                "Cannot publish %s: %s. Check the space and the permissions of publish.directory."
                        .formatted(this, cause.getMessage()),
                cause);
    }

    @Override
    public String toString() {
        return "%s of adapter '%s' in %s"
                .formatted(path.getName(), path.getParent().getName(), path());
    }
}
