package io.rankstream.ops.cli;

/** Exit codes of the command line. */
final class ExitCode {

    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int ENVIRONMENT = 3;

    /** What a shell reports of a program that Ctrl-C ended: 128 + SIGINT. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
