package io.rankstream.benchmarks.step;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.PretrainedModel;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.adapters.weights.safetensors.SafetensorsWriter;
import io.rankstream.benchmarks.part.TokenVectors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a base model makes of texts, for benchmarks/peft/run encoder to compare. */
@Command(
        name = "vectors",
        description = "Writes the token vectors that a base model gives texts.",
        mixinStandardHelpOptions = true)
public final class EncoderVectors implements Callable<Integer> {

    @Parameters(paramLabel = "MODEL", description = "Hugging Face directory or jar of the model.")
    private Path directory;

    @Option(
            names = "--texts",
            paramLabel = "FILE",
            required = true,
            description = "JSON list of texts.")
    private Path texts;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description =
                    "Safetensors with ids.N and alone.N of each text, and together, of all in one"
                            + " batch.")
    private Path out;

    @Override
    public Integer call() throws Exception {
        ModelSource source = ModelSource.at(directory.toString());
        List<int[]> ids = ids(source);
        SafetensorsWriter writer = new SafetensorsWriter();
        try (TokenVectors vectors = TokenVectors.open(source)) {
            int hidden = vectors.hiddenSize();
            for (int i = 0; i < ids.size(); i++) {
                int[] text = ids.get(i);
                writer.put("ids." + i, new int[] {text.length}, text);
                writer.put(
                        "alone." + i, new int[] {text.length, hidden}, vectors.of(List.of(text)));
            }
            float[] together = vectors.of(ids);
            writer.put("together", new int[] {together.length / hidden, hidden}, together);
        }
        Files.write(out, writer.toBytes());
        return 0;
    }

    private List<int[]> ids(ModelSource source) throws Exception {
        List<String> read =
                new ObjectMapper().readValue(texts.toFile(), new TypeReference<List<String>>() {});
        int longest = PretrainedModel.architecture(source).maxTokens();
        try (TextEncoder encoder = TextEncoder.open(source, longest)) {
            return read.stream().map(text -> encoder.encode(text).ids()).toList();
        }
    }
}
