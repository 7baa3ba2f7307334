package io.rankstream.adapters.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.weights.ModelLoadException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Hugging Face's tokenizer_config.json, which has the last word where it and tokenizer.json differ:
 * of a {@link TokenizerClass}, transformers builds the tokenizer out of the vocabulary and these
 * settings. For any other class tokenizer.json counts as it is.
 *
 * @param file where it was read, for messages
 * @param json its content
 * @param tokenizerFile where tokenizer.json was read, for messages
 */
record TokenizerConfig(Path file, ObjectNode json, String tokenizerFile) {

    /** Limits above this stand for none. */
    private static final double NO_LIMIT = 1e6;

    /**
     * Makes {@code tokenizer} what transformers makes of it.
     *
     * @param modelType what config.json calls the model, which decides where no class is named
     * @throws ModelLoadException if the two differ in something that cannot be followed
     */
    void applyTo(TokenizerJson tokenizer, String modelType) throws ModelLoadException {
        if (json.path("truncation_side").asText("right").equals("left")) {
            throw refused("truncation_side 'left'", "'right': texts are cut at their end");
        }
        if (json.path("split_special_tokens").asBoolean(false)) {
            throw refused(
                    "split_special_tokens true", "false: special tokens in a text stay whole");
        }
        JsonNode named = json.path("tokenizer_class");
        Optional<TokenizerClass> known =
                TokenizerClass.of(named.isNull() ? "" : named.asText(""), modelType);
        if (known.isPresent()) {
            known.get().build(tokenizer, this);
        }
        addTokens(tokenizer);
    }

    /**
     * Checks the limit of tokens.
     *
     * @throws ModelLoadException if {@code maxLength} is more than the tokenizer was made for
     */
    void requireWithin(int maxLength) throws ModelLoadException {
        JsonNode limit = json.path("model_max_length");
        if (limit.isNumber() && limit.asDouble() < NO_LIMIT && maxLength > limit.asDouble()) {
            throw new ModelLoadException(
                    "the token limit is %d, but %s says model_max_length %s, expected no more than that: lower model.max-length"
                            .formatted(maxLength, file, limit));
        }
    }

    /** The text of a special token. */
    String token(String field, String absent) {
        JsonNode value = json.path(field);
        return value.isObject() ? value.path("content").asText(absent) : value.asText(absent);
    }

    /** Id of a special token that has to be there. */
    int requireToken(TokenizerJson tokenizer, String token) throws ModelLoadException {
        OptionalInt id = tokenizer.idOf(token);
        if (id.isEmpty()) {
            throw new ModelLoadException(
                    "%s takes '%s' for a special token, but %s has no such token, expected one of its vocabulary"
                            .formatted(file, token, tokenizerFile));
        }
        return id.getAsInt();
    }

    /** Makes a token special, if there is one of this text: a text that spells it has it whole. */
    void addSpecial(TokenizerJson tokenizer, String token) {
        add(tokenizer, json.objectNode().put("content", token).put("special", true));
    }

    /** The same of a token for a gap, which takes the blanks before it with it. */
    void addMask(TokenizerJson tokenizer, String token) {
        add(
                tokenizer,
                json.objectNode().put("content", token).put("special", true).put("lstrip", true));
    }

    private static void add(TokenizerJson tokenizer, ObjectNode token) {
        tokenizer
                .idOf(token.get("content").asText())
                .ifPresent(id -> tokenizer.addToken(id, token));
    }

    /** Tokens that were added to the vocabulary, which tokenizer.json may not have. */
    private void addTokens(TokenizerJson tokenizer) throws ModelLoadException {
        for (Map.Entry<String, JsonNode> entry : json.path("added_tokens_decoder").properties()) {
            String content = entry.getValue().path("content").asText();
            OptionalInt known = tokenizer.idOf(content);
            if (!entry.getKey().matches("\\d{1,9}")
                    || content.isEmpty()
                    || (known.isPresent()
                            && known.getAsInt() != Integer.parseInt(entry.getKey()))) {
                throw new ModelLoadException(
                        "%s adds the token '%s' as id %s, but in %s it is %s, expected one id for a token"
                                .formatted(
                                        file,
                                        content,
                                        entry.getKey(),
                                        tokenizerFile,
                                        known.isPresent() ? known.getAsInt() : "none"));
            }
            tokenizer.addToken(Integer.parseInt(entry.getKey()), entry.getValue());
        }
    }

    /** Checks the kind of a part of tokenizer.json. */
    void requireType(TokenizerJson tokenizer, String part, String expected)
            throws ModelLoadException {
        String found = tokenizer.root().path(part).path("type").asText("none");
        if (!found.equals(expected)) {
            throw new ModelLoadException(
                    "%s has the %s %s, but for the class that %s names transformers builds a %s, expected the two to agree: set tokenizer_class to PreTrainedTokenizerFast if tokenizer.json is right"
                            .formatted(tokenizerFile, part, found, file, expected));
        }
    }

    private ModelLoadException refused(String found, String expected) {
        return new ModelLoadException(file + " says " + found + ", expected " + expected);
    }
}
