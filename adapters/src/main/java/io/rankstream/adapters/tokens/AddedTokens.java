package io.rankstream.adapters.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.weights.ModelLoadException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * added_tokens.json, in which older versions of transformers write the tokens that spm.model does
 * not have.
 *
 * @param file where it was read, for messages
 * @param json ids by the tokens' texts
 */
record AddedTokens(Path file, ObjectNode json) {

    /**
     * Adds them, in the order of their ids.
     *
     * @param special texts of special tokens
     * @throws ModelLoadException if an id is not the one that the token would have
     */
    void addTo(TokenizerJson tokenizer, Set<String> special) throws ModelLoadException {
        for (Map.Entry<String, JsonNode> token :
                json.properties().stream()
                        .sorted(Comparator.comparingLong(each -> each.getValue().asLong(-1)))
                        .toList()) {
            String content = token.getKey();
            OptionalInt known = tokenizer.idOf(content);
            int expected = known.orElse(tokenizer.largestId() + 1);
            if (!token.getValue().isInt() || token.getValue().intValue() != expected) {
                throw new ModelLoadException(
                        "%s gives '%s' the id %s, expected %d, %s"
                                .formatted(
                                        file,
                                        content,
                                        token.getValue(),
                                        expected,
                                        known.isPresent()
                                                ? "which spm.model gives it"
                                                : "the one after the last"));
            }
            tokenizer.addToken(
                    expected,
                    json.objectNode()
                            .put("content", content)
                            .put("special", special.contains(content))
                            .put("normalized", !special.contains(content)));
        }
    }
}
