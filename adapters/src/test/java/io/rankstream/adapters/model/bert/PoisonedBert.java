package io.rankstream.adapters.model.bert;

import io.rankstream.adapters.model.HostTensor;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tiny BERT that gives no finite number for any text with one certain token. */
public final class PoisonedBert {

    /** The token: {@link #WORD}, and the start of every unknown word with this letter. */
    public static final int POISON = 40;

    /** The word that becomes the token. */
    public static final String WORD = "s";

    private static final String EMBEDDINGS = "embeddings.word_embeddings.weight";

    private PoisonedBert() {}

    /** Writes the model's files; returns where they are. */
    public static ModelSource writeTo(Path directory) throws IOException {
        return writeTo(directory, TinyBert.small());
    }

    /** As {@link #writeTo(Path)}, of another size. */
    public static ModelSource writeTo(Path directory, TinyBert size) throws IOException {
        ModelSource model = size.writeTo(directory);
        SafetensorsWriter writer = new SafetensorsWriter();
        HostTensor.of(model)
                .forEach(
                        (name, tensor) -> writer.put(name, tensor.shape(), poisoned(name, tensor)));
        Files.write(directory.resolve("model.safetensors"), writer.toBytes());
        return model;
    }

    private static float[] poisoned(String name, HostTensor tensor) {
        float[] values = tensor.values().clone();
        if (name.equals(EMBEDDINGS)) {
            int hidden = tensor.shape()[1];
            // Finite, as a model's weights have to be; LayerNorm's mean and variance are not.
            for (int i = 0; i < hidden; i++) {
                values[POISON * hidden + i] = i % 4 < 2 ? Float.MAX_VALUE : -Float.MAX_VALUE;
            }
        }
        return values;
    }
}
