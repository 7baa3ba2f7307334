package io.rankstream.adapters.tokens;

import static ai.djl.huggingface.tokenizers.jni.TokenizersLibrary.LIB;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import io.rankstream.adapters.engine.TensorEngine;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.weights.ModelLoadException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Turns texts into the token ids of a base model: special tokens around them, cut to a limit, never
 * padded. tokenizer_config.json counts as transformers counts it. What the model's own
 * tokenizer.json says of truncation and padding does not. Not thread-safe; close it to free native
 * memory.
 */
public final class TextEncoder implements AutoCloseable {

    /** The least limit of tokens: the special ones of a pair, and some of either text. */
    public static final int LEAST_LIMIT = 8;

    /** Characters a token is granted at first: most texts need fewer. */
    private static final int CHARACTERS_PER_TOKEN = 6;

    /** Characters a token is granted before a text counts as long. */
    private static final int CHARACTERS_PER_LONG_TOKEN = 16;

    private static final int SMALLEST_WINDOW = 1024;

    /** Tokens that a window of a passage has of the one before it, a third of the limit at most. */
    private static final int STRIDE = 128;

    private static final int MOST_WINDOWS = 32;

    /** Tokens or characters above this are no text's. */
    private static final int ENDLESS = 1 << 28;

    /** Characters of many kinds, some of which no vocabulary has. */
    static final String PROBE = "a \u00e9 \u4e2d \ud83d\ude42 \ue000 \udbff\udffd 7.";

    /** Token ids up to the limit, and whether there are more. */
    private record Cut(long[] ids, boolean exceeds) {}

    /**
     * Tokens with their places in one of the texts that they are of.
     *
     * @param starts {@link Passage#OUTSIDE} for tokens that are not of that text
     * @param ends likewise
     * @param types which of the two texts each is of, for a model that tells them apart
     */
    private record Placed(int[] ids, int[] starts, int[] ends, int[] types) {

        /** Which of them are of the text. */
        int[] ofText() {
            return IntStream.range(0, ids.length)
                    .filter(token -> starts[token] != Passage.OUTSIDE)
                    .toArray();
        }

        /** Some of them. */
        Placed only(int[] tokens) {
            return new Placed(
                    pick(ids, tokens),
                    pick(starts, tokens),
                    pick(ends, tokens),
                    pick(types, tokens));
        }

        Tokens in(String text, boolean truncated, List<Tokens> further) {
            return new Tokens(
                    ids,
                    ofFirstType(types),
                    truncated,
                    new int[0],
                    Optional.of(new Passage(text, starts, ends, further)));
        }
    }

    private final HuggingFaceTokenizer tokenizer;
    private final boolean keepsBlanks;
    private final boolean tellsPairsApart;
    private final int maxLength;
    private final int beginning;
    private final int window;

    /** Tokens that every text has, an empty one too. */
    private final int specialTokens;

    private final int specialTokensOfPair;

    private TextEncoder(HuggingFaceTokenizer tokenizer, TokenizerFile file, int maxLength)
            throws ModelLoadException {
        this.tokenizer = tokenizer;
        this.keepsBlanks = file.json().keepsBlanks();
        this.tellsPairsApart = file.model().tokenTypes() > 1;
        this.maxLength = maxLength;
        this.beginning = times(CHARACTERS_PER_TOKEN, maxLength);
        this.window = Math.max(SMALLEST_WINDOW, times(CHARACTERS_PER_LONG_TOKEN, maxLength));
        this.specialTokens = cut("", true).ids().length;
        this.specialTokensOfPair = ofPair("").length;
        if (maxLength < specialTokensOfPair + 2) {
            throw new ModelLoadException(
                    "the token limit is %d, but %s puts %d special tokens around a pair of texts, expected a limit of %d or more: raise model.max-length"
                            .formatted(
                                    maxLength,
                                    file.origin(),
                                    specialTokensOfPair,
                                    specialTokensOfPair + 2));
        }
        requireReadable(file);
        truncateToLimit(maxLength);
    }

    private static int times(int count, int size) {
        return (int) Math.min(ENDLESS, (long) count * size);
    }

