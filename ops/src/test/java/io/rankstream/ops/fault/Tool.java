package io.rankstream.ops.fault;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;

/** Programs of the operating system. */
final class Tool {

    private Tool() {}

    /** Runs a program to its end. */
    static void run(String... line) throws IOException, InterruptedException {
        int exitCode = new ProcessBuilder(line).redirectError(Redirect.INHERIT).start().waitFor();
        if (exitCode != 0) {
            throw new IOException(List.of(line) + " ended with exit code " + exitCode);
        }
    }
}
