package io.rankstream.adapters.model.bert;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.StringTokenizer;
import java.util.random.RandomGenerator;

/**
 * A BERT of any size with random weights, as the Hugging Face directory it would come in. It reads
 * lower-case letters and digits, some punctuation and a few dozen words of mail.
 *
 * @param layers encoder layers
 * @param hidden features of a token vector
 * @param heads attention heads
 * @param intermediate features between a layer's two feed-forward products
 * @param positions longest text in tokens
 * @param seed seed of the weights; the same seed gives the same files
 */
public record TinyBert(
        int layers, int hidden, int heads, int intermediate, int positions, long seed) {

    /** Longest text in tokens of one whose size does not matter. */
    public static final int POSITIONS = 64;

    private static final float DEVIATION = 0.08f;

    private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]");

    private static final String CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,!?:;-@$%()'";

    private static final String WORDS =
            """
            the and to of in is for you this that it on with your from we not are be free money
            offer click here buy now list patch kernel bug release code meeting please thanks mail
            spam ham hello world price order account linux java python server update report
            """;

    /** One of the proportions that serve tests. */
    public TinyBert(int layers, int hidden, int heads, long seed) {
        this(layers, hidden, heads, 2 * hidden, POSITIONS, seed);
    }

    /** Two layers of 16 features: a training step takes a few milliseconds. */
    public static TinyBert small() {
        return new TinyBert(2, 16, 2, 7);
    }

    /** Writes config.json, model.safetensors and tokenizer.json; returns where they are. */
    public ModelSource.Directory writeTo(Path directory) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<String> vocabulary = vocabulary();
        Files.createDirectories(directory);
        Files.write(directory.resolve("config.json"), json.writeValueAsBytes(config()));
        Files.write(
                directory.resolve("tokenizer.json"), json.writeValueAsBytes(tokenizer(vocabulary)));
        Files.write(directory.resolve("model.safetensors"), weights());
        return new ModelSource.Directory(directory.toString());
    }

    /** Sizes of this model. */
    public BertConfig bertConfig() {
        return new BertConfig(
                vocabulary().size(), hidden, layers, heads, intermediate, positions, 2, 1e-12f);
    }

    private ObjectNode config() {
        BertConfig sizes = bertConfig();
        return new ObjectMapper()
                .createObjectNode()
                .put("model_type", "bert")
                .put("hidden_act", "gelu")
                .put("vocab_size", sizes.vocabSize())
                .put("hidden_size", sizes.hiddenSize())
                .put("num_hidden_layers", sizes.layers())
                .put("num_attention_heads", sizes.heads())
                .put("intermediate_size", sizes.intermediateSize())
                .put("max_position_embeddings", sizes.maxPositions())
                .put("type_vocab_size", sizes.typeVocabSize())
                .put("layer_norm_eps", 1e-12);
    }

    private byte[] weights() {
        RandomGenerator random = new SplittableRandom(seed);
        SafetensorsWriter writer = new SafetensorsWriter();
        for (Map.Entry<String, int[]> tensor : BertTensors.shapes(bertConfig()).entrySet()) {
            int size = 1;
            for (int dimension : tensor.getValue()) {
                size *= dimension;
            }
            // LayerNorm scales around one; every other tensor around zero.
            float mean = tensor.getKey().endsWith("LayerNorm.weight") ? 1 : 0;
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = mean + DEVIATION * (float) random.nextGaussian();
            }
            writer.put(tensor.getKey(), tensor.getValue(), values);
        }
        return writer.toBytes();
    }

    private static List<String> vocabulary() {
        List<String> vocabulary = new ArrayList<>(SPECIAL);
        for (int i = 0; i < CHARACTERS.length(); i++) {
            vocabulary.add(CHARACTERS.substring(i, i + 1));
            vocabulary.add("##" + CHARACTERS.charAt(i));
        }
        for (StringTokenizer words = new StringTokenizer(WORDS); words.hasMoreTokens(); ) {
            vocabulary.add(words.nextToken());
        }
        return vocabulary;
    }

    private static ObjectNode tokenizer(List<String> vocabulary) {
        ObjectNode root = new ObjectMapper().createObjectNode().put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (int id = 0; id < SPECIAL.size(); id++) {
            added.addObject()
                    .put("id", id)
                    .put("content", SPECIAL.get(id))
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        root.putObject("normalizer")
                .put("type", "BertNormalizer")
                .put("clean_text", true)
                .put("handle_chinese_chars", true)
                .putNull("strip_accents")
                .put("lowercase", true);
        root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        ObjectNode processor = root.putObject("post_processor").put("type", "BertProcessing");
        processor.putArray("sep").add("[SEP]").add(SPECIAL.indexOf("[SEP]"));
        processor.putArray("cls").add("[CLS]").add(SPECIAL.indexOf("[CLS]"));
        root.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
        ObjectNode model =
                root.putObject("model")
                        .put("type", "WordPiece")
                        .put("unk_token", "[UNK]")
                        .put("continuing_subword_prefix", "##")
                        .put("max_input_chars_per_word", 100);
        ObjectNode vocab = model.putObject("vocab");
        for (int id = 0; id < vocabulary.size(); id++) {
            vocab.put(vocabulary.get(id), id);
        }
        return root;
    }
}
