package io.rankstream.adapters.state;

import io.rankstream.adapters.model.PretrainedModel;

/**
 * The frozen model that an adapter belongs to.
 *
 * @param name what people call it; may differ from place to place
 * @param sha256 digest of its sizes and weights, in hexadecimal: what makes it the same model
 * @param family id of its family: what PEFT's files call its layers depends on it
 */
public record BaseModel(String name, String sha256, String family) {

    /**
     * A model that was read, as adapters know it.
     *
     * @param sha256 that of {@code model} without or with its pooler
     */
    public static BaseModel of(PretrainedModel model, String sha256) {
        return new BaseModel(model.name(), sha256, model.architecture().family().id());
    }
}
