package io.rankstream.adapters.tokens;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.weights.ModelLoadException;
import java.util.HashSet;
import java.util.List;

/** SentencePiece's unigram model, with BERT's special tokens. */
final class DebertaTokenizerClass implements TokenizerClass {

    @Override
    public List<String> names() {
        return List.of("DebertaV2Tokenizer");
    }

    @Override
    public List<String> modelTypes() {
        return List.of("deberta-v2");
    }

    @Override
    public void build(TokenizerJson tokenizer, TokenizerConfig config) throws ModelLoadException {
        config.requireType(tokenizer, "model", "Unigram");
        ArrayNode steps = normalizer(tokenizer, config);
        replace(steps, "\\s{2,}|[\\n\\r\\t]");
        steps.addObject().put("type", "NFC");
        strip(steps, false);
        split(tokenizer.root(), config);
        String unknown = config.token("unk_token", "[UNK]");
        ((ObjectNode) tokenizer.root().get("model"))
                .put("unk_id", config.requireToken(tokenizer, unknown));
        addSpecialTokens(tokenizer, config);
    }

    /**
     * Makes a tokenizer where there is no tokenizer.json: as SentencePiece reads the model, and
     * version 4 of transformers with it. Version 5 leaves the model's own normalizer out.
     *
     * @throws ModelLoadException if the files say something that cannot be followed
     */
    TokenizerJson of(SentencePieceFile pieces, AddedTokens added, TokenizerConfig config)
            throws ModelLoadException {
        SentencePieceModel model = pieces.read();
        TokenizerJson tokenizer = model.vocabulary();
        ArrayNode steps = normalizer(tokenizer, config);
        strip(steps, true);
        model.normalizer().ifPresent(steps::add);
        replace(steps, " {2,}");
        split(tokenizer.root(), config);
        config.addTokens(tokenizer);
        added.addTo(tokenizer, new HashSet<>(specialTokens(config)));
        config.addNew(tokenizer, config.token("mask_token", "[MASK]"));
        requireWithoutGap(tokenizer, model.pieces().size(), config);
        addSpecialTokens(tokenizer, config);
        return tokenizer;
    }

    /** The library of Hugging Face counts added tokens on, whatever ids the file gives them. */
    private static void requireWithoutGap(
            TokenizerJson tokenizer, int vocabulary, TokenizerConfig config)
            throws ModelLoadException {
        int expected = vocabulary;
        for (int id : tokenizer.addedIds()) {
            if (id >= vocabulary && id != expected++) {
                throw new ModelLoadException(
                        "%s adds a token as id %d after the %d of %s, expected %d, the one after the last"
                                .formatted(
                                        config.file(),
                                        id,
                                        vocabulary,
                                        config.tokenizerFile(),
                                        expected - 1));
            }
        }
    }

    private static void addSpecialTokens(TokenizerJson tokenizer, TokenizerConfig config)
            throws ModelLoadException {
        List<String> special = specialTokens(config);
        new TemplateProcessor(special.get(0), special.get(1), 1, 1).putInto(tokenizer, config);
        special.forEach(token -> config.addSpecial(tokenizer, token));
    }

    /** Before a text, after it, and further ones. */
    private static List<String> specialTokens(TokenizerConfig config) throws ModelLoadException {
        return List.of(
                config.token("cls_token", "[CLS]"),
                config.token("sep_token", "[SEP]"),
                config.token("unk_token", "[UNK]"),
                config.token("bos_token", "[CLS]"),
                config.token("eos_token", "[SEP]"),
                config.token("pad_token", "[PAD]"),
                config.token("mask_token", "[MASK]"));
    }

    /** A normalizer that lowers case, if it is to; the further steps go into what is returned. */
    private static ArrayNode normalizer(TokenizerJson tokenizer, TokenizerConfig config)
            throws ModelLoadException {
        ArrayNode steps =
                tokenizer
                        .root()
                        .putObject("normalizer")
                        .put("type", "Sequence")
                        .putArray("normalizers");
        if (config.flag("do_lower_case", false)) {
            steps.addObject().put("type", "Lowercase");
        }
        return steps;
    }

    private static void replace(ArrayNode steps, String blanks) {
        steps.addObject()
                .put("type", "Replace")
                .put("content", " ")
                .putObject("pattern")
                .put("Regex", blanks);
    }

    private static void strip(ArrayNode steps, boolean left) {
        steps.addObject().put("type", "Strip").put("strip_left", left).put("strip_right", true);
    }

    private static void split(ObjectNode root, TokenizerConfig config) throws ModelLoadException {
        ArrayNode parts =
                root.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
        if (config.flag("split_by_punct", false)) {
            parts.addObject().put("type", "Punctuation").put("behavior", "Isolated");
        }
        parts.addObject()
                .put("type", "Metaspace")
                .put("replacement", "\u2581")
                .put("prepend_scheme", config.flag("add_prefix_space", true) ? "always" : "first")
                .put("split", true);
    }
}
