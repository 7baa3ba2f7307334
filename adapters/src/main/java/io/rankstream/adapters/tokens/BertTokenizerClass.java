package io.rankstream.adapters.tokens;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.weights.ModelLoadException;
import java.util.List;

/** WordPiece behind BERT's normalizer. */
final class BertTokenizerClass implements TokenizerClass {

    @Override
    public List<String> names() {
        return List.of(
                "BertTokenizer",
                "DistilBertTokenizer",
                "ElectraTokenizer",
                "MobileBertTokenizer",
                "SqueezeBertTokenizer",
                "ConvBertTokenizer");
    }

    @Override
    public List<String> modelTypes() {
        return List.of("bert", "distilbert");
    }

    @Override
    public void build(TokenizerJson tokenizer, TokenizerConfig config) throws ModelLoadException {
        requireWordPiece(tokenizer, config);
        String unknown = config.token("unk_token", "[UNK]");
        String first = config.token("cls_token", "[CLS]");
        String last = config.token("sep_token", "[SEP]");
        normalize(tokenizer, config, unknown);
        ObjectNode processor = config.json().objectNode().put("type", "BertProcessing");
        processor.putArray("sep").add(last).add(config.requireToken(tokenizer, last));
        processor.putArray("cls").add(first).add(config.requireToken(tokenizer, first));
        tokenizer.root().set("post_processor", processor);
        config.addSpecial(tokenizer, unknown);
        config.addSpecial(tokenizer, first);
        config.addSpecial(tokenizer, last);
        config.addSpecial(tokenizer, config.token("pad_token", "[PAD]"));
        config.addSpecial(tokenizer, config.token("mask_token", "[MASK]"));
    }

    /** Checks that the parts are of BERT's kind. */
    static void requireWordPiece(TokenizerJson tokenizer, TokenizerConfig config)
            throws ModelLoadException {
        config.requireType(tokenizer, "normalizer", "BertNormalizer");
        config.requireType(tokenizer, "pre_tokenizer", "BertPreTokenizer");
    }

    /**
     * Sets what comes before the pieces, and what stands for words that have none.
     *
     * @param unknown a token that has to be there
     */
    static void normalize(TokenizerJson tokenizer, TokenizerConfig config, String unknown)
            throws ModelLoadException {
        config.requireToken(tokenizer, unknown);
        ((ObjectNode) tokenizer.root().get("model")).put("unk_token", unknown);
        ObjectNode normalizer = (ObjectNode) tokenizer.root().get("normalizer");
        normalizer.put("clean_text", true);
        normalizer.put("lowercase", config.flag("do_lower_case", true));
        normalizer.put("handle_chinese_chars", config.flag("tokenize_chinese_chars", true));
        normalizer.put("strip_accents", config.flagOrNull("strip_accents"));
    }
}
