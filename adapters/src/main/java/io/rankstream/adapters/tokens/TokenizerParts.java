package io.rankstream.adapters.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.weights.ModelLoadException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Checks the parts of a tokenizer.json for what is read of them here, and for what the library of
 * Hugging Face takes for granted: it ends the process where that is not so.
 *
 * @param root the whole of it
 * @param origin where it was read, for messages
 */
record TokenizerParts(ObjectNode root, String origin) {

    private static final String NORMALIZER = "normalizer";
    private static final String POST_PROCESSOR = "post_processor";

    /** Parts that may be missing. */
    static final List<String> OPTIONAL =
            List.of(NORMALIZER, "pre_tokenizer", POST_PROCESSOR, "decoder");

    private static final String VERSION = "1.0";

    /** Characters of a value that a message shows. */
    private static final int MOST_SHOWN = 60;

    /**
     * Checks all.
     *
     * @throws ModelLoadException if a part is not what it should be
     */
    void require() throws ModelLoadException {
        JsonNode version = root.path("version");
        if (!version.isMissingNode() && !version.asText().equals(VERSION)) {
            throw unexpected("version", version, "'" + VERSION + "'");
        }
        for (String part : OPTIONAL) {
            JsonNode found = root.path(part);
            if (!found.isObject() && !found.isNull() && !found.isMissingNode()) {
                throw unexpected(part, found, "an object, or null for none");
            }
        }
        requireAddedTokens(root.path("added_tokens"));
        JsonNode model = root.path("model");
        if (!model.isObject()) {
            throw unexpected("model", model, "an object with a vocabulary");
        }
        requireVocabulary(model.path("vocab"));
        requireOneIdForEach(model.path("vocab"), root.path("added_tokens"));
        requireWordLength(model.path("max_input_chars_per_word"));
        requireMerges(model);
        requireNormalizer(root.path(NORMALIZER));
        requirePostProcessor(root.path(POST_PROCESSOR));
    }

    private void requireAddedTokens(JsonNode added) throws ModelLoadException {
        if (!added.isArray() && !added.isMissingNode()) {
            throw unexpected("added_tokens", added, "a list of tokens");
        }
        for (JsonNode token : added) {
            JsonNode content = token.path("content");
            boolean hasFlags =
                    TokenizerJson.FLAGS.stream()
                            .map(token::path)
                            .allMatch(flag -> flag.isMissingNode() || flag.isBoolean());
            if (!content.isTextual()
                    || content.textValue().isEmpty()
                    || !isId(token.path("id"))
                    || !hasFlags) {
                throw unexpected(
                        "added_tokens",
                        token,
                        "tokens, each with its content, a text, its id, a number, and each of %s true or false"
                                .formatted(TokenizerJson.FLAGS));
            }
        }
    }

    private void requireVocabulary(JsonNode vocabulary) throws ModelLoadException {
        if (vocabulary.isEmpty()) {
            throw unexpected("model.vocab", vocabulary, "ids by their tokens, or a list of tokens");
        }
        for (Map.Entry<String, JsonNode> token : vocabulary.properties()) {
            if (!isId(token.getValue())) {
                throw unexpected(
                        "model.vocab of " + Excerpt.of(token.getKey()),
                        token.getValue(),
                        "an id, a number");
            }
        }
    }

    /** Of two tokens of one id, nobody knows which one the model has learned. */
    private void requireOneIdForEach(JsonNode vocabulary, JsonNode added)
            throws ModelLoadException {
        Map<Integer, String> tokens = new HashMap<>();
        Map<String, Integer> ids = new HashMap<>();
        for (Map.Entry<String, JsonNode> token : vocabulary.properties()) {
            int id = token.getValue().intValue();
            ids.put(token.getKey(), id);
            String other = tokens.putIfAbsent(id, token.getKey());
            if (other != null) {
                throw unexpected(
                        "model.vocab of " + Excerpt.of(token.getKey()),
                        token.getValue(),
                        "an id that no other token has, as %s does".formatted(Excerpt.of(other)));
            }
        }
        for (int id = 0; vocabulary.isArray() && id < vocabulary.size(); id++) {
            String token = vocabulary.get(id).path(0).asText();
            tokens.put(id, token);
            Integer before = ids.putIfAbsent(token, id);
            if (before != null) {
                throw unexpected(
                        "model.vocab at " + id,
                        vocabulary.get(id),
                        "a token that is not there before, as this is at " + before);
            }
        }
        requireFreeIds(added, ids);
        requireOwnIds(added, tokens);
    }

    /** The library counts added tokens on from the size of the vocabulary, which may have holes. */
    private void requireFreeIds(JsonNode added, Map<String, Integer> vocabulary)
            throws ModelLoadException {
        Set<Integer> taken = new HashSet<>(vocabulary.values());
        Set<String> known = new HashSet<>(vocabulary.keySet());
        for (JsonNode token : added) {
            int next = known.size();
            if (known.add(token.get("content").textValue()) && taken.contains(next)) {
                throw unexpected(
                        "added_tokens",
                        token,
                        "tokens of model.vocab alone, since that has %d tokens with ids up to %d: this one would get the id %d, which another has"
                                .formatted(
                                        vocabulary.size(),
                                        taken.stream().max(Comparator.naturalOrder()).orElseThrow(),
                                        next));
            }
        }
    }

