package io.rankstream.adapters.tokens;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.weights.ModelLoadException;
import java.util.List;

/** Byte-level BPE without a normalizer. */
final class RobertaTokenizerClass implements TokenizerClass {

    @Override
    public List<String> names() {
        return List.of("RobertaTokenizer");
    }

    @Override
    public List<String> modelTypes() {
        return List.of("roberta");
    }

    @Override
    public void build(TokenizerJson tokenizer, TokenizerConfig config) throws ModelLoadException {
        config.requireType(tokenizer, "model", "BPE");
        boolean addsSpace = config.flag("add_prefix_space", false);
        boolean trims = config.flag("trim_offsets", true);
        ObjectNode root = tokenizer.root();
        root.putNull("normalizer");
        root.putObject("pre_tokenizer")
                .put("type", "ByteLevel")
                .put("add_prefix_space", addsSpace)
                .put("trim_offsets", trims)
                .put("use_regex", true);
        String first = config.token("cls_token", "<s>");
        String last = config.token("sep_token", "</s>");
        ObjectNode processor = root.objectNode().put("type", "RobertaProcessing");
        processor.putArray("sep").add(last).add(config.requireToken(tokenizer, last));
        processor.putArray("cls").add(first).add(config.requireToken(tokenizer, first));
        processor.put("trim_offsets", trims).put("add_prefix_space", addsSpace);
        root.set("post_processor", processor);
        config.addSpecial(tokenizer, first);
        config.addSpecial(tokenizer, last);
        config.addSpecial(tokenizer, config.token("unk_token", "<unk>"));
        config.addSpecial(tokenizer, config.token("pad_token", "<pad>"));
        config.addMask(tokenizer, config.token("mask_token", "<mask>"));
    }
}
