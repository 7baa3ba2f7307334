package io.rankstream.ops.serve.predict;

import java.util.Optional;

/**
 * A text, or a pair of texts, that an adapter is to say something of.
 *
 * @param text the text
 * @param pair the second text of a pair
 */
public record Text(String text, Optional<String> pair) {}
