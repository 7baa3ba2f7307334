package io.rankstream.job.config.option;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;

/** Errors of one configuration, each kept once. */
public final class Errors {

    private final String origin;
    private final Set<ConfigError> errors = new LinkedHashSet<>();
    private boolean unreadable;

    /**
     * @param origin the file, as it shall be named in messages
     */
    public Errors(String origin) {
        this.origin = origin;
    }

    public String origin() {
        return origin;
    }

    /** An error of the line {@code line}; 0 where no line is to blame. */
    public void add(int line, String message) {
        if (!unreadable || errors.isEmpty()) {
            errors.add(new ConfigError(origin, line, message));
        }
    }

    /**
     * An error that keeps the rest of the file from being read: others would only follow from it.
     */
    void addUnreadable(int line, String message) {
        unreadable = true;
        errors.clear();
        add(line, message);
    }

    /** An error of the value of {@code entry}. */
    public void add(Entry entry, String message) {
        add(entry.line(), entry.key() + " " + message);
    }

    /** Whether a line, which is not 0, has an error already. */
    public boolean has(int line) {
        return line != 0 && errors.stream().anyMatch(error -> error.line() == line);
    }

    public void throwIfAny() throws ConfigException {
        if (!errors.isEmpty()) {
            throw new ConfigException(
                    errors.stream().sorted(Comparator.comparingInt(Errors::position)).toList());
        }
    }

    private static int position(ConfigError error) {
        return error.line() == 0 ? Integer.MAX_VALUE : error.line();
    }
}
