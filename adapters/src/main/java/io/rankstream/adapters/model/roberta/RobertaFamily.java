package io.rankstream.adapters.model.roberta;

import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.ConfigJson;
import io.rankstream.adapters.model.OwnHead;
import io.rankstream.adapters.model.bert.BertFamily;
import io.rankstream.adapters.model.postnorm.PostNormFamily;
import io.rankstream.adapters.model.postnorm.PostNormNames;
import io.rankstream.adapters.weights.ModelLoadException;
import java.util.List;
import java.util.Optional;

/**
 * RoBERTa (Liu et al., 2019) and XLM-R (Conneau et al., 2020): BERT's layers, with positions that
 * count on from the padding token's.
 */
public final class RobertaFamily implements PostNormFamily {

    private static final OwnHead OWN_HEAD =
            new OwnHead("classifier.dense", OwnHead.Activation.TANH, "classifier.out_proj");

    private static final BertFamily LAYERS = new BertFamily();

    @Override
    public String name() {
        return "RoBERTa";
    }

    @Override
    public String id() {
        return "roberta";
    }

    @Override
    public List<String> modelTypes() {
        return List.of("roberta", "xlm-roberta");
    }

    @Override
    public String prefix() {
        return "roberta.";
    }

    @Override
    public Optional<OwnHead> ownHead() {
        return Optional.of(OWN_HEAD);
    }

    @Override
    public PostNormNames layer() {
        return LAYERS.layer();
    }

    @Override
    public Architecture read(ConfigJson config) throws ModelLoadException {
        int padding =
                config.settings().json().has("pad_token_id") ? config.integer("pad_token_id") : 1;
        try {
            return new RobertaConfig(LAYERS.read(config), padding);
        } catch (IllegalArgumentException e) {
            throw new ModelLoadException(
                    "in " + config.settings().file() + " " + e.getMessage(), e);
        }
    }
}
