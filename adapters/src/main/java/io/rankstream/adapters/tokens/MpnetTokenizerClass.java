package io.rankstream.adapters.tokens;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.weights.ModelLoadException;
import java.util.List;

/** BERT's WordPiece between the special tokens of RoBERTa. */
final class MpnetTokenizerClass implements TokenizerClass {

    @Override
    public List<String> names() {
        return List.of("MPNetTokenizer");
    }

    @Override
    public List<String> modelTypes() {
        return List.of("mpnet");
    }

    @Override
    public void build(TokenizerJson tokenizer, TokenizerConfig config) throws ModelLoadException {
        BertTokenizerClass.requireWordPiece(tokenizer, config);
        String unknown = config.token("unk_token", "[UNK]");
        String first = config.token("cls_token", "<s>");
        String last = config.token("sep_token", "</s>");
        BertTokenizerClass.normalize(tokenizer, config, unknown);
        ObjectNode processor = config.json().objectNode().put("type", "RobertaProcessing");
        processor.putArray("sep").add(last).add(config.requireToken(tokenizer, last));
        processor.putArray("cls").add(first).add(config.requireToken(tokenizer, first));
        processor.put("trim_offsets", true).put("add_prefix_space", false);
        tokenizer.root().set("post_processor", processor);
        config.addSpecial(tokenizer, config.token("bos_token", "<s>"));
        config.addSpecial(tokenizer, config.token("eos_token", "</s>"));
        config.addSpecial(tokenizer, unknown);
        config.addSpecial(tokenizer, first);
        config.addSpecial(tokenizer, last);
        config.addSpecial(tokenizer, config.token("pad_token", "<pad>"));
        config.addMask(tokenizer, config.token("mask_token", "<mask>"));
    }
}
