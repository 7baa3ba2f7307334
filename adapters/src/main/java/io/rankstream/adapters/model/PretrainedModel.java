package io.rankstream.adapters.model;

import io.rankstream.adapters.digest.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A pretrained BERT encoder on the host. Weights carry Hugging Face's names without the {@code
 * bert.} prefix, e.g. {@code encoder.layer.0.attention.self.query.weight}; linear weights are (out,
 * in). Exactly the encoder's tensors are there, each of the shape that the configuration implies.
 *
 * @param name what published adapters call their base model
 * @param config sizes
 * @param weights tensors by name, in the order of computation; unmodifiable
 */
public record PretrainedModel(String name, BertConfig config, Map<String, HostTensor> weights) {

    public PretrainedModel {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }

    /** SHA-256 of everything that decides what the model computes, in hexadecimal. */
    public String sha256() {
        MessageDigest digest = Sha256.start();
        digest.update(config.toString().getBytes(StandardCharsets.UTF_8));
        weights.forEach(
                (name, tensor) -> {
                    digest.update(
                            (name + Arrays.toString(tensor.shape()))
                                    .getBytes(StandardCharsets.UTF_8));
                    ByteBuffer bytes =
                            ByteBuffer.allocate(tensor.values().length * Float.BYTES)
                                    .order(ByteOrder.LITTLE_ENDIAN);
                    bytes.asFloatBuffer().put(tensor.values());
                    digest.update(bytes);
                });
        return Sha256.finish(digest);
    }

    /**
     * Reads a base model. Only data formats are read (ONNX, safetensors, JSON): nothing in a
     * model's files is ever executed.
     *
     * @throws ModelLoadException if a file or tensor is missing, malformed or of the wrong shape,
     *     or the model is not a BERT encoder
     */
    public static PretrainedModel load(ModelSource source) throws ModelLoadException {
        if (source instanceof ModelSource.Directory directory) {
            return ModelDirectory.of(directory).load();
        }
        return EmbeddedModel.load();
    }
}