    /**
     * Checks that a text and a pair are what they are taken for, and have ids that the model has.
     * What no vocabulary has is read, too.
     */
    private void requireReadable(TokenizerFile file) throws ModelLoadException {
        int tokens = cut(PROBE, false).ids().length;
        long[] alone = cut(PROBE, true).ids();
        long[] ofPair = ofPair(PROBE);
        if (alone.length != specialTokens + tokens
                || ofPair.length != specialTokensOfPair + 2 * tokens) {
            throw new ModelLoadException(
                    "the post_processor of %s puts something else than special tokens around a text or a pair, expected each text there once"
                            .formatted(file.origin()));
        }
        long largest =
                LongStream.concat(Arrays.stream(alone), Arrays.stream(ofPair)).max().orElse(-1);
        if (largest >= file.model().vocabSize()) {
            throw new ModelLoadException(
                    "the post_processor of %s adds the token id %d, expected ids below the model's vocab_size %d"
                            .formatted(file.origin(), largest, file.model().vocabSize()));
        }
    }

    private long[] ofPair(String both) {
        long encoding = LIB.encodeDual(tokenizer.getHandle(), both, both, true);
        try {
            return LIB.getTokenIds(encoding);
        } finally {
            LIB.deleteEncoding(encoding);
        }
    }

    /**
     * Opens the tokenizer of a base model. DJL's property {@code ai.djl.offline} keeps it off the
     * network.
     *
     * @param maxLength most tokens of a text, special tokens included; from {@value #LEAST_LIMIT}
     *     to the model's number of positions
     * @throws ModelLoadException if config.json or tokenizer.json is missing or unusable, the
     *     tokenizer knows ids that the model does not or cannot read every text,
     *     tokenizer_config.json says what cannot be followed, or {@code maxLength} is out of range
     */
    public static TextEncoder open(ModelSource source, int maxLength) throws ModelLoadException {
        TokenizerFile file = TokenizerFile.of(source);
        file.requireWithinItsLength(maxLength);
        file.requireIdsWithin(file.model().vocabSize());
        HuggingFaceTokenizer tokenizer = tokenizer(file);
        try {
            return new TextEncoder(tokenizer, file, maxLength);
        } catch (ModelLoadException e) {
            tokenizer.close();
            throw e;
        } catch (RuntimeException e) {
            tokenizer.close();
            throw new ModelLoadException(
                    "%s is a tokenizer that cannot read every text: %s, expected one with a token for what its vocabulary lacks"
                            .formatted(file.origin(), e.getMessage()),
                    e);
        }
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

    private static HuggingFaceTokenizer tokenizer(TokenizerFile file) throws ModelLoadException {
        TensorEngine.choose(null); // DJL looks for GPUs here already
        try {
            return tokenizer(file.withoutLengths());
        } catch (ModelLoadException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new ModelLoadException(
                    "%s is not a tokenizer: its %s cannot be read: %s, expected what the library tokenizers of Hugging Face writes"
                            .formatted(file.origin(), unreadablePart(file), e.getMessage()),
                    e);
        }
    }

    private static HuggingFaceTokenizer tokenizer(byte[] json) throws IOException {
        return HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(json), Map.of("truncation", "false", "padding", "false"));
    }

    /** The library does not say which part it stops at: the one without which it does not. */
    private static String unreadablePart(TokenizerFile file) throws ModelLoadException {
        for (String part : TokenizerParts.OPTIONAL) {
            try {
                tokenizer(file.withoutLengthsAnd(part)).close();
                return part;
            } catch (ModelLoadException e) {
                throw e;
            } catch (IOException | RuntimeException ignored) {
                // It is another part, too.
            }
        }
        return "model";
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
        long encoding = encodePair(first.kept, second.kept);
        try {
            long[] ids = LIB.getTokenIds(encoding);
            int[] fitting = fitting(LIB.getSequenceIds(encoding));
            return new Tokens(
                    pick(ints(ids), fitting),
                    ofFirstType(pick(types(encoding), fitting)),
                    first.isCut || second.isCut || fitting.length < ids.length,
                    Words.of(text, pair));
        } finally {
            LIB.deleteEncoding(encoding);
        }
    }

