package io.rankstream.adapters.task;

import java.util.List;
import java.util.Optional;

/**
 * A task in the words of a model card.
 *
 * @param <T> what the task learns
 */
public interface TaskCard<T> {

    /** The class of transformers that its files are for. */
    default ModelClass modelClass() {
        return ModelClass.SEQUENCE_CLASSIFICATION;
    }

    /** What an adapter for so many labels is, as {@code A text classifier for 3 labels}. */
    String summary(int labels);

    /** Ids on Hugging Face of the metrics that a score of some examples has. */
    List<String> hubMetrics();

    /** The section of the card on what was measured, in Markdown without its heading. */
    String quality(Score<T> score);

    /**
     * A table of what the examples have where that is not labels, in Markdown; empty where each
     * label is counted beside its id.
     *
     * @param labels those of the adapter
     */
    default Optional<String> counts(Score<T> score, LabelRows labels) {
        return Optional.empty();
    }

    /** What was not measured, and what the adapter says of texts of another kind: list items. */
    String limits();

    /** {@code problem_type} in transformers' config; empty where that goes without saying. */
    Optional<String> problemType();

    /**
     * Lines of Python that begin a function {@code logits}, and in it make a {@code batch} for the
     * model; a {@code tokenizer} is there by then.
     */
    default List<String> batch() {
        return List.of(
                "@torch.no_grad()",
                "def logits(texts):  # a pair of texts is a tuple in this list",
                "    batch = tokenizer(texts, truncation=True, max_length=MAX_LENGTH, padding=True, return_tensors=\"pt\")");
    }

    /** Lines of Python that print what the adapter says; {@code logits} is a function by then. */
    List<String> example();
}
