package io.rankstream.adapters.tokens;

import io.rankstream.adapters.weights.ModelLoadException;
import java.util.List;
import java.util.Optional;

/**
 * A class of tokenizers that transformers builds out of a vocabulary and the settings in
 * tokenizer_config.json, whatever tokenizer.json says of their parts.
 */
interface TokenizerClass {

    /** All that are known. Of any other, tokenizer.json counts as it is. */
    List<TokenizerClass> ALL =
            List.of(
                    new BertTokenizerClass(),
                    new RobertaTokenizerClass(),
                    new XlmRobertaTokenizerClass(),
                    new MpnetTokenizerClass(),
                    new DebertaTokenizerClass());

    /** Types of models of which tokenizer.json counts as it is, whatever class is named. */
    List<String> AS_IT_IS = List.of("modernbert");

    /** Names in {@code tokenizer_class}, without the end {@code Fast}. */
    List<String> names();

    /** What config.json says in {@code model_type} where no class is named. */
    List<String> modelTypes();

    /**
     * Makes {@code tokenizer} what transformers makes of it.
     *
     * @throws ModelLoadException if the two differ in something that cannot be followed
     */
    void build(TokenizerJson tokenizer, TokenizerConfig config) throws ModelLoadException;

    /**
     * The class of a name; empty where tokenizer.json counts as it is.
     *
     * @param name empty where none is given
     */
    static Optional<TokenizerClass> of(String name, String modelType) {
        if (AS_IT_IS.contains(modelType)) {
            return Optional.empty();
        }
        String slow = name.endsWith("Fast") ? name.substring(0, name.length() - 4) : name;
        return ALL.stream()
                .filter(
                        each ->
                                name.isEmpty()
                                        ? each.modelTypes().contains(modelType)
                                        : each.names().contains(slow))
                .findFirst();
    }
}
