package io.rankstream.adapters.task.tagging;

import io.rankstream.adapters.tokens.Passage;
import io.rankstream.adapters.tokens.Words;
import java.util.ArrayList;
import java.util.List;

/**
 * The words of a text that have a token of their own. A word is a run of letters, digits and marks;
 * every other character that can be seen is a word, and so is one of a script that has no blanks
 * between words. The first token that begins in a word is the word's own, others of it are not
 * looked at. A word in which no token begins belongs to the word before.
 */
final class TextWords {

    private TextWords() {}

    /**
     * A word.
     *
     * @param start its first character
     * @param end the character after its last one
     * @param token its own
     */
    record Word(int start, int end, int token) {}

    /** The words, in their order. */
    static List<Word> of(Passage passage) {
        int[] text = passage.text().codePoints().toArray();
        List<Word> words = new ArrayList<>();
        int reached = 0;
        for (int token = 0; token < passage.starts().length; token++) {
            if (!passage.has(token)) {
                continue;
            }
            int stop = passage.ends()[token];
            int start = passage.starts()[token];
            while (start < stop && isBlank(text[start])) {
                start++;
            }
            while (start < stop && isBlank(text[stop - 1])) {
                stop--;
            }
            if (start < reached || start == stop) {
                continue;
            }
            int end = Math.max(end(text, start), end(text, stop - 1));
            words.add(new Word(beginning(text, start, reached), end, token));
            reached = end;
        }
        return words;
    }

    /** Where the word of a character begins, if no token has begun in it. */
    private static int beginning(int[] text, int at, int reached) {
        int start = at;
        while (isPartOfRun(text[start]) && start > reached && isPartOfRun(text[start - 1])) {
            start--;
        }
        return start;
    }

    /** Where the word that begins at a character ends. */
    private static int end(int[] text, int start) {
        int end = start + 1;
        if (isPartOfRun(text[start])) {
            while (end < text.length && isPartOfRun(text[end])) {
                end++;
            }
            return end;
        }
        while (end < text.length && isMark(text[end])) {
            end++;
        }
        return end;
    }

    static boolean isBlank(int character) {
        return Character.isWhitespace(character)
                || Character.isSpaceChar(character)
                || Character.isISOControl(character);
    }

    private static boolean isPartOfRun(int character) {
        return (Character.isLetterOrDigit(character) || isMark(character))
                && !Words.isAlone(character);
    }

    private static boolean isMark(int character) {
        return switch (Character.getType(character)) {
            case Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.ENCLOSING_MARK ->
                    true;
            default -> false;
        };
    }
}
