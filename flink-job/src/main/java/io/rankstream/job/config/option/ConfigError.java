package io.rankstream.job.config.option;

import java.io.Serializable;

/**
 * One thing that is wrong with a configuration.
 *
 * @param origin the file
 * @param line line of the file, from 1; 0 where no line is to blame
 * @param message the key, the value found, what was expected and what to do; never a secret
 */
public record ConfigError(String origin, int line, String message) implements Serializable {

    /** One line: where, and what. */
    @Override
    public String toString() {
        return (line == 0 ? origin : origin + ":" + line) + ": " + message;
    }
}
