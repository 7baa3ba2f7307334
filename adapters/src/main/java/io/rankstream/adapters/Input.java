package io.rankstream.adapters;

import java.util.Optional;

/**
 * What an adapter reads.
 *
 * @param text any text
 * @param pair second text, if it is a pair
 */
record Input(String text, Optional<String> pair) {

    static Input of(String text) {
        return new Input(text, Optional.empty());
    }
}
