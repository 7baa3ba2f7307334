package io.rankstream.ops.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Files of a page, from the class path: nothing else can be asked for. They are read when they are
 * added. Thread-safe once all are.
 */
public final class StaticFiles {

    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html; charset=utf-8",
                    "css", "text/css; charset=utf-8",
                    "js", "text/javascript; charset=utf-8",
                    "svg", "image/svg+xml");

    /**
     * @param content never modified
     */
    private record StaticFile(String type, byte[] content) {}

    private final Map<String, StaticFile> byPath = new TreeMap<>();

    /**
     * Adds a file.
     *
     * @param path what a request asks for
     * @param beside class that the file lies beside
     * @param resource name of the file, or its whole path behind a slash
     * @return this
     */
    public StaticFiles add(String path, Class<?> beside, String resource) {
        String ending = resource.substring(resource.lastIndexOf('.') + 1);
        byPath.put(path, new StaticFile(TYPES.get(ending), read(beside, resource)));
        return this;
    }

    /** Answers a request with the file that it asks for, or says that there is none. */
    public void answer(Exchange exchange) {
        Optional<StaticFile> file = Optional.ofNullable(byPath.get(exchange.path()));
        if (file.isEmpty()) {
            exchange.refuse(404, "There is no such file.");
        } else {
            exchange.send(200, file.get().type(), file.get().content());
        }
    }

    private static byte[] read(Class<?> beside, String resource) {
        try (InputStream in = beside.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the class path has no " + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
