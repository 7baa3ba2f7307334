package io.rankstream.adapters.tokens;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.weights.ModelLoadException;
import java.util.List;

/**
 * The part of a tokenizer.json that puts special tokens around a text or a pair of texts.
 *
 * @param first before the first text
 * @param last after each text
 * @param between how many of {@code last} there are between the texts of a pair
 * @param typeOfSecond type of the second text's tokens, and of what follows them
 */
record TemplateProcessor(String first, String last, int between, int typeOfSecond) {

    /** Makes it the tokenizer's. */
    void putInto(TokenizerJson tokenizer, TokenizerConfig config) throws ModelLoadException {
        ObjectNode processor =
                tokenizer.root().putObject("post_processor").put("type", "TemplateProcessing");
        ArrayNode single = processor.putArray("single");
        special(single, first, 0);
        sequence(single, "A", 0);
        special(single, last, 0);
        ArrayNode pair = processor.putArray("pair");
        special(pair, first, 0);
        sequence(pair, "A", 0);
        for (int i = 0; i < between; i++) {
            special(pair, last, 0);
        }
        sequence(pair, "B", typeOfSecond);
        special(pair, last, typeOfSecond);
        ObjectNode ids = processor.putObject("special_tokens");
        for (String token : List.of(first, last)) {
            ObjectNode entry = ids.putObject(token).put("id", token);
            entry.putArray("ids").add(config.requireToken(tokenizer, token));
            entry.putArray("tokens").add(token);
        }
    }

    private static void special(ArrayNode template, String token, int type) {
        template.addObject().putObject("SpecialToken").put("id", token).put("type_id", type);
    }

    private static void sequence(ArrayNode template, String name, int type) {
        template.addObject().putObject("Sequence").put("id", name).put("type_id", type);
    }
}
