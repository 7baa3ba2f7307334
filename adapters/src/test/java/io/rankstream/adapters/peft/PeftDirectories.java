package io.rankstream.adapters.peft;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.weights.safetensors.SafetensorsFile;
import io.rankstream.adapters.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Directories that PEFT wrote, and changed copies of them. */
final class PeftDirectories {

    /** AdaLoRA before its first mask. */
    static final String UNMASKED = "adalora-unmasked";

    /** AdaLoRA after masks, with modules of rank 0. */
    static final String MASKED = "adalora-masked";

    /** Plain LoRA of rank 4. */
    static final String LORA = "lora";

    /** AdaLoRA whose head reads BERT's pooler. */
    static final String POOLER = "adalora-pooler";

    /** AdaLoRA with layers_to_transform. */
    static final String ONE_LAYER = "adalora-one-layer";

    /** Plain LoRA whose target_modules are a regular expression. */
    static final String REGEX = "lora-regex";

    /** AdaLoRA on a RoBERTa with its own head, of two layers. */
    static final String ROBERTA = "adalora-roberta";

    /** AdaLoRA after masks, on an XLM-R. */
    static final String XLM_ROBERTA = "adalora-xlm-roberta";

    /** AdaLoRA after masks on a DistilBERT with its own head, of two layers. */
    static final String DISTILBERT = "adalora-distilbert";

    /** AdaLoRA after masks on an MPNet with its own head. */
    static final String MPNET = "adalora-mpnet";

    /** AdaLoRA on a DeBERTa with its own head, whose first layer lies beside the encoder. */
    static final String DEBERTA = "adalora-deberta";

    /** AdaLoRA on a ModernBERT with its own head, which has a LayerNorm. */
    static final String MODERNBERT = "adalora-modernbert";

    /** AdaLoRA of a regression, after masks. */
    static final String REGRESSION = "adalora-regression";

    /** AdaLoRA of a question answering, before its first mask. */
    static final String QUESTIONS = "adalora-question-answering";

    /** AdaLoRA of a question answering by a ModernBERT's own head. */
    static final String MODERNBERT_ANSWERS = "adalora-modernbert-answers";

    /** AdaLoRA of a token classification by a ModernBERT's own head. */
    static final String MODERNBERT_TAGS = "adalora-modernbert-tags";

    /** AdaLoRA of a multi-label classification with four labels, after masks. */
    static final String MULTI_LABEL = "adalora-multi-label";

    /** AdaLoRA of a token classification, before its first mask. */
    static final String TAGS = "adalora-token-classification";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A tensor on its way into a copy.
     *
     * @param shape length of each dimension
     * @param values row-major
     */
    record Tensor(int[] shape, float[] values) {}

    private PeftDirectories() {}

    static Path of(String name) {
        try {
            return Path.of(PeftDirectories.class.getResource("/peft/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the class path is made of files", e);
        }
    }

    /** The base model that a directory was made for. */
    static ModelSource.Directory baseOf(String name) {
        return switch (name) {
            case POOLER -> directory("/peft/tiny-bert-pooler");
            case ROBERTA -> directory("/models/tiny-roberta");
            case XLM_ROBERTA -> directory("/models/tiny-xlm-roberta");
            case DISTILBERT -> directory("/models/tiny-distilbert");
            case MPNET -> directory("/models/tiny-mpnet");
            case DEBERTA -> directory("/models/tiny-deberta-v3");
            case MODERNBERT, MODERNBERT_ANSWERS, MODERNBERT_TAGS ->
                    directory("/models/tiny-modernbert");
            default -> directory("/peft/tiny-bert");
        };
    }

    private static ModelSource.Directory directory(String resource) {
        try {
            return new ModelSource.Directory(
                    Path.of(PeftDirectories.class.getResource(resource).toURI()).toString());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the class path is made of files", e);
        }
    }

    /** A copy with other settings. */
    static Path withSettings(String name, Path copy, Consumer<ObjectNode> change)
            throws IOException {
        return write(name, copy, change, tensors -> {});
    }

    /** A copy with other tensors. */
    static Path withTensors(String name, Path copy, Consumer<Map<String, Tensor>> change)
            throws IOException {
        return write(name, copy, settings -> {}, change);
    }

    static Path write(
            String name,
            Path copy,
            Consumer<ObjectNode> changeSettings,
            Consumer<Map<String, Tensor>> changeTensors)
            throws IOException {
        ObjectNode settings =
                (ObjectNode) JSON.readTree(of(name).resolve("adapter_config.json").toFile());
        changeSettings.accept(settings);
        Map<String, Tensor> tensors = tensors(of(name).resolve("adapter_model.safetensors"));
        changeTensors.accept(tensors);
        SafetensorsWriter writer = new SafetensorsWriter();
        tensors.forEach((key, tensor) -> writer.put(key, tensor.shape(), tensor.values()));
        Files.createDirectories(copy);
        Files.write(copy.resolve("adapter_config.json"), JSON.writeValueAsBytes(settings));
        Files.write(copy.resolve("adapter_model.safetensors"), writer.toBytes());
        return copy;
    }

    static Map<String, Tensor> tensors(Path file) throws IOException {
        Map<String, Tensor> tensors = new TreeMap<>();
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            for (String name : opened.names()) {
                int[] shape =
                        Arrays.stream(opened.shape(name)).mapToInt(Math::toIntExact).toArray();
                tensors.put(name, new Tensor(shape, opened.floats(name)));
            }
        }
        return tensors;
    }
}
