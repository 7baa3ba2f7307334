package io.rankstream.benchmarks.step;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.PretrainedModel;
import io.rankstream.adapters.tokens.TextEncoder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a base model's tokenizer makes of texts, for benchmarks/peft/run pieces to compare. */
@Command(
        name = "ids",
        description = "Writes the token ids of texts.",
        mixinStandardHelpOptions = true)
public final class TokenIds implements Callable<Integer> {

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
                    "JSON list of each text's ids, at most as many as the model has positions.")
    private Path out;

    @Override
    public Integer call() throws Exception {
        ObjectMapper json = new ObjectMapper();
        List<String> read = json.readValue(texts.toFile(), new TypeReference<List<String>>() {});
        ModelSource source = ModelSource.at(directory.toString());
        int longest = PretrainedModel.architecture(source).maxTokens();
        try (TextEncoder encoder = TextEncoder.open(source, longest)) {
            json.writeValue(
                    out.toFile(), read.stream().map(text -> encoder.encode(text).ids()).toList());
        }
        return 0;
    }
}
