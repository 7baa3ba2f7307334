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
        ObjectNode processor = root.putObject("post_processor").put("type", "TemplateProcessing");
        ArrayNode single = processor.putArray("single");
        special(single, first);
        sequence(single, "A");
        special(single, last);
        ArrayNode pair = processor.putArray("pair");
        special(pair, first);
        sequence(pair, "A");
        special(pair, last);
        special(pair, last);
        sequence(pair, "B");
        special(pair, last);
        ObjectNode ids = processor.putObject("special_tokens");
        for (String token : List.of(first, last)) {
            ObjectNode entry = ids.putObject(token).put("id", token);
            entry.putArray("ids").add(config.requireToken(tokenizer, token));
            entry.putArray("tokens").add(token);
        }
        config.addSpecial(tokenizer, first);
        config.addSpecial(tokenizer, last);
        config.addSpecial(tokenizer, config.token("unk_token", "<unk>"));
        config.addSpecial(tokenizer, config.token("pad_token", "<pad>"));
        config.addMask(tokenizer, config.token("mask_token", "<mask>"));
    }

    private static void special(ArrayNode template, String token) {
        template.addObject().putObject("SpecialToken").put("id", token).put("type_id", 0);
    }

    private static void sequence(ArrayNode template, String name) {
        template.addObject().putObject("Sequence").put("id", name).put("type_id", 0);
    }
}
