package io.rankstream.adapters.tokens;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.weights.ModelLoadException;
import java.util.List;

/** SentencePiece's unigram model behind NFC, with BERT's special tokens. */
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
        normalize(tokenizer.root(), config);
        split(tokenizer.root(), config);
        String unknown = config.token("unk_token", "[UNK]");
        ((ObjectNode) tokenizer.root().get("model"))
                .put("unk_id", config.requireToken(tokenizer, unknown));
        String first = config.token("cls_token", "[CLS]");
        String last = config.token("sep_token", "[SEP]");
        new TemplateProcessor(first, last, 1, 1).putInto(tokenizer, config);
        config.addSpecial(tokenizer, first);
        config.addSpecial(tokenizer, last);
        config.addSpecial(tokenizer, unknown);
        config.addSpecial(tokenizer, config.token("bos_token", "[CLS]"));
        config.addSpecial(tokenizer, config.token("eos_token", "[SEP]"));
        config.addSpecial(tokenizer, config.token("pad_token", "[PAD]"));
        config.addSpecial(tokenizer, config.token("mask_token", "[MASK]"));
    }

    private static void normalize(ObjectNode root, TokenizerConfig config)
            throws ModelLoadException {
        ArrayNode steps =
                root.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        if (config.flag("do_lower_case", false)) {
            steps.addObject().put("type", "Lowercase");
        }
        ObjectNode blanks = steps.addObject().put("type", "Replace").put("content", " ");
        blanks.putObject("pattern").put("Regex", "\\s{2,}|[\\n\\r\\t]");
        steps.addObject().put("type", "NFC");
        steps.addObject().put("type", "Strip").put("strip_left", false).put("strip_right", true);
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
