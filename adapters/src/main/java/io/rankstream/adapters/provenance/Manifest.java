package io.rankstream.adapters.provenance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.rankstream.adapters.files.Json;
import io.rankstream.adapters.files.JsonFault;
import io.rankstream.adapters.files.StrictJson;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.weights.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * manifest.json of a published adapter: which adapter, version and step, and size and SHA-256 of
 * every file. It is written last, so a directory with a manifest that {@link #verify verifies} is
 * complete.
 */
public final class Manifest {

    /** Name of the manifest in the directory it describes. */
    public static final String FILE = "manifest.json";

    private static final int FORMAT_VERSION = 1;

    /**
     * What a manifest says that its files are.
     *
     * @param adapterId the adapter; empty where the manifest says nothing
     * @param version its version; -1 where the manifest says nothing
     * @param baseModel name of its base model; empty where the manifest says nothing
     * @param paths the files, relative to the manifest
     */
    public record Content(String adapterId, long version, String baseModel, List<String> paths) {

        /** What is otherwise in {@code found}, as a sentence; empty if it is that adapter. */
        public Optional<String> difference(AdapterMeta found) {
            boolean isThis =
                    adapterId.equals(found.adapterId())
                            && version == found.version()
                            && baseModel.equals(found.baseModel().name());
            return isThis
                    ? Optional.empty()
                    : Optional.of(
                            "it is version %d of adapter '%s' on base model %s, and the %s beside it is that of version %d of '%s' on %s"
                                    .formatted(
                                            found.version(),
                                            found.adapterId(),
                                            found.baseModel().name(),
                                            FILE,
                                            version,
                                            adapterId,
                                            baseModel));
        }
    }

    private record Entry(String path, long size, String sha256) {}

    private Manifest() {}

    /**
     * Content of the manifest of {@code files}.
     *
     * @param files content by path relative to the manifest, with {@code /} between folders
     */
    public static byte[] of(AdapterState state, SortedMap<String, byte[]> files) {
        List<Map<String, Object>> entries = new ArrayList<>();
        files.forEach((path, content) -> entries.add(entry(path, content)));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("formatVersion", FORMAT_VERSION);
        json.put("adapter", state.meta().adapterId());
        json.put("version", state.meta().version());
        json.put("step", state.meta().step());
        json.put("baseModel", state.meta().baseModel().name());
        json.put("files", entries);
        return Json.ordered(json);
    }

    /**
     * Compares a directory with its manifest.
     *
     * @return one sentence for each file that is missing, of the wrong size or content, or too
     *     many, and for a manifest that is missing or unreadable; empty if all is well
     * @throws IOException if the directory cannot be read
     */
    public static List<String> verify(Path directory) throws IOException {
        List<String> problems = new ArrayList<>();
        List<Entry> entries = read(directory.resolve(FILE), problems);
        if (!problems.isEmpty()) {
            return problems;
        }
        Set<String> extra = filesOf(directory.toRealPath());
        extra.remove(FILE);
        for (Entry entry : entries) {
            check(directory, entry, extra.remove(entry.path()), problems);
        }
        extra.forEach(path -> problems.add(path + " is there, but not in " + FILE));
        return problems;
    }

    /**
     * Checks one file by a manifest.
     *
     * @param manifest content of the manifest
     * @param path the file's path relative to the manifest
     * @param content the file's content
     * @throws IOException if the manifest is unreadable, or does not list such a file
     */
    public static void requireListed(byte[] manifest, String path, byte[] content)
            throws IOException {
        List<String> problems = new ArrayList<>();
        List<Entry> entries = parse(manifest, problems);
        if (!problems.isEmpty()) {
            throw new IOException(problems.get(0));
        }
        Entry found = new Entry(path, content.length, Sha256.of(content));
        if (!entries.contains(found)) {
            throw new IOException(
                    "%s of %d bytes with SHA-256 %s is not what %s lists"
                            .formatted(path, found.size(), found.sha256(), FILE));
        }
    }

    /**
     * Checks a snapshot that lies beside a manifest.
     *
     * @param manifest content of the manifest
     * @param path the snapshot's path relative to the manifest
     * @param snapshot its content
     * @param meta the adapter in it
     * @throws IOException if the manifest is unreadable, or the snapshot is not the one that was
     *     published; the message says what it is
     */
    public static void requireSnapshot(
            byte[] manifest, String path, byte[] snapshot, AdapterMeta meta) throws IOException {
        requireListed(manifest, path, snapshot);
        Optional<String> difference = content(manifest).difference(meta);
        if (difference.isPresent()) {
            throw new IOException(difference.get());
        }
    }

    /**
     * What a manifest tells of itself.
     *
     * @param manifest content of the manifest
     * @throws IOException if it is unreadable
     */
    public static Content content(byte[] manifest) throws IOException {
        List<String> problems = new ArrayList<>();
        List<Entry> entries = parse(manifest, problems);
        if (!problems.isEmpty()) {
            throw new IOException(problems.get(0));
        }
        JsonNode json = StrictJson.read(manifest);
        return new Content(
                json.path("adapter").asText(),
                json.path("version").asLong(-1),
                json.path("baseModel").asText(),
                entries.stream().map(Entry::path).toList());
    }

    private static Map<String, Object> entry(String path, byte[] content) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("path", path);
        json.put("size", content.length);
        json.put("sha256", Sha256.of(content));
        return json;
    }

    private static List<Entry> read(Path file, List<String> problems) throws IOException {
        if (!Files.isRegularFile(file)) {
            problems.add(FILE + " is missing: the directory was not written to its end");
            return List.of();
        }
        return parse(Files.readAllBytes(file), problems);
    }

    private static List<Entry> parse(byte[] manifest, List<String> problems) throws IOException {
        List<Entry> entries = new ArrayList<>();
        JsonNode json;
        try {
            json = StrictJson.read(manifest);
        } catch (JsonProcessingException e) {
            problems.add(FILE + " is not JSON" + JsonFault.of(e));
            return entries;
        }
        if (json.path("formatVersion").asInt() != FORMAT_VERSION || !json.path("files").isArray()) {
            problems.add(
                    FILE
                            + " has formatVersion "
                            + json.path("formatVersion")
                            + ", expected "
                            + FORMAT_VERSION
                            + " and a list of files");
            return entries;
        }
        for (JsonNode entry : json.get("files")) {
            entries.add(
                    new Entry(
                            entry.path("path").asText(),
                            entry.path("size").asLong(-1),
                            entry.path("sha256").asText()));
        }
        return entries;
    }

    /** Relative paths of the regular files below {@code directory}; links are not followed. */
    private static Set<String> filesOf(Path directory) throws IOException {
        Set<String> paths = new TreeSet<>();
        try (Stream<Path> walk = Files.walk(directory)) {
            walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .map(path -> directory.relativize(path).toString().replace('\\', '/'))
                    .forEach(paths::add);
        }
        return paths;
    }

    /** Only files that the walk found are opened, so no entry leads out of the directory. */
    private static void check(Path directory, Entry entry, boolean present, List<String> problems)
            throws IOException {
        if (!present) {
            problems.add(entry.path() + " is missing");
            return;
        }
        Path file = directory.resolve(entry.path());
        if (!Files.isRegularFile(file)) {
            problems.add(entry.path() + " is no file, or a link that leads to none");
            return;
        }
        long size = Files.size(file);
        if (size != entry.size()) {
            problems.add(entry.path() + " has " + size + " bytes, expected " + entry.size());
            return;
        }
        String found = digest(file);
        if (!found.equals(entry.sha256())) {
            problems.add(entry.path() + " has SHA-256 " + found + ", expected " + entry.sha256());
        }
    }

    private static String digest(Path file) throws IOException {
        MessageDigest digest = Sha256.start();
        try (InputStream stream = new DigestInputStream(Files.newInputStream(file), digest)) {
            stream.transferTo(OutputStream.nullOutputStream());
        }
        return Sha256.finish(digest);
    }
}