    /** All tokens: a pair's are cut here, as the native tokenizer joins all that it cuts off. */
    private long encodePair(String first, String second) {
        LIB.disableTruncation(tokenizer.getHandle());
        try {
            return LIB.encodeDual(tokenizer.getHandle(), first, second, true);
        } finally {
            truncateToLimit(maxLength);
        }
    }

    /**
     * Which tokens of a pair fit.
     *
     * @param sequences 0 and 1 of the texts' tokens
     */
    private int[] fitting(long[] sequences) {
        int first = (int) Arrays.stream(sequences).filter(text -> text == 0).count();
        int second = (int) Arrays.stream(sequences).filter(text -> text == 1).count();
        int room = maxLength - specialTokensOfPair;
        int shorter = Math.min(Math.min(first, second), room / 2);
        int[] left = {
            first > second ? Math.min(first, room - shorter) : shorter,
            first > second ? shorter : Math.min(second, room - shorter)
        };
        return IntStream.range(0, sequences.length)
                .filter(
                        token ->
                                (sequences[token] != 0 && sequences[token] != 1)
                                        || left[(int) sequences[token]]-- > 0)
                .toArray();
    }

    private static int[] pick(int[] values, int[] places) {
        return Arrays.stream(places).map(place -> values[place]).toArray();
    }

    private static int ofFirstType(int[] types) {
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
        if (!reading.sees(text, pair)) {
            return Optional.empty();
        }
        Tokens tokens =
                switch (reading) {
                    case WHOLE ->
                            pair.map(second -> encode(text, second)).orElseGet(() -> encode(text));
                    case PLACED -> placed(text, pair);
                    case WINDOWS -> windows(text, pair.orElseThrow());
                };
        return hasText(tokens, pair.isPresent(), reading) ? Optional.of(tokens) : Optional.empty();
    }

    private boolean hasText(Tokens tokens, boolean isPair, Reading reading) {
        if (reading == Reading.WINDOWS) {
            Passage passage = tokens.passage().orElseThrow();
            return IntStream.range(0, tokens.ids().length).anyMatch(passage::has);
        }
        return tokens.ids().length > (isPair ? specialTokensOfPair : specialTokens);
    }

    /** A text whose tokens' places are known, and maybe a second one, cut to the limit. */
    private Tokens placed(String text, Optional<String> pair) {
        String kept = beginning(text, window);
        return pair.isPresent()
                ? placed(text, kept, new Beginning(withoutLoneSurrogates(pair.get())))
                : placed(text, kept);
    }

    private Tokens placed(String text, String kept) {
        long encoding = LIB.encode(tokenizer.getHandle(), kept, true);
        try {
            boolean isCut = kept.length() < text.length() || LIB.getOverflowCount(encoding) > 0;
            return placed(encoding, 0).in(text, isCut, List.of());
        } finally {
            LIB.deleteEncoding(encoding);
        }
    }

