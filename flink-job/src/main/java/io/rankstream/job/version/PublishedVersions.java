package io.rankstream.job.version;

import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.job.files.FileSystems;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;

/** The complete versions in {@code publish.directory}, whoever published them. */
public final class PublishedVersions {

    private static final Pattern VERSION = Pattern.compile("v(\\d{8,18})");

    private final Path directory;

    /**
     * @param directory {@code publish.directory}
     */
    public PublishedVersions(String directory) {
        this.directory = new Path(directory);
    }

    /** An adapter that has versions, among those that the predicate admits. */
    public Optional<String> anyAdapter(Predicate<String> admitted) throws IOException {
        for (FileStatus child : FileSystems.children(directory)) {
            String adapterId = child.getPath().getName();
            if (child.isDir() && admitted.test(adapterId) && newest(adapterId) > 0) {
                return Optional.of(adapterId);
            }
        }
        return Optional.empty();
    }

    /** Newest version of an adapter; 0 if it has none. */
    public long newest(String adapterId) throws IOException {
        long newest = 0;
        for (FileStatus child : FileSystems.children(new Path(directory, adapterId))) {
            Matcher version = VERSION.matcher(child.getPath().getName());
            if (child.isDir() && version.matches()) {
                long number = Long.parseLong(version.group(1));
                if (number > newest && isComplete(child.getPath())) {
                    newest = number;
                }
            }
        }
        return newest;
    }

    /**
     * When a version was completed, in milliseconds since 1970; empty if it is not there, or the
     * file system does not tell.
     */
    public OptionalLong time(String adapterId, long version) throws IOException {
        if (version < 1) {
            return OptionalLong.empty();
        }
        Path manifest =
                new Path(
                        VersionFolder.of(directory.toString(), adapterId, version).path(),
                        Manifest.FILE);
        try {
            long time = manifest.getFileSystem().getFileStatus(manifest).getModificationTime();
            return time > 0 ? OptionalLong.of(time) : OptionalLong.empty();
        } catch (FileNotFoundException e) {
            return OptionalLong.empty();
        }
    }

    private static boolean isComplete(Path version) throws IOException {
        return FileSystems.of(version).exists(new Path(version, Manifest.FILE));
    }
}
