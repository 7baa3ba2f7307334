package io.rankstream.ops.console;

import io.rankstream.ops.http.StaticFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The files of the page. */
final class Assets {

    private static final String UPLOT = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";
    private static final String UPLOT_FILES = "/META-INF/resources/webjars/uplot/%s/dist/%s";

    private Assets() {}

    static StaticFiles all() {
        StaticFiles files = new StaticFiles();
        for (String name :
                new String[] {
                    "index.html",
                    "console.css",
                    "console.js",
                    "charts.js",
                    "loop.js",
                    "table.js",
                    "text.js",
                    "icon.svg"
                }) {
            files.add("/" + name, Assets.class, name);
        }
        String version = uplotVersion();
        return files.add("/", Assets.class, "index.html")
                .add("/uplot.js", Assets.class, UPLOT_FILES.formatted(version, "uPlot.esm.js"))
                .add("/uplot.css", Assets.class, UPLOT_FILES.formatted(version, "uPlot.min.css"));
    }

    private static String uplotVersion() {
        Properties properties = new Properties();
        try (InputStream in = Assets.class.getResourceAsStream(UPLOT)) {
            if (in == null) {
                throw new IllegalStateException("the class path has no " + UPLOT);
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
