package io.rankstream.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.ops.cli.option.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterruptionIT {

    @TempDir Path folder;

    private Process demo;

    @AfterEach
    void endTheDemo() {
        demo.destroyForcibly();
    }

    @Test
    void anInterruptedDemoLeavesNoProcessAndNoTemporaryFile() throws Exception {
        demo = startDemo();
        List<ProcessHandle> children = untilItLearns(demo);

        demo.destroy();

        assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(demo.exitValue()).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(children).hasSize(2).noneMatch(ProcessHandle::isAlive);
        assertThat(temporary()).isEmptyDirectory();
        assertThat(Files.readString(folder.resolve("demo/logs/rankstream.log")).lines())
                .anyMatch(line -> line.contains("switched from state CREATED to RUNNING"));
        assertThat(Files.readString(folder.resolve("errors")).lines())
                .contains("rankstream: interrupted, stopping")
                .noneMatch(line -> line.contains("Exception") || line.startsWith("\tat "));
    }

    @Test
    void aKilledDemoLeavesNoProcessAndTheNextCommandRemovesItsFiles() throws Exception {
        demo = startDemo();
        List<ProcessHandle> children = untilItLearns(demo);
        demo.destroyForcibly().waitFor();
        assertThat(children).hasSize(2);
        for (ProcessHandle child : children) {
            assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(20));
        }
        assertThat(temporary()).isNotEmptyDirectory();

        Process next = CommandProcess.start(folder, Map.of(), "--version");

        assertThat(next.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(temporary()).isEmptyDirectory();
    }

    private Path temporary() {
        return folder.resolve("tmp");
    }

    private Process startDemo() throws IOException {
        String out = folder.resolve("demo").toString();
        return CommandProcess.of(folder, "demo", "--max-length", "32", "--out", out)
                .redirectError(folder.resolve("errors").toFile())
                .start();
    }

    /** Waits for the first report of a step and returns the broker's and the registry's process. */
    private static List<ProcessHandle> untilItLearns(Process demo) throws IOException {
        BufferedReader output = demo.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        while (line != null && !line.contains("| spam")) {
            line = output.readLine();
        }
        return demo.children().toList();
    }
}
