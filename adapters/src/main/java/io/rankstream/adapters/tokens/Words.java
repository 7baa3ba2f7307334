package io.rankstream.adapters.tokens;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The words of a text as hashes, for a model that knows words alone. A word is a run of letters,
 * digits, marks and underscores, in small letters; in a script without spaces, such as Chinese,
 * each character is one. The first {@value #MOST} of a text count, however long it is.
 */
public final class Words {

    /** Most words of a text. */
    public static final int MOST = 4096;

    /** What the words of a pair's second text are told apart by. */
    private static final int SECOND = 0x5BD1E995;

    private static final Set<Character.UnicodeScript> UNSPACED =
            EnumSet.of(
                    Character.UnicodeScript.HAN,
                    Character.UnicodeScript.HIRAGANA,
                    Character.UnicodeScript.KATAKANA,
                    Character.UnicodeScript.THAI,
                    Character.UnicodeScript.LAO,
                    Character.UnicodeScript.KHMER,
                    Character.UnicodeScript.MYANMAR);

    private Words() {}

    /** Hashes of the words of a text, ascending; equal words stand beside each other. */
    public static int[] of(String text) {
        int[] words = found(text, 0);
        Arrays.sort(words);
        return words;
    }

    /** The same of a pair, in which a word of the one text is another than in the other. */
    public static int[] of(String text, String pair) {
        return IntStream.concat(Arrays.stream(found(text, 0)), Arrays.stream(found(pair, SECOND)))
                .sorted()
                .toArray();
    }

    private static int[] found(String text, int seed) {
        int[] words = new int[16];
        int count = 0;
        int at = 0;
        while (at < text.length() && count < MOST) {
            int end = endOfWord(text, at);
            if (end > at) {
                if (count == words.length) {
                    words = Arrays.copyOf(words, 2 * count);
                }
                words[count++] = hash(text.substring(at, end), seed);
            }
            at = end > at ? end : at + Character.charCount(text.codePointAt(at));
        }
        return Arrays.copyOf(words, count);
    }

    /** Where the word that begins at {@code start} ends; {@code start} if none does. */
    private static int endOfWord(String text, int start) {
        int at = start;
        boolean isAlone = false;
        while (at < text.length()) {
            int character = text.codePointAt(at);
            boolean isMark = isMark(character);
            if (!isMark && (isAlone || !isOfWord(character))) {
                return at;
            }
            if (!isMark && isAlone(character)) {
                if (at > start) {
                    return at;
                }
                isAlone = true;
            }
            at += Character.charCount(character);
        }
        return at;
    }

    /** Whether a character is one of a script without spaces, in which each is a word. */
    public static boolean isAlone(int character) {
        return UNSPACED.contains(Character.UnicodeScript.of(character));
    }

    private static boolean isOfWord(int character) {
        return Character.isLetterOrDigit(character) || character == '_';
    }

    private static boolean isMark(int character) {
        int type = Character.getType(character);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    /** FNV-1a over UTF-16, with the finish of MurmurHash3, so that every bit counts. */
    private static int hash(String word, int seed) {
        String normal = Normalizer.normalize(word, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        int hash = 0x811C9DC5 ^ seed;
        for (int i = 0; i < normal.length(); i++) {
            hash = (hash ^ normal.charAt(i)) * 0x01000193;
        }
        hash = (hash ^ hash >>> 16) * 0x85EBCA6B;
        hash = (hash ^ hash >>> 13) * 0xC2B2AE35;
        return hash ^ hash >>> 16;
    }
}
