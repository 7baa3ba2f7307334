package io.rankstream.adapters.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.weights.ModelLoadException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Content of a tokenizer.json, as the library of Hugging Face reads it.
 *
 * @param root the whole of it
 */
record TokenizerJson(ObjectNode root) {

    /** Pre-tokenizers to which any number of blanks is as good as one. */
    private static final Set<String> SPLIT_AT_BLANKS =
            Set.of("BertPreTokenizer", "Whitespace", "WhitespaceSplit");

    /** What else is said of an added token. */
    static final List<String> FLAGS =
            List.of("single_word", "lstrip", "rstrip", "normalized", "special");

    /**
     * What was read of a file.
     *
     * @param origin where it was read, for messages
     * @throws ModelLoadException if a part is not of the kind that it should be
     */
    static TokenizerJson of(ObjectNode root, String origin) throws ModelLoadException {
        new TokenizerParts(root, origin).require();
        return new TokenizerJson(root);
    }

    /** The same without one of its parts. */
    TokenizerJson without(String part) {
        ObjectNode less = root.deepCopy();
        less.remove(part);
        return new TokenizerJson(less);
    }

    /** Id of a token of the vocabulary or of an added one; empty if there is none. */
    OptionalInt idOf(String token) {
        OptionalInt ofVocabulary = idInVocabulary(token);
        return ofVocabulary.isPresent()
                ? ofVocabulary
                : StreamSupport.stream(addedTokens().spliterator(), false)
                        .filter(added -> added.path("content").asText().equals(token))
                        .mapToInt(added -> added.path("id").asInt(-1))
                        .filter(id -> id >= 0)
                        .findFirst();
    }

    private OptionalInt idInVocabulary(String token) {
        JsonNode vocabulary = vocabulary();
        if (vocabulary.path(token).isInt()) {
            return OptionalInt.of(vocabulary.get(token).intValue());
        }
        for (int id = 0; vocabulary.isArray() && id < vocabulary.size(); id++) {
            if (vocabulary.get(id).path(0).asText().equals(token)) {
                return OptionalInt.of(id);
            }
        }
        return OptionalInt.empty();
    }

    /** A token of the vocabulary, or an added one, that has an id; empty if none has. */
    Optional<String> tokenOf(int id) {
        JsonNode vocabulary = vocabulary();
        if (vocabulary.isArray() && id < vocabulary.size()) {
            return Optional.of(vocabulary.get(id).path(0).asText());
        }
        return Stream.concat(
                        vocabulary.properties().stream()
                                .filter(token -> token.getValue().intValue() == id)
                                .map(Map.Entry::getKey),
                        addedTokens()
                                .valueStream()
                                .filter(added -> added.path("id").asInt(-1) == id)
                                .map(added -> added.path("content").asText()))
                .findFirst();
    }

    /** Id of the token for what the vocabulary does not have; empty if there is none. */
    OptionalInt unknownToken() {
        JsonNode model = root.path("model");
        return model.path("unk_id").isInt()
                ? OptionalInt.of(model.get("unk_id").intValue())
                : idOf(model.path("unk_token").asText());
    }

    /** The largest id of any token, -1 if there is none. */
    int largestId() {
        JsonNode vocabulary = vocabulary();
        int largest = vocabulary.isArray() ? vocabulary.size() - 1 : -1;
        if (vocabulary.isObject()) {
            for (JsonNode id : vocabulary) {
                largest = Math.max(largest, id.asInt(-1));
            }
        }
        for (JsonNode token : addedTokens()) {
            largest = Math.max(largest, token.path("id").asInt(-1));
        }
        return Math.max(largest, largestCounted());
    }

    /** The library counts added tokens on, whatever ids the file gives them; -1 for none. */
    private int largestCounted() {
        int size = vocabulary().size();
        int largest = -1;
        Set<String> counted = new HashSet<>();
        for (JsonNode token : addedTokens()) {
            String content = token.path("content").asText();
            if (counted.add(content)) {
                largest =
                        Math.max(
                                largest,
                                idInVocabulary(content).orElse(Math.max(size, largest + 1)));
            }
        }
        return largest;
    }

    /** Ids of the added tokens, in their order. */
    int[] addedIds() {
        return addedTokens().valueStream().mapToInt(token -> token.path("id").asInt(-1)).toArray();
    }

    /** Whether blanks between words make a difference to the tokens. */
    boolean keepsBlanks() {
        JsonNode part = root.path("pre_tokenizer");
        JsonNode first =
                part.path("type").asText().equals("Sequence")
                        ? part.path("pretokenizers").path(0)
                        : part;
        return !SPLIT_AT_BLANKS.contains(first.path("type").asText());
    }

    /** Adds a token unless there is one of its text among the added. */
    void addToken(int id, JsonNode token) {
        String content = token.path("content").asText();
        ArrayNode added = addedTokens();
        for (JsonNode known : added) {
            if (known.path("content").asText().equals(content)) {
                return;
            }
        }
        ObjectNode entry = added.addObject().put("id", id).put("content", content);
        for (String flag : FLAGS) {
            entry.put(flag, token.path(flag).asBoolean(false));
        }
    }

    private JsonNode vocabulary() {
        return root.path("model").path("vocab");
    }

    private ArrayNode addedTokens() {
        return root.withArray("added_tokens");
    }
}
