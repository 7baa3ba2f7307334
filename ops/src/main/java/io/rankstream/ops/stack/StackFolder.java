package io.rankstream.ops.stack;

import io.rankstream.ops.files.FolderLock;
import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** Folder with the data and logs of a local stack, which one stack at a time may serve. */
public final class StackFolder implements Closeable {

    private static final String MARK = ".rankstream-stack";
    private static final String BROKER = "broker";
    private static final String REGISTRY = "registry";

    private final Path root;
    private final FolderLock lock;

    private StackFolder(Path root, FolderLock lock) {
        this.root = root;
        this.lock = lock;
    }

    /**
     * Takes the folder of an earlier stack, or makes one.
     *
     * @throws StackException if it holds something else, another stack serves it, or it cannot be
     *     written
     */
    public static StackFolder claim(Path path) throws StackException {
        Path root = path.toAbsolutePath().normalize();
        try {
            if (Files.exists(root) && !isOurs(root)) {
                throw new StackException(
                        root
                                + " is not empty and not the folder of a local stack: choose another"
                                + " with --folder");
            }
            Files.createDirectories(root);
            return new StackFolder(root, lock(root));
        } catch (StackException e) {
            throw e;
        } catch (IOException e) {
            throw new StackException(
                    root + " cannot be written (" + e + "): choose another folder with --folder",
                    e);
        }
    }

    private static FolderLock lock(Path root) throws IOException {
        return FolderLock.tryClaim(root.resolve(MARK))
                .orElseThrow(
                        () ->
                                new StackException(
                                        "another stack serves "
                                                + root
                                                + ": use it, end it, or choose another folder with --folder"));
    }

    private static boolean isOurs(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return false;
        }
        try (Stream<Path> content = Files.list(root)) {
            return content.findAny().isEmpty() || Files.isRegularFile(root.resolve(MARK));
        }
    }

    /** The folder itself, absolute. */
    public Path root() {
        return root;
    }

    /** Topics and schemas. */
    public Path data() {
        return root.resolve("data");
    }

    /** Logs of both processes. */
    public Path logs() {
        return root.resolve("logs");
    }

    /**
     * Where the last stack of this folder served; empty if none did.
     *
     * @throws StackException if the note cannot be read
     */
    public Optional<StackPorts> lastPorts() throws StackException {
        Properties ports = new Properties();
        try (Reader note = Files.newBufferedReader(note())) {
            ports.load(note);
            return Optional.of(new StackPorts(port(ports, BROKER), port(ports, REGISTRY)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new StackException(
                    "%s cannot be read (%s): delete it".formatted(note(), e.getMessage()), e);
        }
    }

    private static int port(Properties ports, String name) {
        int port = Integer.parseInt(ports.getProperty(name, ""));
        if (port < 1 || port > StackPorts.LARGEST) {
            throw new IllegalArgumentException(name + " is " + port);
        }
        return port;
    }

    /** Notes where a stack serves, for the next one. */
    public void notePorts(StackPorts serving) throws StackException {
        Properties ports = new Properties();
        ports.setProperty(BROKER, Integer.toString(serving.broker()));
        ports.setProperty(REGISTRY, Integer.toString(serving.registry()));
        try (Writer note = Files.newBufferedWriter(note())) {
            ports.store(note, null);
        } catch (IOException e) {
            throw new StackException(note() + " cannot be written: " + e, e);
        }
    }

    private Path note() {
        return root.resolve("ports.properties");
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
