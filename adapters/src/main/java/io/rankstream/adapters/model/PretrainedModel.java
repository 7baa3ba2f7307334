package io.rankstream.adapters.model;

import io.rankstream.adapters.weights.ModelLoadException;
import java.util.Optional;

/**
 * What is known of a pretrained encoder whose files were read and are whole: every tensor is there,
 * of the shape that the configuration implies.
 *
 * @param name what published adapters call their base model
 * @param architecture its build
 * @param sha256 digest of everything that decides what the encoder computes, in hexadecimal: the
 *     text of {@link Architecture#canonical}, then of each tensor name, shape and values
 * @param sha256WithPooler the same of encoder and pooler; empty where the model has no pooler
 */
public record PretrainedModel(
        String name, Architecture architecture, String sha256, Optional<String> sha256WithPooler) {

    /** Whether the model has a pooler. */
    public boolean hasPooler() {
        return sha256WithPooler.isPresent();
    }

    /**
     * The build of a base model, without its weights.
     *
     * @throws ModelLoadException if its files do not tell it, or no family reads the model
     */
    public static Architecture architecture(ModelSource source) throws ModelLoadException {
        return source instanceof ModelSource.Directory directory
                ? ModelDirectory.of(directory).architecture()
                : ModelJar.of(source).architecture();
    }

    /**
     * Reads a base model and keeps none of its tensors.
     *
     * @throws ModelLoadException as {@link #load(ModelSource, TensorSink)} does
     */
    public static PretrainedModel load(ModelSource source) throws ModelLoadException {
        return load(source, (name, shape) -> (values, count) -> {});
    }

    /**
     * Reads a base model, one tensor after the other, in little memory of its own. Only data
     * formats are read (ONNX, safetensors, JSON): nothing in a model's files is ever executed.
     *
     * @param tensors takes each tensor while it is read, the pooler's last. Names are Hugging
     *     Face's without the family's prefix, e.g. {@code
     *     encoder.layer.0.attention.self.query.weight}; linear weights are (out, in)
     * @throws ModelLoadException if a file or tensor is missing, malformed, of the wrong shape or
     *     not finite, or no family reads the model
     */
    public static PretrainedModel load(ModelSource source, TensorSink tensors)
            throws ModelLoadException {
        return source instanceof ModelSource.Directory directory
                ? ModelDirectory.of(directory).load(tensors)
                : ModelJar.of(source).load(tensors);
    }
}
