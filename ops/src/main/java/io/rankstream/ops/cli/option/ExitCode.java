package io.rankstream.ops.cli.option;

/** Exit codes of the command line. */
public final class ExitCode {

    public static final int OK = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int ENVIRONMENT = 3;

    /** What a shell reports of a program that Ctrl-C ended: 128 + SIGINT. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
