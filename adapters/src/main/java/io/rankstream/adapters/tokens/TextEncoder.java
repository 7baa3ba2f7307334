package io.rankstream.adapters.tokens;

import static ai.djl.huggingface.tokenizers.jni.TokenizersLibrary.LIB;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import io.rankstream.adapters.engine.TensorEngine;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.text.VisibleText;
import io.rankstream.adapters.weights.ModelLoadException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Turns texts into the token ids of a base model: special tokens around them, cut to a limit, never
 * padded. tokenizer_config.json counts as transformers counts it. What the model's own
 * tokenizer.json says of truncation and padding does not. Not thread-safe; close it to free native
 * memory.
 */
public final class TextEncoder implements AutoCloseable {

    /** Characters a token is granted at first: most texts need fewer. */
    private static final int CHARACTERS_PER_TOKEN = 6;

    /** Characters a token is granted before a text counts as long. */
    private static final int CHARACTERS_PER_LONG_TOKEN = 16;

    private static final int SMALLEST_WINDOW = 1024;

    /** Tokens that a window of a passage has of the one before it, a third of the limit at most. */
    private static final int STRIDE = 128;

    private static final int MOST_WINDOWS = 32;

    /** Two special tokens and one of the text. */
    private static final int SMALLEST_LIMIT = 3;

    /** Token ids up to the limit, and whether there are more. */
    private record Cut(long[] ids, boolean exceeds) {}

    private final HuggingFaceTokenizer tokenizer;
    private final boolean keepsBlanks;
    private final boolean tellsPairsApart;
    private final int maxLength;
    private final int beginning;
    private final int window;

    /** Tokens that every text has, an empty one too. */
    private final int specialTokens;

    private final int specialTokensOfPair;

    private TextEncoder(HuggingFaceTokenizer tokenizer, TokenizerFile file, int maxLength) {
        this.tokenizer = tokenizer;
        this.keepsBlanks = file.json().keepsBlanks();
        this.tellsPairsApart = file.model().tokenTypes() > 1;
        this.maxLength = maxLength;
        this.beginning = CHARACTERS_PER_TOKEN * maxLength;
        this.window = Math.max(SMALLEST_WINDOW, CHARACTERS_PER_LONG_TOKEN * maxLength);
        this.specialTokens = encode("").ids().length;
        this.specialTokensOfPair = encode("", "").ids().length;
    }

    /**
     * Opens the tokenizer of a base model. DJL's property {@code ai.djl.offline} keeps it off the
     * network.
     *
     * @param maxLength most tokens of a text, special tokens included; from 3 to the model's number
     *     of positions
     * @throws ModelLoadException if tokenizer.json or config.json is missing or unusable, the
     *     tokenizer knows ids that the model does not, tokenizer_config.json says what cannot be
     *     followed, or {@code maxLength} is out of range
     */
    public static TextEncoder open(ModelSource source, int maxLength) throws ModelLoadException {
        TokenizerFile file = TokenizerFile.of(source);
        int longest = file.model().maxTokens();
        if (maxLength < SMALLEST_LIMIT || maxLength > longest) {
            throw new ModelLoadException(
                    "the token limit is "
                            + maxLength
                            + ", expected "
                            + SMALLEST_LIMIT
                            + " to "
                            + longest
                            + ", the positions of "
                            + file.origin());
        }
        file.requireWithinItsLength(maxLength);
        file.requireIdsWithin(file.model().vocabSize());
        return new TextEncoder(tokenizer(file, maxLength), file, maxLength);
    }

    /**
     * Id of the token that stands for what the vocabulary does not have; empty if there is no such
     * token.
     *
     * @throws ModelLoadException if tokenizer.json or config.json is missing or unusable
     */
    public static OptionalInt unknownToken(ModelSource source) throws ModelLoadException {
        return TokenizerFile.of(source).json().unknownToken();
    }

