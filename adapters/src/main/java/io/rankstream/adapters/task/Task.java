package io.rankstream.adapters.task;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.tokens.Reading;
import io.rankstream.adapters.tokens.Tokens;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What an adapter learns to say of a text: the outputs of its head, their loss, and the score of
 * what was said. It has no state but its settings, so two of one kind and settings are equal.
 *
 * @param <T> what it learns of an example
 */
public interface Task<T> extends Serializable {

    /** What people, configurations and stored adapters call it; it never changes. */
    String id();

    /**
     * What it has been told beside its id, by name, as configurations call it. An adapter may be
     * told otherwise at any time: what it learns stays the same.
     */
    default Map<String, Double> settings() {
        return Map.of();
    }

    /**
     * The same task with these settings.
     *
     * @param settings those it does not know are of no account; those left out stay
     * @throws IllegalArgumentException if one cannot be
     */
    default Task<T> with(Map<String, Double> settings) {
        return this;
    }

    /** Whether an adapter of {@code other} can go on with this one: settings may differ. */
    default boolean isSameBesideSettings(Task<?> other) {
        return id().equals(other.id());
    }

    /** How texts are read for it. */
    default Reading reading() {
        return Reading.WHOLE;
    }

    /** Whether its adapters have labels, which come and go. */
    boolean hasLabels();

    /**
     * Whether it says one label of several, of a text as a whole: then words can speak beside the
     * head, and probabilities add up to 1.
     */
    default boolean saysOneLabel() {
        return false;
    }

    /** Whether its examples can be kept, to be learned from again or as probes. */
    default boolean keepsExamples() {
        return false;
    }

    /**
     * All that keeps labels from being those of an adapter, in a sentence; empty if nothing does.
     *
     * @param labels those in use together
     */
    default Optional<String> flaw(List<String> labels) {
        return Optional.empty();
    }

    /**
     * Rows of the head.
     *
     * @param labels rows of the adapter's labels, 0 where the task has none
     */
    int outputs(int labels);

    /**
     * Bias of the row of a label that is new to an adapter: that of a label which was not among its
     * examples. By softmax it is Laplace's estimate, 1 in examples + labels in use.
     *
     * @param inUse biases of the labels in use
     * @param examples that the adapter has seen
     */
    default float biasOfNew(double[] inUse, long examples) {
        double largest = Arrays.stream(inUse).max().orElse(0);
        double sum = Arrays.stream(inUse).map(bias -> Math.exp(bias - largest)).sum();
        return (float) (largest + Math.log(sum) - Math.log((double) examples + inUse.length));
    }

    /**
     * The target as this task learns it, or why it cannot.
     *
     * @param adapterId the adapter, for the message
     * @param labels those of the adapter
     */
    Fit<T> fit(Target target, String adapterId, LabelRows labels);

    /**
     * A target that fits, as it lies in a text, or why it does not.
     *
     * @param text as {@link #reading} has it
     * @param adapterId the adapter, for the message
     */
    default Fit<T> placed(T target, Tokens text, String adapterId) {
        return new Fit.Ready<>(target);
    }

    /** As {@link #fit}, and then as {@link #placed}. */
    default Fit<T> fitIn(Tokens text, Target target, String adapterId, LabelRows labels) {
        Fit<T> fit = fit(target, adapterId, labels);
        return fit instanceof Fit.Ready<T> ready ? placed(ready.target(), text, adapterId) : fit;
    }

    /**
     * What is true of an example as a document of JSON has it, for people who write one.
     *
     * @param labels those of the adapter; none where the task has no labels
     */
    String sample(List<String> labels);

    /** A target of this task as others know it, with the adapter's spelling of its label. */
    Target told(T target, LabelRows labels);

    /**
     * What the head says, and how far it is from the truth.
     *
     * @param outputs (examples, outputs), with a graph; they own the losses. Of texts that are not
     *     read as a whole, (tokens, outputs), window after window and text after text
     * @param texts of the examples
     * @param targets one an example, as it lies in its text
     */
    Answers<T> answers(PtNDArray outputs, List<Tokens> texts, List<T> targets);

    /**
     * The units in which a step learns; empty where targets have none.
     *
     * @param before score of the examples before the step
     * @param targets those of the step
     */
    Optional<Scale> scale(Score<T> before, List<T> targets);

    /**
     * What the outputs of a head say.
     *
     * @param outputs of one text, without those of retired labels; token after token where it is
     *     not read as a whole
     * @param labels those in use, one an output; none where the task has no labels
     */
    Target said(float[] outputs, Tokens text, List<String> labels);

    /** Probability of each label in the same outputs, in their order; none where there are none. */
    Map<String, Float> probabilities(float[] outputs, List<String> labels);

    /**
     * Loss of what is true of a text, by the same outputs.
     *
     * @param target one that it {@linkplain #fit fits}, as it was {@linkplain #told told}
     */
    float loss(float[] outputs, Tokens text, List<String> labels, Target target);

    /**
     * How well something was said: of a label, 1 if it is right and 0 if not; of a number, the
     * squared error.
     */
    double merit(Target said, Target target);

    /**
     * A score of no example.
     *
     * @param labels rows of the adapter's labels, 0 where the task has none
     */
    Score<T> newScore(int labels);

    /** A score of this task, by its type. */
    Score<T> own(Score<?> score);

    /**
     * The score that {@link Score#fields} told.
     *
     * @throws IllegalArgumentException if a field is missing or of another size
     */
    Score<T> score(ScoreFields fields);

    /** Metrics of its scores that are watched while an adapter learns. */
    List<WatchedMetric> watched();

    /** What people compare its adapters by: first over all examples, then over the newest. */
    List<ScoreColumn> columns();

    /** What they are measured against, in a word or two: a guess that has not read the text. */
    String baseline();

    /**
     * How much better than the {@link #baseline} an adapter was over the newest examples, 1 at the
     * most; 0 and less is no better. Empty where that cannot be told.
     *
     * @param metrics as {@link Score#metrics} has them
     */
    OptionalDouble gain(Map<String, Double> metrics);

    /** What a model card says of an adapter of this task. */
    TaskCard<T> card();
}
