package io.rankstream.job.encode;

import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.job.input.Input;

/**
 * An input as token ids, ready to be predicted from.
 *
 * @param input the input, with its whole text
 * @param tokens token ids of the text
 */
public record EncodedInput(Input input, Tokens tokens) {

    /** The adapter that shall predict. */
    public String adapterId() {
        return input.adapterId();
    }
}
