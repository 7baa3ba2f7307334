package io.rankstream.job.simulation;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.PoisonedBert;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.training.Learner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The smallest base model there is, kept loaded for as long as it is open. */
final class SimulatedModel implements AutoCloseable {

    /** Triplets of an adapter: six linear layers of rank two. */
    static final int TRIPLETS = 12;

    private final Path directory;
    private final ModelSource source;
    private final Learner learner;

    SimulatedModel() throws Exception {
        directory = Files.createTempDirectory("model");
        source = PoisonedBert.writeTo(directory, new TinyBert(1, 8, 1, 7));
        learner = Learner.open(source, 1);
    }

    ModelSource source() {
        return source;
    }

    @Override
    public void close() throws IOException {
        learner.close();
        for (String file : List.of("config.json", "tokenizer.json", "model.safetensors")) {
            Files.delete(directory.resolve(file));
        }
        Files.delete(directory);
    }
}
