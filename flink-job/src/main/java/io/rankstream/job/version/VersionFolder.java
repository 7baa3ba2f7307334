package io.rankstream.job.version;

import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.adapters.state.AdapterId;
import io.rankstream.adapters.weights.Sha256;
import io.rankstream.job.files.FileSystems;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
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

    /** No adapter has such an id. */
    private static final String WAITING = ".waiting";

    private static final Pattern FILE_NAME =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*");

    private final Path path;
    private final FileSystem files;

    private VersionFolder(Path path) throws IOException {
        this.files = FileSystems.of(path);
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
        return new VersionFolder(new Path(new Path(new Path(directory), adapterId), name(version)));
    }

    private static String name(long version) {
        return "v%08d".formatted(version);
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
        requireFolders();
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
        requireFolders();
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
     * Content of a file of a version that is published, after all its files were compared with the
     * manifest, and the manifest with adapter and version.
     *
     * @param name its path in the folder
     * @throws IOException if the version is not published, is another one's, or a file is not what
     *     the manifest says
     */
    public byte[] read(String name) throws IOException {
        byte[] manifest = publishedManifest();
        try {
            Manifest.Content content = Manifest.content(manifest);
            requireThis(content);
            byte[] wanted = null;
            for (String listed : content.paths()) {
                byte[] found = content(listed);
                Manifest.requireListed(manifest, listed, found);
                wanted = listed.equals(name) ? found : wanted;
            }
            if (wanted == null) {
                throw new IOException("it was published without " + name);
            }
            return wanted;
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(e);
        }
    }

    /**
     * Content of one file of a version that is published, compared with the manifest, and the
     * manifest with adapter, version and what was announced. No other file is looked at.
     *
     * @param name its path in the folder
     * @param manifestSha256 digest of the manifest that was announced; empty where none is known
     * @throws IOException if the version is not published, is another one's, or the file is not
     *     what the manifest says
     */
    public byte[] readAlone(String name, Optional<String> manifestSha256) throws IOException {
        byte[] manifest = publishedManifest();
        try {
            requireThis(Manifest.content(manifest));
            String found = Sha256.of(manifest);
            if (manifestSha256.isPresent() && !manifestSha256.get().equals(found)) {
                throw new IOException(
                        "its %s has SHA-256 %s, and %s was announced"
                                .formatted(Manifest.FILE, found, manifestSha256.get()));
            }
            byte[] content = content(name);
            Manifest.requireListed(manifest, name, content);
            return content;
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(e);
        }
    }

    private byte[] publishedManifest() throws IOException {
        return readManifest()
                .orElseThrow(
                        () ->
                                new IOException(
                                        "%s is not published: there is no %s"
                                                .formatted(this, Manifest.FILE)));
    }

    private void requireThis(Manifest.Content content) throws IOException {
        if (!isThis(content)) {
            throw new IOException(
                    "its %s is that of version %d of adapter '%s'"
                            .formatted(Manifest.FILE, content.version(), content.adapterId()));
        }
    }

    private IOException unreadable(Exception cause) {
        return new IOException("%s cannot be read: %s".formatted(this, reason(cause)), cause);
    }

    /** A file that is not there is told by its name alone. */
    private static String reason(Exception cause) {
        return cause instanceof FileNotFoundException
                ? cause.getMessage() + " is not there"
                : cause.getMessage();
    }

    private boolean isThis(Manifest.Content content) {
        return isOf(content.adapterId(), content.version());
    }

    /** Whether its names are those of this adapter and this version. */
    public boolean isOf(String adapterId, long version) {
        return adapterId.equals(path.getParent().getName()) && path.getName().equals(name(version));
    }

    private byte[] content(String name) throws IOException {
        requireInside(name);
        try (FSDataInputStream in = files.open(new Path(path, name))) {
            return in.readAllBytes();
        }
    }

    /**
     * The place for this version while its own cannot be used: {@code
     * <publish.directory>/.waiting/<adapter>/v<version>}.
     */
    public VersionFolder waiting() throws IOException {
        Path adapter = path.getParent();
        Path waiting = new Path(new Path(adapter.getParent(), WAITING), adapter.getName());
        return new VersionFolder(new Path(waiting, path.getName()));
    }

    /** The folder of another version of the same adapter, published by the same run. */
    public VersionFolder sibling(long version) throws IOException {
        return new VersionFolder(new Path(path.getParent(), name(version)));
    }

    /**
     * Puts one more file into the folder, whole: what its manifest does not list.
     *
     * @param name its name
     */
    public void note(String name, byte[] content) throws IOException {
        requireFolders();
        try {
            files.mkdirs(path);
            Path unfinished = new Path(path, name + ".unfinished");
            write(unfinished, content);
            Path note = new Path(path, name);
            if (files.exists(note) && files.getFileStatus(note).isDir()) {
                files.delete(note, true);
            }
            if (!files.rename(unfinished, note)) {
                throw new IOException("cannot rename " + unfinished + " to " + name);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Content of a file that {@link #note} put there; empty if it did not. */
    public Optional<byte[]> noted(String name) throws IOException {
        Path note = new Path(path, name);
        if (!files.isDistributedFS()) {
            java.nio.file.Path folder = java.nio.file.Path.of(path.getPath());
            if (Files.isDirectory(folder) && !Files.isExecutable(folder)) {
                throw new IOException("there are no rights to enter the folder");
            }
        }
        if (!files.exists(note)) {
            return Optional.empty();
        }
        try {
            return Optional.of(content(name));
        } catch (FileNotFoundException e) { // also where there are no rights
            if (files.exists(note)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** Every file of the folder by its path in it; none if there is no such folder. */
    public SortedMap<String, byte[]> contents() throws IOException {
        SortedMap<String, byte[]> contents = new TreeMap<>();
        if (files.exists(path)) {
            collect(path, "", contents);
        }
        return contents;
    }

    private void collect(Path folder, String prefix, SortedMap<String, byte[]> contents)
            throws IOException {
        for (FileStatus entry : list(folder)) {
            String name = prefix + entry.getPath().getName();
            if (entry.isDir()) {
                collect(entry.getPath(), name + "/", contents);
            } else {
                try (FSDataInputStream in = files.open(entry.getPath())) {
                    contents.put(name, in.readAllBytes());
                }
            }
        }
    }

    /** Removes the folder with all that is in it, and those above it that it leaves empty. */
    public void remove() throws IOException {
        if (!files.exists(path)) {
            return;
        }
        requireFolders();
        files.delete(path, true);
        for (Path above = path.getParent();
                files.exists(above) && list(above).length == 0;
                above = above.getParent()) {
            files.delete(above, false);
        }
    }

    /**
     * Whether {@code publish.directory} is there with something in it: if not, it is another one
     * than it was, such as the place of a volume that is not mounted.
     */
    public boolean isAmongOthers() throws IOException {
        Path directory = path.getParent().getParent();
        if (!files.exists(directory)) {
            return false;
        }
        if (files.isDistributedFS()) {
            return Stream.of(files.listStatus(directory))
                    .anyMatch(entry -> !entry.getPath().getName().equals(WAITING));
        }
        // Flink's own listing fails on a link that leads nowhere.
        try (Stream<java.nio.file.Path> entries =
                Files.list(java.nio.file.Path.of(directory.getPath()))) {
            return entries.anyMatch(entry -> !entry.endsWith(WAITING));
        }
    }

    /**
     * Versions that wait for their own place in {@code directory}, as {@link #waiting} names it.
     *
     * @param directory {@code publish.directory}
     * @param ofAdapter which adapters' are wanted
     * @param unreadable takes the folder of an adapter that cannot be listed, and why
     * @throws IOException if that cannot be told of any adapter
     */
    public static List<VersionFolder> waitingIn(
            String directory,
            Predicate<String> ofAdapter,
            BiConsumer<String, IOException> unreadable)
            throws IOException {
        Path waiting = new Path(new Path(directory), WAITING);
        FileSystem files = FileSystems.of(waiting);
        List<VersionFolder> found = new ArrayList<>();
        if (files.exists(waiting)) {
            for (Path adapter : children(files, waiting)) {
                if (ofAdapter.test(adapter.getName()) && isFolder(files, adapter)) {
                    try {
                        for (Path version : children(files, adapter)) {
                            found.add(new VersionFolder(version));
                        }
                    } catch (IOException e) {
                        if (files.exists(adapter)) { // not removed meanwhile
                            unreadable.accept(adapter.getPath(), e);
                        }
                    }
                }
            }
        }
        found.sort(Comparator.comparing(VersionFolder::path));
        return found;
    }

    private FileStatus[] list(Path folder) throws IOException {
        FileStatus[] entries = files.listStatus(folder);
        if (entries == null) {
            throw unlisted(folder);
        }
        return entries;
    }

    /** What is in a folder, links that lead nowhere included. */
    private static List<Path> children(FileSystem files, Path folder) throws IOException {
        if (files.isDistributedFS()) {
            return Stream.of(files.listStatus(folder)).map(FileStatus::getPath).toList();
        }
        String[] names = new File(folder.getPath()).list();
        if (names == null) {
            throw unlisted(folder);
        }
        return Stream.of(names).map(name -> new Path(folder, name)).toList();
    }

    private static IOException unlisted(Path folder) {
        return new IOException(folder.getPath() + " cannot be listed: check its permissions");
    }

    private static boolean isFolder(FileSystem files, Path path) throws IOException {
        return files.exists(path) && files.getFileStatus(path).isDir();
    }

    /**
     * Makes sure that what is there are folders, with the manifest as a file. A link would have
     * this version written, or what an earlier attempt has left deleted, outside of the publish
     * directory, which may be a link itself.
     */
    private void requireFolders() throws IOException {
        if (files.isDistributedFS()) {
            return;
        }
        java.nio.file.Path folder = java.nio.file.Path.of(path.getPath());
        for (java.nio.file.Path each : List.of(folder.getParent(), folder)) {
            if (Files.isSymbolicLink(each)) {
                throw linked(each);
            }
            if (Files.exists(each) && !Files.isDirectory(each)) {
                throw misplaced(each + " is a file, and a folder is expected there");
            }
        }
        if (Files.isDirectory(folder.resolve(Manifest.FILE))) {
            throw misplaced(
                    folder.resolve(Manifest.FILE) + " is a folder, and a file is expected there");
        }
        if (Files.isDirectory(folder)) {
            try (Stream<java.nio.file.Path> content = Files.walk(folder)) {
                Optional<java.nio.file.Path> link =
                        content.filter(Files::isSymbolicLink).findFirst();
                if (link.isPresent()) {
                    throw linked(link.get());
                }
            }
        }
    }

    private IOException linked(java.nio.file.Path link) {
        return misplaced(link + " is a symbolic link, which would lead out of publish.directory");
    }

    private IOException misplaced(String what) {
        return new IOException("Cannot publish %s: %s. Move it away.".formatted(this, what));
    }

    private boolean isCommitted(byte[] manifest) throws IOException {
        Optional<byte[]> found = readManifest();
        if (found.isPresent() && !Arrays.equals(found.get(), manifest)) {
            throw isOfAnother(found.get(), manifest)
                    ? misplaced("the %s there is not that of this version".formatted(Manifest.FILE))
                    : new VersionTakenException(this);
        }
        return found.isPresent();
    }

    /** Whether what is there is no other course of this version, but was put there by mistake. */
    private static boolean isOfAnother(byte[] found, byte[] expected) {
        Optional<Manifest.Content> ours = identity(expected);
        return ours.isPresent()
                && !identity(found).map(there -> isSame(there, ours.get())).orElse(false);
    }

    private static boolean isSame(Manifest.Content one, Manifest.Content other) {
        return one.adapterId().equals(other.adapterId()) && one.version() == other.version();
    }

    private static Optional<Manifest.Content> identity(byte[] manifest) {
        try {
            return Optional.of(Manifest.content(manifest));
        } catch (IOException e) {
            return Optional.empty();
        }
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
