package io.rankstream.adapters.model;

import io.rankstream.adapters.model.bert.BertConfig;
import io.rankstream.adapters.weights.HostTensor;
import io.rankstream.adapters.weights.ModelLoadException;
import io.rankstream.adapters.weights.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A pretrained BERT encoder on the host. Weights carry Hugging Face's names without the {@code
 * bert.} prefix, e.g. {@code encoder.layer.0.attention.self.query.weight}; linear weights are (out,
 * in). Exactly the encoder's tensors are there, each of the shape that the configuration implies.
 * The pooler's are kept apart, since not every model has them and most adapters do without.
 *
 * @param name what published adapters call their base model
 * @param config sizes
 * @param weights the encoder's tensors by name, in the order of computation; unmodifiable
 * @param pooler weight and bias of {@code pooler.dense}; empty where the model has no pooler;
 *     unmodifiable
 */
public record PretrainedModel(
        String name,
        BertConfig config,
        Map<String, HostTensor> weights,
        Map<String, HostTensor> pooler) {

    public PretrainedModel {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
        pooler = Collections.unmodifiableMap(new LinkedHashMap<>(pooler));
    }

    /** A model without a pooler. */
    public PretrainedModel(String name, BertConfig config, Map<String, HostTensor> weights) {
        this(name, config, weights, Map.of());
    }

    /** Whether the model has a pooler. */
    public boolean hasPooler() {
        return !pooler.isEmpty();
    }

    /** SHA-256 of everything that decides what the encoder computes, in hexadecimal. */
    public String sha256() {
        return sha256(List.of(weights));
    }

    /** SHA-256 of everything that decides what encoder and pooler compute, in hexadecimal. */
    public String sha256WithPooler() {
        return sha256(List.of(weights, pooler));
    }

    private String sha256(List<Map<String, HostTensor>> parts) {
        MessageDigest digest = Sha256.start();
        digest.update(config.toString().getBytes(StandardCharsets.UTF_8));
        parts.forEach(part -> update(digest, part));
        return Sha256.finish(digest);
    }

    private static void update(MessageDigest digest, Map<String, HostTensor> tensors) {
        tensors.forEach(
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
