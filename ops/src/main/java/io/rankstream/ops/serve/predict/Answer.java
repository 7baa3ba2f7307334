package io.rankstream.ops.serve.predict;

import io.rankstream.adapters.task.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a version says of texts.
 *
 * @param adapterId its adapter
 * @param version its number
 * @param step optimizer step that it was taken after
 * @param labels labels in use, in their order; none where its task has none
 * @param said what it says, one a text
 */
public record Answer(
        String adapterId, long version, long step, List<String> labels, List<Said> said) {

    public Answer {
        labels = List.copyOf(labels);
        said = List.copyOf(said);
    }

    /**
     * What is said of a text.
     *
     * @param target the most probable label, a number, where the answer is, or the entities
     * @param probabilities of every label, by its name; none where the task has no labels
     * @param passage what the passage says there, nothing where it has no answer; empty where no
     *     passage is read
     * @param entities what the text says at each of the entities; empty where none are looked for
     * @param truncated whether the text was longer than is read
     */
    public record Said(
            Target target,
            Map<String, Float> probabilities,
            Optional<String> passage,
            Optional<List<String>> entities,
            boolean truncated) {}
}