    private void requireOwnIds(JsonNode added, Map<Integer, String> tokens)
            throws ModelLoadException {
        for (JsonNode token : added) {
            String content = token.get("content").textValue();
            String other = tokens.putIfAbsent(token.get("id").intValue(), content);
            if (other != null && !other.equals(content)) {
                throw unexpected(
                        "added_tokens",
                        token,
                        "an id that no other token has, as %s does".formatted(Excerpt.of(other)));
            }
        }
    }

    /** A word of more characters is read as unknown: with none, every word is. */
    private void requireWordLength(JsonNode most) throws ModelLoadException {
        if (!most.isMissingNode() && (!most.isIntegralNumber() || most.longValue() < 1)) {
            throw unexpected("model.max_input_chars_per_word", most, "a whole number from 1 on");
        }
    }

    private static boolean isId(JsonNode id) {
        return id.isInt() && id.intValue() >= 0;
    }

    /** The second piece of each merge is taken to begin with the prefix. */
    private void requireMerges(JsonNode model) throws ModelLoadException {
        String prefix = model.path("continuing_subword_prefix").asText("");
        if (prefix.isEmpty()) {
            return;
        }
        for (JsonNode merge : model.path("merges")) {
            String second =
                    merge.isArray()
                            ? merge.path(1).asText()
                            : merge.asText().substring(merge.asText().indexOf(' ') + 1);
            if (!second.startsWith(prefix)) {
                throw unexpected(
                        "model.merges",
                        merge,
                        "a second piece that begins with the continuing_subword_prefix "
                                + Excerpt.of(prefix));
            }
        }
    }

    /** Something is taken to be replaced, and by a table that is whole. */
    private void requireNormalizer(JsonNode normalizer) throws ModelLoadException {
        for (JsonNode part : normalizer.path("normalizers")) {
            requireNormalizer(part);
        }
        JsonNode pattern = normalizer.path("pattern");
        if (pattern.path("String").asText("x").isEmpty()
                || matchesNothing(pattern.path("Regex").asText("x"))) {
            throw unexpected(NORMALIZER, normalizer, "no pattern that matches an empty text");
        }
        if (normalizer.path("type").asText().equals("Precompiled")
                && !isCharsmap(normalizer.path("precompiled_charsmap"))) {
            throw unexpected(
                    NORMALIZER,
                    normalizer,
                    "a precompiled_charsmap as SentencePiece writes it, in Base64");
        }
    }

    private static boolean matchesNothing(String regex) {
        try {
            return Pattern.compile(regex)
                    .matcher(TextEncoder.PROBE)
                    .results()
                    .anyMatch(found -> found.start() == found.end());
        } catch (PatternSyntaxException e) {
            return false; // The library has other syntax, too, and judges it.
        }
    }

    /** The size of a trie in bytes, the trie, and the texts that it leads to. */
    private static boolean isCharsmap(JsonNode text) {
        if (!text.isTextual()) {
            return false;
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(text.textValue());
            ByteBuffer content = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            int trie = content.remaining() < Integer.BYTES ? 0 : content.getInt();
            if (trie <= 0 || trie % Integer.BYTES != 0 || trie > content.remaining()) {
                return false;
            }
            content.position(Integer.BYTES + trie);
            StandardCharsets.UTF_8.newDecoder().decode(content);
            return true;
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return false;
        }
    }

    /** A template is taken to know each of its special tokens. */
    private void requirePostProcessor(JsonNode processor) throws ModelLoadException {
        for (JsonNode part : processor.path("processors")) {
            requirePostProcessor(part);
        }
        JsonNode known = processor.path("special_tokens");
        for (JsonNode token : known) {
            if (token.path("ids").size() != token.path("tokens").size()) {
                throw unexpected(POST_PROCESSOR, token, "as many ids as tokens");
            }
        }
        for (String template : List.of("single", "pair")) {
            for (JsonNode piece : processor.path(template)) {
                JsonNode token = piece.path("SpecialToken").path("id");
                if (!token.isMissingNode() && !known.has(token.asText())) {
                    throw unexpected(
                            POST_PROCESSOR, piece, "a token that is among its special_tokens");
                }
                if (!isId(piece.findPath("type_id"))) {
                    throw unexpected(POST_PROCESSOR, piece, "a type_id, a number");
                }
            }
        }
    }

    private ModelLoadException unexpected(String part, JsonNode found, String expected) {
        String said =
                found.isMissingNode()
                        ? "has no " + part
                        : "says %s %s"
                                .formatted(part, Excerpt.printable(found.toString(), MOST_SHOWN));
        return new ModelLoadException("%s %s, expected %s".formatted(origin, said, expected));
    }
}
