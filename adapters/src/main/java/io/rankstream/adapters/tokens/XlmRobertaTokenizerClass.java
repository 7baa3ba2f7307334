package io.rankstream.adapters.tokens;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.weights.ModelLoadException;
import java.util.List;

/** SentencePiece's unigram model, whose normalizer is compiled into the file. */
final class XlmRobertaTokenizerClass implements TokenizerClass {

    @Override
    public List<String> names() {
        return List.of("XLMRobertaTokenizer");
    }

    @Override
    public List<String> modelTypes() {
        return List.of("xlm-roberta");
    }

    @Override
    public void build(TokenizerJson tokenizer, TokenizerConfig config) throws ModelLoadException {
        config.requireType(tokenizer, "model", "Unigram");
        ObjectNode root = tokenizer.root();
        if (!root.path("normalizer").path("type").asText().equals("Precompiled")) {
            root.putNull("normalizer");
        }
        ArrayNode parts =
                root.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
        parts.addObject().put("type", "WhitespaceSplit");
        parts.addObject()
                .put("type", "Metaspace")
                .put("replacement", "\u2581")
                .put("prepend_scheme", config.flag("add_prefix_space", true) ? "always" : "never")
                .put("split", true);
        String first = config.token("cls_token", "<s>");
        String last = config.token("sep_token", "</s>");
        new TemplateProcessor(first, last, 2, 0).putInto(tokenizer, config);
        config.addSpecial(tokenizer, first);
        config.addSpecial(tokenizer, last);
        config.addSpecial(tokenizer, config.token("unk_token", "<unk>"));
        config.addSpecial(tokenizer, config.token("pad_token", "<pad>"));
        config.addMask(tokenizer, config.token("mask_token", "<mask>"));
    }
}
