package io.rankstream.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.ops.stack.Distribution;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        demo = startDemo(temporary);
        List<ProcessHandle> children = untilItLearns(demo);

        demo.destroy();

        assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(demo.exitValue()).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(children).hasSize(2).noneMatch(ProcessHandle::isAlive);
        assertThat(temporary.toFile().list((at, name) -> name.startsWith("rankstream-demo-")))
                .isEmpty();
        assertThat(Files.readString(folder.resolve("errors")).lines())
                .contains("rankstream: interrupted, stopping")
                .noneMatch(line -> line.contains("Exception") || line.startsWith("\tat "));
    }

    @Test
    void aKilledDemoLeavesNoProcess() throws Exception {
        demo = startDemo(Files.createDirectory(folder.resolve("tmp")));
        List<ProcessHandle> children = untilItLearns(demo);

        demo.destroyForcibly();

        assertThat(children).hasSize(2);
        for (ProcessHandle child : children) {
            assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    private Process startDemo(Path temporary) throws IOException {
        Distribution distribution = new Distribution(home());
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("-Xmx2g");
        line.add("-Djava.io.tmpdir=" + temporary);
        line.add("-Dai.djl.offline=true");
        line.add("-D" + Distribution.HOME_PROPERTY + "=" + distribution.home());
        line.add("-cp");
        line.add(distribution.classPath().toString());
        line.add(RankstreamCommand.class.getName());
        line.addAll(List.of("demo", "--max-length", "32"));
        line.addAll(List.of("--out", folder.resolve("out").toString()));
        return new ProcessBuilder(line).redirectError(folder.resolve("errors").toFile()).start();
    }

    private static Path home() {
        return Path.of(System.getProperty(Distribution.HOME_PROPERTY));
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
