package io.rankstream.job.simulation;

import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.job.version.AdapterRelease;
import io.rankstream.job.version.VersionFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A folder of versions, written in the two phases of the pipeline's sink. */
final class PublishedVersions implements AutoCloseable {

    private final Path directory;

    PublishedVersions() throws IOException {
        directory = Files.createTempDirectory("versions");
    }

    String directory() {
        return directory.toString();
    }

    /** Writes a version that nobody sees yet. */
    void write(AdapterRelease release) throws IOException {
        SortedMap<String, byte[]> files = files(release);
        folder(release).write(files, Manifest.of(release.state(), files));
    }

    /** Makes a version that was written visible. */
    void commit(AdapterRelease release) throws IOException {
        folder(release).commit(Manifest.of(release.state(), files(release)));
    }

    /** The version as a roll back would read it. */
    AdapterState read(AdapterRelease release) throws IOException {
        byte[] content = folder(release).read(AdapterSnapshot.FILE);
        return AdapterSnapshot.parse(content, folder(release).toString());
    }

    /** Versions that anyone sees. */
    long visible() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.endsWith(Manifest.FILE)).count();
        }
    }

    @Override
    public void close() throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(directory)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.delete(file);
        }
    }

    /** Of all files of a version, the one that a roll back reads. */
    private static SortedMap<String, byte[]> files(AdapterRelease release) {
        return new TreeMap<>(Map.of(AdapterSnapshot.FILE, AdapterSnapshot.of(release.state())));
    }

    private VersionFolder folder(AdapterRelease release) throws IOException {
        return VersionFolder.of(
                directory(), release.state().meta().adapterId(), release.state().meta().version());
    }
}
