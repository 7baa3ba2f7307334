package io.rankstream.adapters.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.model.JsonSettings;
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
        requireFollowable();
        Optional<TokenizerClass> known = tokenizerClass(modelType);
        if (known.isPresent()) {
            known.get().build(tokenizer, this);
        }
        addTokens(tokenizer);
    }

    /**
     * Makes a tokenizer where there is no tokenizer.json.
     *
     * @param modelType what config.json calls the model, which decides where no class is named
     * @return empty if the class is not known to be made so
     * @throws ModelLoadException if the files say something that cannot be followed
     */
    Optional<TokenizerJson> tokenizer(SentencePieceFile pieces, AddedTokens added, String modelType)
            throws ModelLoadException {
        requireFollowable();
        return tokenizerClass(modelType).orElse(null) instanceof DebertaTokenizerClass deberta
                ? Optional.of(deberta.of(pieces, added, this))
                : Optional.empty();
    }

    private Optional<TokenizerClass> tokenizerClass(String modelType) throws ModelLoadException {
        String named =
                settings().has("tokenizer_class") ? settings().text("tokenizer_class", "") : "";
        return TokenizerClass.of(named, modelType);
    }

    private void requireFollowable() throws ModelLoadException {
        if (!settings().text("truncation_side", "right").equals("right")) {
            throw settings().unexpected("truncation_side", "'right': texts are cut at their end");
        }
        if (flag("split_special_tokens", false)) {
            throw settings()
                    .unexpected(
                            "split_special_tokens", "false: special tokens in a text stay whole");
        }
    }

    /**
     * Checks the limit of tokens.
     *
     * @throws ModelLoadException if {@code maxLength} is more than the tokenizer was made for
     */
    void requireWithin(int maxLength) throws ModelLoadException {
        double limit =
                settings().has("model_max_length")
                        ? settings().number("model_max_length", NO_LIMIT)
                        : NO_LIMIT;
        if (limit < NO_LIMIT && maxLength > limit) {
            throw new ModelLoadException(
                    "the token limit is %d, but %s says model_max_length %s, expected no more than that: lower model.max-length"
                            .formatted(maxLength, file, json.get("model_max_length")));
        }
    }

    private JsonSettings settings() {
        return new JsonSettings(file, json);
    }

    /**
     * True or false.
     *
     * @param absent what a missing field means
     */
    boolean flag(String field, boolean absent) throws ModelLoadException {
        return settings().flag(field, absent);
    }

    /**
     * True or false, or neither.
     *
     * @return null where there is no such field
     */
    Boolean flagOrNull(String field) throws ModelLoadException {
        return settings().has(field) ? flag(field, false) : null;
    }

    /** The text of a special token, which stands there itself or as a token's content. */
    String token(String field, String absent) throws ModelLoadException {
        if (!settings().has(field)) {
            return absent;
        }
        JsonNode value = json.get(field);
        JsonNode text = value.isObject() ? value.path("content") : value;
        if (!text.isTextual()) {
            throw settings().unexpected(field, "a token's text, or an object with its content");
        }
        return text.textValue();
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

    /** Makes a special token where there is none of this text, of the id after the last. */
    void addNew(TokenizerJson tokenizer, String token) {
        if (tokenizer.idOf(token).isEmpty()) {
            tokenizer.addToken(
                    tokenizer.largestId() + 1,
                    json.objectNode().put("content", token).put("special", true));
        }
    }

    /** Tokens that were added to the vocabulary, which tokenizer.json may not have. */
    void addTokens(TokenizerJson tokenizer) throws ModelLoadException {
        JsonNode added = json.path("added_tokens_decoder");
        if (settings().has("added_tokens_decoder") && !added.isObject()) {
            throw settings().unexpected("added_tokens_decoder", "an object of tokens by their ids");
        }
        for (Map.Entry<String, JsonNode> entry : added.properties()) {
            requireToken(entry.getKey(), entry.getValue());
            String content = entry.getValue().path("content").textValue();
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
            int id = Integer.parseInt(entry.getKey());
            Optional<String> other = known.isPresent() ? Optional.empty() : tokenizer.tokenOf(id);
            if (other.isPresent()) {
                throw new ModelLoadException(
                        "%s adds the token '%s' as id %d, but in %s that is '%s', expected an id of its own"
                                .formatted(file, content, id, tokenizerFile, other.get()));
            }
            tokenizer.addToken(id, entry.getValue());
        }
    }

    private void requireToken(String id, JsonNode token) throws ModelLoadException {
        boolean isToken =
                token.path("content").isTextual()
                        && TokenizerJson.FLAGS.stream()
                                .map(token::path)
                                .allMatch(flag -> flag.isMissingNode() || flag.isBoolean());
        if (!isToken) {
            throw new ModelLoadException(
                    "%s says that the token of id %s is %s, expected an object with its content as a text, and each of %s true or false"
                            .formatted(file, id, token, TokenizerJson.FLAGS));
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
}
