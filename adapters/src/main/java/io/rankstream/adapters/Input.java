package io.rankstream.adapters;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * What an adapter reads.
 *
 * @param text any text
 * @param pair second text, if it is a pair
 */
record Input(String text, Optional<String> pair) {

    Input {
        requireNonNull(text, "the text is null, expected something to read");
    }

    static Input of(String text) {
        return new Input(text, Optional.empty());
    }

    static Input of(String text, String pair) {
        return new Input(
                text,
                Optional.of(requireNonNull(pair, "the second text is null, expected a text")));
    }
}
