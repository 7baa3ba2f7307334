package io.rankstream.adapters.model;

import io.rankstream.adapters.files.Leftover;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Says what is in a folder that was taken for a model's, and what to do about it. Models come in
 * many forms, of which one is read.
 *
 * @param folder the folder
 * @param names names in it, sorted
 */
record ModelFiles(Path folder, List<String> names) {

    static final String CONFIG = "config.json";
    static final String WEIGHTS = "model.safetensors";
    static final String WEIGHTS_INDEX = WEIGHTS + ".index.json";
    static final String TOKENIZER = "tokenizer.json";
    static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    static final String SENTENCE_PIECE = "spm.model";
    static final String ADDED_TOKENS = "added_tokens.json";

    private static final String EXPECTED =
            "expected config.json, model.safetensors and tokenizer.json in a model directory";

    /** How a model is saved anew, to follow a colon or a comma. */
    static final String RESAVE =
            "save it again in Python: AutoModel.from_pretrained(DIR).save_pretrained(OUT, max_shard_size='100GB')";

    private static final List<String> OTHER_WEIGHTS =
            List.of(".bin", ".pt", ".pth", ".ckpt", ".h5", ".msgpack", ".onnx", ".gguf", ".ot");

    static ModelFiles in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return new ModelFiles(
                    folder, files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    /** One sentence about {@code name}, which could not be read there. */
    String unusable(String name) throws IOException {
        Path file = folder.resolve(name);
        Optional<String> leftover = Leftover.at(file);
        if (leftover.isPresent()) {
            return file + " " + leftover.get();
        }
        return elsewhere()
                .or(() -> name.equals(WEIGHTS) ? otherWeights() : Optional.empty())
                .or(() -> name.equals(TOKENIZER) ? otherTokenizer() : Optional.empty())
                .orElseGet(() -> file + " does not exist, " + EXPECTED + present());
    }

    /** Where the model is, or what this is, if it is no model's folder at all. */
    private Optional<String> elsewhere() {
        if (has(CONFIG)) {
            return Optional.empty();
        }
        if (has("adapter_config.json")) {
            return Optional.of(
                    folder
                            + " is an adapter of PEFT, not a base model: name the model that its adapter_config.json calls base_model_name_or_path");
        }
        if (has("training_state.safetensors")) {
            return Optional.of(
                    folder
                            + " is a published version of an adapter, not a base model: name the directory of the model, or none for the embedded one");
        }
        if (has("snapshots")) {
            return Optional.of(
                    "%s is a folder of Hugging Face's cache: name the revision in it, %s"
                            .formatted(folder, below(folder.resolve("snapshots"))));
        }
        return names.stream()
                .filter(name -> Files.isRegularFile(folder.resolve(name).resolve(CONFIG)))
                .findFirst()
                .map(
                        name ->
                                "%s holds no %s, but its folder %s does: name %s"
                                        .formatted(folder, CONFIG, name, folder.resolve(name)));
    }

    private static String below(Path snapshots) {
        try (Stream<Path> revisions = Files.list(snapshots)) {
            return revisions
                    .sorted()
                    .findFirst()
                    .map(Path::toString)
                    .orElse("which is missing: download the model again");
        } catch (IOException e) {
            return snapshots + "/REVISION";
        }
    }

    private Optional<String> otherWeights() {
        if (any(name -> name.matches("model-\\d+-of-.*"))) {
            return Optional.of(
                    "the weights in %s are split into several files, but %s, which says what is where, is missing: download the model again"
                            .formatted(folder, WEIGHTS_INDEX));
        }
        Optional<String> safetensors =
                names.stream().filter(name -> name.endsWith(".safetensors")).findFirst();
        if (safetensors.isPresent()) {
            return Optional.of(
                    "%s holds %s, but no %s: name the file so if it is the whole model"
                            .formatted(folder, safetensors.get(), WEIGHTS));
        }
        return names.stream()
                .filter(name -> OTHER_WEIGHTS.stream().anyMatch(name::endsWith))
                .findFirst()
                .map(
                        name ->
                                "the weights in %s are in %s, which is never read, expected %s: %s"
                                        .formatted(folder, name, WEIGHTS, RESAVE));
    }

    private Optional<String> otherTokenizer() {
        return Stream.of(
                        "vocab.txt",
                        "vocab.json",
                        "spiece.model",
                        SENTENCE_PIECE,
                        "sentencepiece.bpe.model",
                        "tokenizer.model",
                        "tokenizer_config.json")
                .filter(this::has)
                .findFirst()
                .map(
                        name ->
                                "%s has its tokenizer as %s alone, expected %s: write it in Python: AutoTokenizer.from_pretrained(DIR).save_pretrained(DIR)"
                                        .formatted(folder, name, TOKENIZER));
    }

    private String present() {
        if (names.isEmpty()) {
            return ", but it is empty";
        }
        int shown = Math.min(names.size(), 8);
        return ", but there "
                + (names.size() == 1 ? "is only " : "are only ")
                + String.join(", ", names.subList(0, shown))
                + (shown < names.size() ? " and more" : "");
    }

    private boolean has(String name) {
        return names.contains(name);
    }

    private boolean any(Predicate<String> condition) {
        return names.stream().anyMatch(condition);
    }
}
