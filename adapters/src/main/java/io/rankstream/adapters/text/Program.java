package io.rankstream.adapters.text;

import java.util.regex.Pattern;

/** The command line of Rankstream as its user has called it, for messages that name a command. */
public final class Program {

    /** System property in which the start script tells how it was called. */
    public static final String PROPERTY = "rankstream.program";

    /** System property with the configuration that its user has named. */
    public static final String CONFIG_PROPERTY = "rankstream.config";

    private static final String USUAL = "rankstream";
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+=,-]+");

    private Program() {}

    /** Its name, such as {@code ./rankstream}; {@code rankstream} where no script was called. */
    public static String name() {
        String called = System.getProperty(PROPERTY, "");
        return called.isBlank() ? USUAL : called;
    }

    /**
     * A command to type.
     *
     * @param rest what follows the program's name, as a shell reads it
     */
    public static String command(String rest) {
        return quoted(name()) + " " + rest;
    }

    /**
     * A command to type about the job that this process was called for.
     *
     * @param rest as of {@link #command}, without the configuration
     */
    public static String commandOfJob(String rest) {
        String config = System.getProperty(CONFIG_PROPERTY, "");
        return command(rest + " --config " + (config.isBlank() ? "FILE" : quoted(config)));
    }

    /** {@code text} as one word to a POSIX shell, whatever is in it. */
    public static String quoted(String text) {
        return PLAIN.matcher(text).matches() && !text.startsWith("-")
                ? text
                : "'" + text.replace("'", "'\\''") + "'";
    }
}
