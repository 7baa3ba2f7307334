package io.rankstream.ops.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/** The files of the page, from the class path: nothing else can be asked for. */
final class Assets {

    private static final String UPLOT = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";
    private static final String UPLOT_FILES = "/META-INF/resources/webjars/uplot/%s/dist/%s";

    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html; charset=utf-8",
                    "css", "text/css; charset=utf-8",
                    "js", "text/javascript; charset=utf-8",
                    "svg", "image/svg+xml");

    /**
     * A file of the page.
     *
     * @param content its bytes, never modified
     */
    record Asset(String type, byte[] content) {}

    private final Map<String, Asset> byPath = new TreeMap<>();

    Assets() {
        for (String name :
                new String[] {
                    "index.html",
                    "console.css",
                    "console.js",
                    "charts.js",
                    "table.js",
                    "text.js",
                    "icon.svg"
                }) {
            add("/" + name, name);
        }
        byPath.put("/", byPath.get("/index.html"));
        String version = uplotVersion();
        add("/uplot.js", UPLOT_FILES.formatted(version, "uPlot.esm.js"));
        add("/uplot.css", UPLOT_FILES.formatted(version, "uPlot.min.css"));
    }

    /** The file of a path; empty if there is none. */
    Optional<Asset> at(String path) {
        return Optional.ofNullable(byPath.get(path));
    }

    private void add(String path, String resource) {
        String ending = path.substring(path.lastIndexOf('.') + 1);
        byPath.put(path, new Asset(TYPES.get(ending), read(resource)));
    }

    private static String uplotVersion() {
        Properties properties = new Properties();
        try (InputStream in = open(UPLOT)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    private static byte[] read(String resource) {
        try (InputStream in = open(resource)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String resource) {
        InputStream in = Assets.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException("the class path has no " + resource);
        }
        return in;
    }
}
