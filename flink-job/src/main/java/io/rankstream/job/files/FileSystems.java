package io.rankstream.job.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;

/** The file systems of Flink in this process. */
public final class FileSystems {

    private static final String LOCAL = "file";

    private FileSystems() {}

    /**
     * The file system that a path is in.
     *
     * @throws IOException if there is none of its scheme, in one sentence that names those there
     *     are; or if it cannot be used
     */
    public static FileSystem of(Path path) throws IOException {
        try {
            return path.getFileSystem();
        } catch (UnsupportedFileSystemSchemeException e) {
            throw new IOException(
                    "there is no file system for '%s:' here, expected a path, or a URI with one of %s; others, such as s3:, come with a plugin of Flink"
                            .formatted(path.toUri().getScheme(), schemes()),
                    e);
        }
    }

    /**
     * What is in a folder; nothing, where there is no folder.
     *
     * @throws IOException as of {@link #of}
     */
    public static List<FileStatus> children(Path folder) throws IOException {
        try {
            FileStatus[] children = of(folder).listStatus(folder);
            return children == null ? List.of() : List.of(children);
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }

    /** What every process of Flink has, and what is on the class path. */
    private static String schemes() {
        TreeSet<String> schemes = new TreeSet<>();
        schemes.add(LOCAL);
        ServiceLoader.load(FileSystemFactory.class)
                .forEach(factory -> schemes.add(factory.getScheme()));
        return schemes.stream().map(scheme -> scheme + ":").collect(Collectors.joining(", "));
    }
}
