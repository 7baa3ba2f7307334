package io.rankstream.adapters;

import static java.util.Objects.requireNonNull;

import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.adapters.training.StepOutcome;
import io.rankstream.adapters.training.StepReport;
import io.rankstream.adapters.training.TrainingExample;
import io.rankstream.adapters.version.AdapterFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.IntStream;

/** An adapter that learns, predicts and is saved. Thread-safe: its calls wait for each other. */
public final class Adapter implements AutoCloseable {

    private final BaseModel model;
    private final ResidentAdapter resident;
    private final TrainingTemplate template;
    private boolean closed;

    Adapter(BaseModel model, ResidentAdapter resident, TrainingTemplate template) {
        this.model = model;
        this.resident = resident;
        this.template = template;
    }

    /**
     * Labels in use, in their order; none where the task has no labels.
     *
     * @throws IllegalStateException if the adapter or its model is closed
     */
    public synchronized List<String> labels() {
        requireOpen();
        return resident.labels().active();
    }

    /**
     * Optimizer steps taken.
     *
     * @throws IllegalStateException if the adapter or its model is closed
     */
    public synchronized long step() {
        requireOpen();
        return resident.meta().step();
    }

    /**
     * Predicts every example, then takes one optimizer step on them all.
     *
     * @param examples at least one
     * @throws IllegalArgumentException if there is none, one has nothing to read, or one has a
     *     target that is none of the adapter's, such as a label that is not in use; nothing has
     *     changed then
     * @throws IllegalStateException if the adapter or its model is closed
     */
    public synchronized Learned train(List<Example> examples) {
        requireNonNull(examples, "the examples are null, expected a list of them");
        requireOpen();
        if (examples.isEmpty()) {
            throw new IllegalArgumentException("there is no example, expected one at least");
        }
        List<TrainingExample> microBatch = new ArrayList<>();
        for (Example example : examples) {
            requireNonNull(example, "an example is null, expected one with a text and a target");
            Tokens tokens = model.encode(example.input(), template.head().task().reading());
            resident.refusal(example.target(), tokens)
                    .ifPresent(
                            refusal -> {
                                throw new IllegalArgumentException(refusal.message());
                            });
            microBatch.add(new TrainingExample(tokens, example.target()));
        }
        return learned(resident.train(microBatch), examples.size());
    }

    private Learned learned(StepOutcome outcome, int examples) {
        List<Optional<Target>> predicted =
                new ArrayList<>(Collections.nCopies(examples, Optional.empty()));
        for (int i = 0; i < outcome.trained().size(); i++) {
            predicted.set(
                    outcome.trained().get(i), Optional.of(outcome.predictions().get(i).said()));
        }
        return new Learned(
                outcome.report().map(StepReport::step),
                outcome.report().map(report -> (double) report.taskLoss()).orElse(Double.NaN),
                predicted,
                resident.meta().score().metrics(),
                outcome.refusals().stream().map(StepOutcome.Refusal::index).toList());
    }

    /**
     * What the adapter says of a text as it is now.
     *
     * @throws IllegalArgumentException if there is nothing to read in it
     * @throws IllegalStateException if the adapter or its model is closed
     */
    public Prediction predict(String text) {
        return predicted(List.of(Input.of(text))).get(0);
    }

    /**
     * What the adapter says of a pair of texts as it is now.
     *
     * @throws IllegalArgumentException if there is nothing to read in both
     * @throws IllegalStateException if the adapter or its model is closed
     */
    public Prediction predictPair(String text, String pair) {
        return predicted(List.of(Input.of(text, pair))).get(0);
    }

    /**
     * What the adapter says of texts as it is now; nothing in it changes.
     *
     * @param texts at least one; they go through the model at once
     * @throws IllegalArgumentException if there is none, or one has nothing to read
     * @throws IllegalStateException if the adapter or its model is closed
     */
    public List<Prediction> predict(List<String> texts) {
        requireNonNull(texts, "the texts are null, expected a list of them");
        return predicted(texts.stream().map(Input::of).toList());
    }

    private synchronized List<Prediction> predicted(List<Input> texts) {
        requireOpen();
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("there is no text, expected one at least");
        }
        Task<?> task = template.head().task();
        List<Tokens> tokens =
                texts.stream().map(text -> model.encode(text, task.reading())).toList();
        float[][] logits = resident.logitsOf(tokens);
        List<String> labels = labels();
        return IntStream.range(0, logits.length)
                .mapToObj(
                        i ->
                                new Prediction(
                                        task.said(logits[i], tokens.get(i), labels),
                                        task.probabilities(logits[i], labels)))
                .toList();
    }

    /**
     * Saves the adapter as a published version: PEFT's files, its labels, a model card, and its
     * whole state, from which {@link BaseModel#load} goes on.
     *
     * @param folder it must not be there yet
     * @throws FileAlreadyExistsException if there is something
     * @throws IOException if it cannot be written
     * @throws IllegalStateException if the adapter or its model is closed
     */
    public synchronized void save(Path folder) throws IOException {
        requireNonNull(folder, "the folder is null, expected one to save the adapter in");
        requireOpen();
        if (Files.exists(folder)) {
            throw new FileAlreadyExistsException(
                    folder.toString(), null, "a saved adapter is never written over");
        }
        AdapterState state = resident.takeVersion();
        SortedMap<String, byte[]> files = AdapterFiles.of(state, template, model.maxTokens());
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            write(folder.resolve(file.getKey()), file.getValue());
        }
        write(folder.resolve(Manifest.FILE), Manifest.of(state, files));
    }

    private static void write(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    /** Frees the adapter's memory on the device; what was not saved is gone. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            resident.close();
            model.closed(this);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "the adapter is closed: load it from where it was saved");
        }
    }
}