    private Tokens placed(String text, String kept, Beginning pair) {
        long encoding = encodePair(kept, pair.kept);
        try {
            Placed whole = placed(encoding, 0);
            int[] fitting = fitting(LIB.getSequenceIds(encoding));
            boolean isCut =
                    kept.length() < text.length()
                            || pair.isCut
                            || fitting.length < whole.ids().length;
            return whole.only(fitting).in(text, isCut, List.of());
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
        String kept = beginning(passage, times(MOST_WINDOWS, window));
        boolean isCut = asked.length() < question.length() || kept.length() < passage.length();
        long encoding = encodeQuestion(asked, kept);
        try {
            boolean exceeds = LIB.getOverflowCount(encoding) > 0;
            return windows(placed(encoding, 1), passage, isCut || exceeds);
        } finally {
            LIB.deleteEncoding(encoding);
        }
    }

    /** All tokens that are in any window, at least. */
    private long encodeQuestion(String question, String passage) {
        int most = times(MOST_WINDOWS, maxLength);
        LIB.setTruncation(tokenizer.getHandle(), most, "ONLY_SECOND", 0);
        try {
            return LIB.encodeDual(tokenizer.getHandle(), question, passage, true);
        } finally {
            truncateToLimit(maxLength);
        }
    }

    /** Each window has what is around the passage, and as many of its tokens as fit. */
    private Tokens windows(Placed whole, String passage, boolean isCut) {
        int[] ofPassage = whole.ofText();
        if (ofPassage.length == 0) {
            return whole.in(passage, isCut, List.of());
        }
        int first = ofPassage[0];
        int end = first + ofPassage.length;
        int room = maxLength - (whole.ids().length - ofPassage.length);
        List<Placed> parts = new ArrayList<>();
        int stop = first;
        for (int at = first; stop < end && parts.size() < MOST_WINDOWS; at += room - stride()) {
            stop = Math.min(at + room, end);
            parts.add(whole.only(joined(first, at, stop, end, whole.ids().length)));
        }
        List<Tokens> further =
                parts.stream().skip(1).map(part -> part.in(passage, false, List.of())).toList();
        return parts.get(0).in(passage, isCut || stop < end, further);
    }

    /** Tokens up to {@code first}, from {@code at} to {@code stop}, and from {@code end} on. */
    private static int[] joined(int first, int at, int stop, int end, int all) {
        return Stream.of(
                        IntStream.range(0, first),
                        IntStream.range(at, stop),
                        IntStream.range(end, all))
                .flatMapToInt(part -> part)
                .toArray();
    }

    /** Less than a window has of the passage beside the longest question. */
    private int stride() {
        int room = maxLength - specialTokensOfPair;
        return Math.min(Math.min(STRIDE, maxLength / 3), room - room / 2 - 1);
    }

    /**
     * A question that leaves half of the limit to the passage: its beginning, up to the end of a
     * token. What is left may have other tokens than it had in the whole, and a character several,
     * so it is measured again, and each time it gets shorter.
     */
    private String shortened(String question) {
        int most = (maxLength - specialTokensOfPair) / 2;
        truncateToLimit(most);
        try {
            String asked = question;
            int end = endOfFitting(asked);
            while (end < asked.length()) {
                asked = asked.substring(0, end);
                end = endOfFitting(asked);
            }
            return asked;
        } finally {
            truncateToLimit(maxLength);
        }
    }

    /** Where the last token ends that fits, but before the end of a text that does not fit. */
    private int endOfFitting(String text) {
        long encoding = LIB.encode(tokenizer.getHandle(), text, false);
        try {
            if (LIB.getOverflowCount(encoding) == 0) {
                return text.length();
            }
            CharSpan[] spans = LIB.getTokenCharSpans(encoding);
            int end = text.offsetByCodePoints(0, spans[spans.length - 1].getEnd());
            return Math.min(end, text.offsetByCodePoints(text.length(), -1));
        } finally {
            LIB.deleteEncoding(encoding);
        }
    }

    private void truncateToLimit(int tokens) {
        LIB.setTruncation(tokenizer.getHandle(), tokens, "LONGEST_FIRST", 0);
    }

    /**
     * Tokens of one encoding.
     *
     * @param sequence which of two texts has places: 0 or 1
     */
    private Placed placed(long encoding, int sequence) {
        int[] ids = ints(LIB.getTokenIds(encoding));
        CharSpan[] spans = LIB.getTokenCharSpans(encoding);
        long[] sequences = LIB.getSequenceIds(encoding);
        int[] starts = new int[ids.length];
        int[] ends = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            boolean isPlaced = spans[i] != null && sequences[i] == sequence;
            starts[i] = isPlaced ? spans[i].getStart() : Passage.OUTSIDE;
            ends[i] = isPlaced ? spans[i].getEnd() : Passage.OUTSIDE;
        }
        return new Placed(ids, starts, ends, types(encoding));
    }

    /** Those of the tokens; all the same where the model does not tell a pair apart. */
    private int[] types(long encoding) {
        long[] types = LIB.getTypeIds(encoding);
        return tellsPairsApart ? ints(types) : new int[types.length];
    }

    private static int[] ints(long[] values) {
        return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
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
        return new Tokens(ints(cut.ids()), truncated || cut.exceeds());
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
