package io.rankstream.adapters.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.weights.ModelLoadException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Hugging Face's tokenizer_config.json, which has the last word where it and tokenizer.json differ:
 * for a class of BERT's, transformers builds the tokenizer out of the vocabulary and these
 * settings, whatever normalizer tokenizer.json has. For any other class tokenizer.json counts as it
 * is.
 *
 * @param file where it was read, for messages
 * @param json its content
 */
record TokenizerConfig(Path file, ObjectNode json) {

    /** Classes that are built so, without the end {@code Fast}; one that is missing is BERT's. */
    private static final Set<String> OF_BERT =
            Set.of(
                    "BertTokenizer",
                    "DistilBertTokenizer",
                    "ElectraTokenizer",
                    "MobileBertTokenizer",
                    "SqueezeBertTokenizer",
                    "ConvBertTokenizer");

    /** Limits above this stand for none. */
    private static final double NO_LIMIT = 1e6;

    /**
     * Makes {@code tokenizer} what transformers makes of it.
     *
     * @param origin where the tokenizer was read, for messages
     * @throws ModelLoadException if the two differ in something that cannot be followed
     */
    void applyTo(ObjectNode tokenizer, String origin) throws ModelLoadException {
        if (json.path("truncation_side").asText("right").equals("left")) {
            throw refused("truncation_side 'left'", "'right': texts are cut at their end");
        }
        if (json.path("split_special_tokens").asBoolean(false)) {
            throw refused(
                    "split_special_tokens true", "false: special tokens in a text stay whole");
        }
        if (isOfBert()) {
            requireType(tokenizer, "normalizer", "BertNormalizer", origin);
            requireType(tokenizer, "pre_tokenizer", "BertPreTokenizer", origin);
            normalize((ObjectNode) tokenizer.get("normalizer"));
            nameSpecialTokens(tokenizer, origin);
        }
        addTokens(tokenizer, origin);
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

    private boolean isOfBert() {
        String name = json.path("tokenizer_class").asText("");
        return json.path("tokenizer_class").isNull()
                || name.isEmpty()
                || OF_BERT.contains(
                        name.endsWith("Fast") ? name.substring(0, name.length() - 4) : name);
    }

    private void normalize(ObjectNode normalizer) {
        normalizer.put("clean_text", true);
        normalizer.put("lowercase", json.path("do_lower_case").asBoolean(true));
        normalizer.put("handle_chinese_chars", json.path("tokenize_chinese_chars").asBoolean(true));
        JsonNode strip = json.path("strip_accents");
        normalizer.set("strip_accents", strip.isBoolean() ? strip : json.nullNode());
    }

    private void nameSpecialTokens(ObjectNode tokenizer, String origin) throws ModelLoadException {
        JsonNode vocabulary = tokenizer.path("model").path("vocab");
        String unknown = token("unk_token", "[UNK]");
        String first = token("cls_token", "[CLS]");
        String last = token("sep_token", "[SEP]");
        for (String token : new String[] {unknown, first, last}) {
            if (!vocabulary.path(token).isInt()) {
                throw new ModelLoadException(
                        "%s takes '%s' for a special token, but %s has no such token, expected one of its vocabulary"
                                .formatted(file, token, origin));
            }
        }
        ((ObjectNode) tokenizer.get("model")).put("unk_token", unknown);
        ObjectNode processor = json.objectNode().put("type", "BertProcessing");
        processor.putArray("sep").add(last).add(vocabulary.get(last).intValue());
        processor.putArray("cls").add(first).add(vocabulary.get(first).intValue());
        tokenizer.set("post_processor", processor);
        for (String token :
                new String[] {
                    unknown, first, last, token("pad_token", "[PAD]"), token("mask_token", "[MASK]")
                }) {
            if (vocabulary.path(token).isInt()) {
                addToken(
                        tokenizer,
                        vocabulary.get(token).intValue(),
                        json.objectNode().put("content", token).put("special", true));
            }
        }
    }

    private String token(String field, String absent) {
        JsonNode value = json.path(field);
        return value.isObject() ? value.path("content").asText(absent) : value.asText(absent);
    }

    /** Tokens that were added to the vocabulary, which tokenizer.json may not have. */
    private void addTokens(ObjectNode tokenizer, String origin) throws ModelLoadException {
        for (Map.Entry<String, JsonNode> entry : json.path("added_tokens_decoder").properties()) {
            String content = entry.getValue().path("content").asText();
            JsonNode known = tokenizer.path("model").path("vocab").path(content);
            if (!entry.getKey().matches("\\d{1,9}")
                    || content.isEmpty()
                    || (known.isInt() && known.intValue() != Integer.parseInt(entry.getKey()))) {
                throw new ModelLoadException(
                        "%s adds the token '%s' as id %s, but in %s it is %s, expected one id for a token"
                                .formatted(file, content, entry.getKey(), origin, known));
            }
            addToken(tokenizer, Integer.parseInt(entry.getKey()), entry.getValue());
        }
    }

    private void addToken(ObjectNode tokenizer, int id, JsonNode token) {
        ArrayNode added = tokenizer.withArray("added_tokens");
        String content = token.path("content").asText();
        boolean known =
                Stream.iterate(0, i -> i < added.size(), i -> i + 1)
                        .anyMatch(i -> added.get(i).path("content").asText().equals(content));
        if (known) {
            return;
        }
        ObjectNode entry = added.addObject().put("id", id).put("content", content);
        for (String flag :
                new String[] {"single_word", "lstrip", "rstrip", "normalized", "special"}) {
            entry.put(flag, token.path(flag).asBoolean(false));
        }
    }

    private void requireType(ObjectNode tokenizer, String part, String expected, String origin)
            throws ModelLoadException {
        String found = tokenizer.path(part).path("type").asText("none");
        if (!found.equals(expected)) {
            throw new ModelLoadException(
                    "%s has the %s %s, but for the class that %s names transformers builds a %s, expected the two to agree: set tokenizer_class to PreTrainedTokenizerFast if tokenizer.json is right"
                            .formatted(origin, part, found, file, expected));
        }
    }

    private ModelLoadException refused(String found, String expected) {
        return new ModelLoadException(file + " says " + found + ", expected " + expected);
    }
}
