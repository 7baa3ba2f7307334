package io.rankstream.adapters.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
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

    /** Id of a token of the vocabulary or of an added one; empty if there is none. */
    OptionalInt idOf(String token) {
        JsonNode vocabulary = vocabulary();
        if (vocabulary.path(token).isInt()) {
            return OptionalInt.of(vocabulary.get(token).intValue());
        }
        for (int id = 0; vocabulary.isArray() && id < vocabulary.size(); id++) {
            if (vocabulary.get(id).path(0).asText().equals(token)) {
                return OptionalInt.of(id);
            }
        }
        return StreamSupport.stream(addedTokens().spliterator(), false)
                .filter(added -> added.path("content").asText().equals(token))
                .mapToInt(added -> added.path("id").asInt(-1))
                .filter(id -> id >= 0)
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
