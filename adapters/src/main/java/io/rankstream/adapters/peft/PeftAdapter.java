package io.rankstream.adapters.peft;

import io.rankstream.adapters.task.ModelClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A directory that PEFT's {@code save_pretrained} wrote: AdaLoRA before or after its first mask, or
 * plain LoRA, on the linear layers of an encoder.
 *
 * @param directory where it was read
 * @param baseModel what its author called the base model; empty where nothing is said
 * @param prefix what names of layers begin with in the adapted model, as {@code bert.}; empty where
 *     they do not tell
 * @param rank initial rank of every module; of plain LoRA, the largest rank
 * @param alpha numerator of the scale
 * @param modules adapted modules by name
 * @param head the head, if the directory has one
 * @param modelClasses the classes of transformers that the head can be of: the one that the
 *     settings say, or else all with such a head, the most usual first
 * @param taskType what the settings say of the task; empty where nothing is said
 * @param savesHead whether PEFT itself would load a head from it
 */
public record PeftAdapter(
        Path directory,
        String baseModel,
        Optional<String> prefix,
        int rank,
        double alpha,
        List<PeftModule> modules,
        Optional<PeftHead> head,
        List<ModelClass> modelClasses,
        String taskType,
        boolean savesHead) {

    public PeftAdapter {
        modules = List.copyOf(modules);
        modelClasses = List.copyOf(modelClasses);
    }

    /** The class of transformers that the head is of, as far as is known. */
    public ModelClass modelClass() {
        return modelClasses.get(0);
    }

    /** Whether the settings say which class of transformers the head is of. */
    boolean saysClass() {
        return taskType.equals(modelClass().peft());
    }

    /** Whether {@code directory} has the settings of an adapter of PEFT. */
    public static boolean isAt(Path directory) {
        return Files.isRegularFile(directory.resolve(PeftNames.CONFIG_FILE));
    }

    /**
     * Reads a directory. Tensors decide which modules there are, whatever {@code target_modules}
     * says. Only JSON and safetensors are read: nothing is ever executed.
     *
     * @throws PeftException if a file or tensor is missing, unexpected, of the wrong shape or not
     *     finite, or the adapter is of a kind that triplets cannot express
     * @throws IOException if a file cannot be read
     */
    public static PeftAdapter read(Path directory) throws IOException {
        PeftSettings settings = PeftSettings.read(directory);
        try (PeftTensors tensors = PeftTensors.open(directory, settings)) {
            int rank = tensors.rank();
            List<PeftModule> modules = tensors.modules();
            List<ModelClass> ofHead = tensors.modelClasses();
            Optional<ModelClass> said = settings.modelClass().filter(ofHead::contains);
            return new PeftAdapter(
                    directory,
                    settings.baseModel(),
                    tensors.prefix(),
                    rank,
                    settings.alpha(),
                    modules,
                    tensors.head(),
                    said.map(List::of).orElse(ofHead),
                    settings.taskType(),
                    settings.savesHead(tensors.headModules()));
        } catch (IllegalArgumentException e) {
            throw new PeftException("in " + directory + " " + e.getMessage(), e);
        }
    }
}
