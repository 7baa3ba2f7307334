package io.rankstream.adapters.peft;

import io.rankstream.adapters.files.Leftover;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Says what is where a directory of PEFT was expected, and what to do about it. */
final class PeftFiles {

    private PeftFiles() {}

    /**
     * One sentence.
     *
     * @param name the file that is missing or cannot be read in {@code directory}
     */
    static String unusable(Path directory, String name) throws IOException {
        if (Files.isRegularFile(directory)) {
            return directory
                    + " is a file, expected the directory that PEFT's save_pretrained wrote: name the folder";
        }
        Path file = directory.resolve(name);
        Optional<String> leftover = Leftover.at(file);
        if (leftover.isPresent()) {
            return file + " " + leftover.get();
        }
        if (!Files.isDirectory(directory)) {
            return file + " does not exist, expected a directory that PEFT's save_pretrained wrote";
        }
        List<String> names;
        try (Stream<Path> files = Files.list(directory)) {
            names = files.map(each -> each.getFileName().toString()).sorted().toList();
        }
        return name.equals(PeftNames.CONFIG_FILE)
                ? withoutSettings(directory, names)
                : withoutTensors(directory, names);
    }

    private static String withoutSettings(Path directory, List<String> names) {
        if (names.contains(AdapterSnapshot.FILE)) {
            return directory
                    + " is the folder of a published version, expected a directory of PEFT: name its folder adalora or lora, or "
                    + AdapterSnapshot.FILE
                    + " where a snapshot is wanted";
        }
        Optional<String> below =
                names.stream()
                        .filter(
                                each ->
                                        Files.isRegularFile(
                                                directory
                                                        .resolve(each)
                                                        .resolve(PeftNames.CONFIG_FILE)))
                        .reduce((first, last) -> last);
        if (below.isPresent()) {
            return "%s holds no %s, but its folder %s does: name %s"
                    .formatted(
                            directory,
                            PeftNames.CONFIG_FILE,
                            below.get(),
                            directory.resolve(below.get()));
        }
        if (names.contains("snapshots")) {
            return directory
                    + " is a folder of Hugging Face's cache: name the revision below its snapshots";
        }
        if (names.contains("config.json")) {
            return directory
                    + " is a whole model, expected an adapter of PEFT: a model is named with model.directory";
        }
        return "%s does not exist, expected a directory that PEFT's save_pretrained wrote, with %s and %s"
                .formatted(
                        directory.resolve(PeftNames.CONFIG_FILE),
                        PeftNames.CONFIG_FILE,
                        PeftNames.TENSOR_FILE);
    }

    private static String withoutTensors(Path directory, List<String> names) {
        String missing = directory.resolve(PeftNames.TENSOR_FILE) + " does not exist, ";
        for (String name : names) {
            if (name.endsWith(".bin") || name.endsWith(".pt") || name.endsWith(".pth")) {
                return missing
                        + "and "
                        + name
                        + " is never read, since loading a pickle executes code: save it again in Python: PeftModel.from_pretrained(base, DIR).save_pretrained(OUT)";
            }
            if (name.endsWith(".safetensors.index.json")) {
                return missing
                        + "but "
                        + name
                        + " says that the tensors are split into several files: save the adapter again as one";
            }
        }
        return missing + "expected the tensors of the adapter";
    }
}
