package io.rankstream.ops.demo;

import io.rankstream.ops.files.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Temporary folder of one run; it is removed when closed. */
final class WorkFolder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkFolder.class);

    private final Path path;

    private WorkFolder(Path path) {
        this.path = path;
    }

    static WorkFolder create() throws IOException {
        return new WorkFolder(Files.createTempDirectory("rankstream-demo-"));
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            Trees.delete(path);
        } catch (IOException e) {
            LOG.warn("Temporary folder {} could not be removed.", path, e);
        }
    }
}
