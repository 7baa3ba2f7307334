package io.rankstream.adapters.tokens;

import io.rankstream.adapters.text.VisibleText;
import java.util.Optional;

/** How a text is read for what is to be said of it. */
public enum Reading {
    /** As a whole: nothing is said of its parts. */
    WHOLE,
    /** With the {@linkplain Passage places} of its tokens. A second text is read beside it. */
    PLACED,
    /**
     * As a question, and the passage in which the answer is looked for. A passage that is too long
     * is read in {@linkplain Passage#further windows} that overlap, each after the question.
     */
    WINDOWS;

    /**
     * Whether there is a character that can be seen in what is read: in the passage, where that is
     * read in windows, and in either text elsewhere.
     */
    public boolean sees(String text, Optional<String> pair) {
        return this == WINDOWS
                ? pair.filter(VisibleText::isIn).isPresent()
                : VisibleText.isIn(text, pair);
    }

    /** Says what there is nothing to read of, where a text cannot be read in this way. */
    public String missingIn(String text, Optional<String> pair) {
        if (this == WINDOWS) {
            return sees(text, pair)
                    ? withoutToken("passage")
                    : "there is no passage, expected the text in which the answer is looked for, as textPair, beside the question, as text";
        }
        return sees(text, pair) ? withoutToken("text") : VisibleText.missingIn(text);
    }

    private static String withoutToken(String what) {
        return "the %s has no character that the base model has a token for, expected something that it reads"
                .formatted(what);
    }
}
