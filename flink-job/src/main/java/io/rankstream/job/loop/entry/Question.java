package io.rankstream.job.loop.entry;

import io.rankstream.job.input.PredictedInput;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What people are shown of an input, and what is learned from. Decoding has bounded it, so that
 * every record made of it fits its topic.
 *
 * @param text the whole text
 * @param pair second text, if it is a pair
 * @param metadata what people shall see beside the text; unmodifiable
 * @param labels labels to choose from; empty where they are not known
 * @param labelRevision revision of these labels; 0 where it is not known
 */
public record Question(
        String text,
        Optional<String> pair,
        Map<String, String> metadata,
        List<String> labels,
        long labelRevision) {

    public Question {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        labels = List.copyOf(labels);
    }

    /**
     * What is shown of an input.
     *
     * @param labels labels to choose from
     */
    static Question of(PredictedInput predicted, List<String> labels) {
        return new Question(
                predicted.input().text(),
                predicted.input().pair(),
                predicted.input().metadata(),
                labels,
                predicted.labelRevision());
    }
}
