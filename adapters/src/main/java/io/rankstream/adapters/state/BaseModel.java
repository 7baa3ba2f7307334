package io.rankstream.adapters.state;

/**
 * The frozen model that an adapter belongs to.
 *
 * @param name what people call it; may differ from place to place
 * @param sha256 digest of its sizes and weights, in hexadecimal: what makes it the same model
 * @param family id of its family: what PEFT's files call its layers depends on it
 */
public record BaseModel(String name, String sha256, String family) {}