    private static HuggingFaceTokenizer tokenizer(TokenizerFile file, int maxLength)
            throws ModelLoadException {
        TensorEngine.choose(null); // DJL looks for GPUs here already
        String limit = Integer.toString(maxLength);
        Map<String, String> options =
                Map.of(
                        "truncation", "true",
                        "maxLength", limit,
                        "modelMaxLength", limit,
                        "stride", "0",
                        "padding", "false");
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(file.withoutLengths()), options);
        } catch (ModelLoadException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new ModelLoadException(
                    file.origin() + " is not a tokenizer: " + e.getMessage(), e);
        }
    }

    /**
     * Encodes one text.
     *
     * <p>The tokens are those of the whole text, cut. Of a text that does not fit, a beginning of 6
     * characters a token of the limit, ending before white space, is mostly enough. The others are
     * read whole if they are short. A long one is read window by window (16 characters a token of
     * the limit, at least 1,024, ending before white space where there is any) and only until more
     * tokens than fit were found; windows without tokens, such as pages of white space or invisible
     * characters, are dropped. So at most {@code maxLength + 1} windows are kept. The one text that
     * this cuts short of the limit is one with words of many thousand characters, and it is marked
     * as truncated.
     */
    public Tokens encode(String text) {
        String wellFormed = withoutLoneSurrogates(text);
        return ofBeginning(wellFormed)
                .orElseGet(() -> ofWhole(wellFormed))
                .withWords(Words.of(text));
    }

    /**
     * Encodes a pair of texts as the model's own classifiers read it, with the special tokens
     * between them. A pair that does not fit is cut at the end of the longer text until both are as
     * long, and then of both. Of a long text no more is read than {@link #encode(String)} reads.
     */
    public Tokens encode(String text, String pair) {
        Beginning first = new Beginning(withoutLoneSurrogates(text));
        Beginning second = new Beginning(withoutLoneSurrogates(pair));
        long encoding = LIB.encodeDual(tokenizer.getHandle(), first.kept, second.kept, true);
        try {
            int[] ids =
                    Arrays.stream(LIB.getTokenIds(encoding)).mapToInt(Math::toIntExact).toArray();
            int at = tellsPairsApart ? ofFirstType(LIB.getTypeIds(encoding)) : ids.length;
            boolean isCut = LIB.getOverflowCount(encoding) > 0;
            return new Tokens(ids, at, isCut || first.isCut || second.isCut, Words.of(text, pair));
        } finally {
            LIB.deleteEncoding(encoding);
        }
    }

    private static int ofFirstType(long[] types) {
        int at = 0;
        while (at < types.length && types[at] == 0) {
            at++;
        }
        return at;
    }

    /**
     * Encodes a text, or a pair of texts, in which there is something to read: a character that can
     * be seen, and a token beside the special ones. Empty where there is not.
     */
    public Optional<Tokens> read(String text, Optional<String> pair) {
        return read(text, pair, Reading.WHOLE);
    }

    /**
     * As {@link #read(String, Optional)}, in another way.
     *
     * @param pair the passage, of texts that are read in windows; without one there is nothing to
     *     read
     */
    public Optional<Tokens> read(String text, Optional<String> pair, Reading reading) {
        boolean isThere =
                reading == Reading.WINDOWS
                        ? pair.filter(VisibleText::isIn).isPresent()
                        : VisibleText.isIn(text, pair);
        if (!isThere) {
            return Optional.empty();
        }
        Tokens tokens =
                switch (reading) {
                    case WHOLE ->
                            pair.map(second -> encode(text, second)).orElseGet(() -> encode(text));
                    case PLACED -> placed(text, pair);
                    case WINDOWS -> windows(text, pair.orElseThrow());
                };
        int special = pair.isPresent() ? specialTokensOfPair : specialTokens;
        return tokens.ids().length > special ? Optional.of(tokens) : Optional.empty();
    }

    /** A text whose tokens' places are known, and maybe a second one, cut to the limit. */
    private Tokens placed(String text, Optional<String> pair) {
        String kept = beginning(text, window);
        Optional<Beginning> second = pair.map(other -> new Beginning(withoutLoneSurrogates(other)));
        boolean isCut =
                kept.length() < text.length() || second.map(other -> other.isCut).orElse(false);
        long encoding =
                second.isPresent()
                        ? LIB.encodeDual(tokenizer.getHandle(), kept, second.get().kept, true)
                        : LIB.encode(tokenizer.getHandle(), kept, true);
        try {
            return window(
                    encoding, 0, text, isCut || LIB.getOverflowCount(encoding) > 0, List.of());
        } finally {
            LIB.deleteEncoding(encoding);
        }
    }

    /**
     * A question, and the passage in which its answer is looked for: the passage is cut into
     * windows, and the question where it has more than half of what the special tokens leave.
     */
    private Tokens windows(String question, String passage) {
        String asked = shortened(beginning(question, window));
        String kept = beginning(passage, MOST_WINDOWS * window);
        boolean isCut = asked.length() < question.length() || kept.length() < passage.length();
        LIB.setTruncation(tokenizer.getHandle(), maxLength, "ONLY_SECOND", stride());
        long encoding = LIB.encodeDual(tokenizer.getHandle(), asked, kept, true);
        long[] rest = LIB.getOverflowing(encoding);
        try {
            List<Tokens> further = new ArrayList<>();
            for (int i = 0; i < Math.min(rest.length, MOST_WINDOWS - 1); i++) {
                further.add(window(rest[i], 1, passage, false, List.of()));
            }
            return window(encoding, 1, passage, isCut || further.size() < rest.length, further);
        } finally {
            for (long overflowing : rest) {
                LIB.deleteEncoding(overflowing);
            }
            LIB.deleteEncoding(encoding);
            truncateToLimit(maxLength);
        }
    }

    /** Less than a window has of the passage beside the longest question. */
    private int stride() {
        int room = maxLength - specialTokensOfPair;
        return Math.max(0, Math.min(Math.min(STRIDE, maxLength / 3), room - room / 2 - 1));
    }

    /** A question that leaves half of the limit to the passage. */
    private String shortened(String question) {
        truncateToLimit((maxLength - specialTokensOfPair) / 2);
        long encoding = LIB.encode(tokenizer.getHandle(), question, false);
        try {
            CharSpan[] spans = LIB.getTokenCharSpans(encoding);
            return LIB.getOverflowCount(encoding) == 0
                    ? question
                    : question.substring(
                            0, question.offsetByCodePoints(0, spans[spans.length - 1].getEnd()));
        } finally {
            LIB.deleteEncoding(encoding);
            truncateToLimit(maxLength);
        }
    }

    private void truncateToLimit(int tokens) {
        LIB.setTruncation(tokenizer.getHandle(), tokens, "LONGEST_FIRST", 0);
    }

    /**
     * Tokens of one encoding.
     *
     * @param sequence which of two texts has places: 0 or 1
     * @param text that one
     */
    private Tokens window(
            long encoding, int sequence, String text, boolean truncated, List<Tokens> further) {
        int[] ids = Arrays.stream(LIB.getTokenIds(encoding)).mapToInt(Math::toIntExact).toArray();
        CharSpan[] spans = LIB.getTokenCharSpans(encoding);
        long[] sequences = LIB.getSequenceIds(encoding);
        int[] starts = new int[ids.length];
        int[] ends = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            boolean isPlaced = spans[i] != null && sequences[i] == sequence;
            starts[i] = isPlaced ? spans[i].getStart() : Passage.OUTSIDE;
            ends[i] = isPlaced ? spans[i].getEnd() : Passage.OUTSIDE;
        }
        return new Tokens(
                ids,
                tellsPairsApart ? ofFirstType(LIB.getTypeIds(encoding)) : ids.length,
                truncated,
                new int[0],
                Optional.of(new Passage(text, starts, ends, further)));
    }

    /** The first characters of a text, whose places are those of the whole text. */
    private static String beginning(String text, int characters) {
        String wellFormed = withoutLoneSurrogates(text);
        if (wellFormed.length() <= characters) {
            return wellFormed;
        }
        boolean isWithinCharacter = Character.isLowSurrogate(wellFormed.charAt(characters));
        return wellFormed.substring(0, isWithinCharacter ? characters - 1 : characters);
    }

    /** As much of a text as matters. */
    private final class Beginning {

        private final String kept;
        private final boolean isCut;

        Beginning(String text) {
            if (text.length() <= window) {
                kept = text;
                isCut = false;
            } else {
                StringBuilder excerpt = new StringBuilder(window);
                isCut = excerpt(text, excerpt) < text.length();
                kept = excerpt.toString();
            }
        }
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    /** The tokens, if the beginning alone has more than fit. */
    private Optional<Tokens> ofBeginning(String text) {
        int end = windowEnd(text, 0, beginning);
        if (end == text.length() || !isEndOfWord(text, end)) {
            return Optional.empty();
        }
        Cut cut = cut(text.substring(0, end), true);
        return cut.exceeds() ? Optional.of(tokens(cut, true)) : Optional.empty();
    }

    private Tokens ofWhole(String text) {
        if (text.length() <= window) {
            return tokens(cut(text, true), false);
        }
        StringBuilder kept = new StringBuilder(window);
        int end = excerpt(text, kept);
        return tokens(cut(kept.toString(), true), end < text.length());
    }

    private static Tokens tokens(Cut cut, boolean truncated) {
        int[] ids = Arrays.stream(cut.ids()).mapToInt(Math::toIntExact).toArray();
        return new Tokens(ids, truncated || cut.exceeds());
    }

    /** DJL's own method also makes objects of each token's text and place, which take longer. */
    private Cut cut(String text, boolean specialTokens) {
        long encoding = LIB.encode(tokenizer.getHandle(), text, specialTokens);
        try {
            return new Cut(LIB.getTokenIds(encoding), LIB.getOverflowCount(encoding) > 0);
        } finally {
            LIB.deleteEncoding(encoding);
        }
    }

    /** Appends the beginning of {@code text} that matters to {@code kept}; returns its end. */
    private int excerpt(String text, StringBuilder kept) {
        int at = 0;
        int found = 0;
        while (at < text.length() && found <= maxLength) {
            int start = keepsBlanks ? at : skipBlanks(text, at);
            int end = windowEnd(text, start, window);
            String part = text.substring(start, end);
            int tokens = count(part);
            if (start > at) {
                kept.append(' ');
            }
            if (tokens > 0 || keepsBlanks) {
                kept.append(part);
            }
            found += tokens;
            at = end;
        }
        return at;
    }

    /** Tokens of a part of a text without special tokens; more than the limit count as one more. */
    private int count(String part) {
        Cut cut = cut(part, false);
        return cut.ids().length + (cut.exceeds() ? 1 : 0);
    }

    private int windowEnd(String text, int start, int size) {
        int limit = start + size;
        if (limit >= text.length()) {
            return text.length();
        }
        for (int end = limit; end > start; end--) {
            if (isEndOfWord(text, end)) {
                return end;
            }
        }
        return Character.isLowSurrogate(text.charAt(limit)) ? limit - 1 : limit;
    }

    /** Whether the tokens before {@code end} are the same whatever comes from there on. */
    private boolean isEndOfWord(String text, int end) {
        return isBlank(text.charAt(end)) && !(keepsBlanks && isBlank(text.charAt(end - 1)));
    }

    private static int skipBlanks(String text, int from) {
        int at = from;
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    /**
     * Half a surrogate pair is no character: the native tokenizer would misread every other pair of
     * the text with it.
     */
    private static String withoutLoneSurrogates(String text) {
        StringBuilder fixed = null;
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) {
                continue;
            }
            if (Character.isHighSurrogate(text.charAt(i))
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else {
                fixed = fixed == null ? new StringBuilder(text) : fixed;
                fixed.setCharAt(i, '\uFFFD');
            }
        }
        return fixed == null ? text : fixed.toString();
    }
}
