package io.rankstream.ops.files;

import java.io.IOException;
import java.nio.file.Path;

/** Another process with this one's class path: locks differ between threads and processes. */
final class OtherProcess {

    private OtherProcess() {}

    /** Exit code of a main class. */
    static int run(Class<?> main, Path argument) throws IOException, InterruptedException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        argument.toString())
                .inheritIO()
                .start()
                .waitFor();
    }
}
