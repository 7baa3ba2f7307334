package io.rankstream.adapters;

import io.rankstream.adapters.engine.ComputeDevice;
import io.rankstream.adapters.model.ModelDirectory;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterId;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.adapters.training.Learner;
import io.rankstream.adapters.weights.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A frozen base model that any number of adapters share. All of a process on one device share one
 * copy of its weights. Thread-safe; an {@link Adapter} is for one thread at a time.
 */
public final class BaseModel implements AutoCloseable {

    /** Tokens of a text that are read unless another limit is given; of a model with fewer, all. */
    public static final int DEFAULT_MAX_TOKENS = 128;

    private final Learner learner;
    private final TextEncoder encoder;
    private final int maxTokens;

    private BaseModel(Learner learner, TextEncoder encoder, int maxTokens) {
        this.learner = learner;
        this.encoder = encoder;
        this.maxTokens = maxTokens;
    }

    /**
     * all-MiniLM-L6-v2, which comes with this library, on all cores.
     *
     * @throws ModelLoadException if its jar is not on the class path
     */
    public static BaseModel embedded() throws ModelLoadException {
        return open(new ModelSource.Embedded(), DEFAULT_MAX_TOKENS, 0, new ComputeDevice.Cpu());
    }

    /**
     * A model of one's own, on all cores.
     *
     * @param directory Hugging Face directory with config.json, model.safetensors and
     *     tokenizer.json
     * @throws ModelLoadException if a file is missing or not what was expected
     */
    public static BaseModel open(Path directory) throws ModelLoadException {
        int longest =
                ModelDirectory.of(new ModelSource.Directory(directory.toString()))
                        .architecture()
                        .maxTokens();
        return open(directory, Math.min(DEFAULT_MAX_TOKENS, longest));
    }

    /**
     * A model of one's own with a limit of one's own, on all cores.
     *
     * @param directory Hugging Face directory
     * @param maxTokens most tokens of a text, special tokens included; at most the model's
     * @throws ModelLoadException if a file is missing or not what was expected
     */
    public static BaseModel open(Path directory, int maxTokens) throws ModelLoadException {
        return open(
                new ModelSource.Directory(directory.toString()),
                maxTokens,
                0,
                new ComputeDevice.Cpu());
    }

    /**
     * A model with settings of one's own.
     *
     * @param maxTokens most tokens of a text, special tokens included
     * @param threads threads that compute at once, a setting of the whole process; 0 takes every
     *     core
     * @param device where the model and its adapters live
     * @throws ModelLoadException if a file is missing or not what was expected
     */
    public static BaseModel open(
            ModelSource source, int maxTokens, int threads, ComputeDevice device)
            throws ModelLoadException {
        TextEncoder encoder = TextEncoder.open(source, maxTokens);
        try {
            return new BaseModel(Learner.open(source, threads, device), encoder, maxTokens);
        } catch (ModelLoadException | RuntimeException e) {
            encoder.close();
            throw e;
        }
    }

    /**
     * A new adapter, which changes nothing yet.
     *
     * @param id its name, by which its random draws differ from those of others
     */
    public Adapter create(String id, TrainingTemplate template) {
        if (!AdapterId.isValid(id)) {
            throw new IllegalArgumentException(
                    "the id '" + id + "' names no adapter: it is " + AdapterId.RULE);
        }
        return admit(learner.create(id, template), template);
    }

    /**
     * An adapter as it was saved; it learns on where it was.
     *
     * @param saved the folder that {@link Adapter#save} wrote, or a snapshot file
     * @param template settings that it learns on with; those of its life must be as they were
     * @throws io.rankstream.adapters.settings.AdapterMismatchException with all differences, if it
     *     belongs to another base model or was created with other settings of its life
     * @throws IOException if it cannot be read
     */
    public Adapter load(Path saved, TrainingTemplate template) throws IOException {
        Path file = Files.isDirectory(saved) ? saved.resolve(AdapterSnapshot.FILE) : saved;
        return admit(template.relabeled(AdapterSnapshot.read(file)), template);
    }

    private Adapter admit(AdapterState state, TrainingTemplate template) {
        return new Adapter(this, learner.admit(state, template), template);
    }

    /** Token ids of a text. */
    synchronized Tokens encode(String text) {
        return encoder.encode(text);
    }

    int maxTokens() {
        return maxTokens;
    }

    /** Gives the model back; its adapters must be closed by then. */
    @Override
    public void close() {
        learner.close();
        encoder.close();
    }
}
