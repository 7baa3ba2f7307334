package io.rankstream.adapters.state;

/**
 * The frozen model that an adapter belongs to.
 *
 * @param name what people call it; may differ from place to place
 * @param sha256 digest of its sizes and weights, in hexadecimal: what makes it the same model
 */
public record BaseModel(String name, String sha256) {}
