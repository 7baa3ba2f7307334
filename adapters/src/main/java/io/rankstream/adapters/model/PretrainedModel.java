package io.rankstream.adapters.model;

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
