package io.rankstream.adapters.tokens;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A unigram model of SentencePiece.
 *
 * @param pieces the vocabulary by id
 * @param unknown id of the piece for what the vocabulary does not have
 * @param charsmap the normalizer, compiled; empty if characters stay as they are
 */
record SentencePieceModel(List<Piece> pieces, int unknown, byte[] charsmap) {

    /** Kinds of pieces, by their number in the file. */
    enum Kind {
        NORMAL,
        UNKNOWN,
        CONTROL,
        USER_DEFINED,
        UNUSED,
        BYTE
    }

    /**
     * A piece of text.
     *
     * @param score logarithm of its probability
     */
    record Piece(String text, float score, Kind kind) {}

    /** A tokenizer.json that has the vocabulary, and as yet nothing else. */
    TokenizerJson vocabulary() {
        ObjectNode root = JsonNodeFactory.instance.objectNode().put("version", "1.0");
        ArrayNode added = root.putArray("added_tokens");
        ObjectNode model =
                root.putObject("model")
                        .put("type", "Unigram")
                        .put("unk_id", unknown)
                        .put("byte_fallback", false);
        ArrayNode vocabulary = model.putArray("vocab");
        for (int id = 0; id < pieces.size(); id++) {
            Piece piece = pieces.get(id);
            vocabulary.addArray().add(piece.text()).add((double) piece.score());
            if (piece.kind() == Kind.CONTROL || piece.kind() == Kind.USER_DEFINED) {
                ObjectNode entry = added.addObject().put("id", id).put("content", piece.text());
                for (String flag : TokenizerJson.FLAGS) {
                    entry.put(flag, flag.equals("special") && piece.kind() == Kind.CONTROL);
                }
            }
        }
        return new TokenizerJson(root);
    }

    /** The normalizer as a tokenizer.json has it; empty if characters stay as they are. */
    Optional<ObjectNode> normalizer() {
        return charsmap.length == 0
                ? Optional.empty()
                : Optional.of(
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("type", "Precompiled")
                                .put(
                                        "precompiled_charsmap",
                                        Base64.getEncoder().encodeToString(charsmap)));
    }
}
