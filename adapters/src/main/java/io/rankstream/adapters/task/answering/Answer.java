package io.rankstream.adapters.task.answering;

import io.rankstream.adapters.task.Target;
import java.util.List;

/**
 * Where the answer to a question is.
 *
 * @param spans in the passage, each of them right by itself, in the order of their places; none
 *     where the passage has no answer
 * @param texts what the passage says there; none where the passage is not known yet
 */
record Answer(List<Target.Span> spans, List<String> texts) {

    /** None. */
    static final Answer NONE = new Answer(List.of(), List.of());

    Answer {
        spans = List.copyOf(spans);
        texts = List.copyOf(texts);
    }

    boolean isEmpty() {
        return spans.isEmpty();
    }

    /** As others know it. */
    Target told() {
        return spans.size() == 1 ? spans.get(0) : new Target.Several(List.copyOf(spans));
    }
}
