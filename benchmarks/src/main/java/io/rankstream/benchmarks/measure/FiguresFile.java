package io.rankstream.benchmarks.measure;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option of a benchmark to write its figures as JSON. */
public final class FiguresFile {

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures as JSON.")
    private Path file;

    /** Writes {@code figures}, records or collections of them, if the option was given. */
    public void write(Object figures) throws IOException {
        if (file != null) {
            new JsonMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), figures);
        }
    }
}
