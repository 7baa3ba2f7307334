package io.rankstream.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelStudioCommandTest {

    private static final int USAGE = 2;

    @TempDir private Path folder;

    private Path token;

    @BeforeEach
    void writeToken() throws Exception {
        token = Files.writeString(folder.resolve("token"), "Geheim-4711\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --url ftp://localhost                 | --url is no address
                    --url http://user:Geheim@localhost    | --url is no address
                    --url localhost:8080                  | --url is no address
                    --project 7                           | name that with --adapter
                    --project 7 --adapter spam,list       | name that with --adapter
                    --look-every 0                        | --look-every is 0, expected 1 or more seconds
                    --webhook-port 65536                  | --webhook-port is 65536, expected 0 to 65535
                    --webhook-url ::                      | --webhook-url is no address
                    --token-file missing                  | file missing cannot be read
                    """)
    void whatIsWrongIsSaid(String options, String why) throws Exception {
        CommandRun run = run("only", options.strip().split(" +"));

        assertThat(run.exitCode()).isEqualTo(USAGE);
        assertThat(run.err()).contains(why).doesNotContain("Geheim");
    }

    @Test
    void aTokenThatIsNoneIsNotRepeated() throws Exception {
        Files.writeString(token, "Geheim-1 Geheim-2");

        CommandRun run = run("only");

        assertThat(run.exitCode()).isEqualTo(USAGE);
        assertThat(run.err())
                .contains("the token in file " + token + " holds more than one token")
                .doesNotContain("Geheim");
    }

    @Test
    void aJobThatAsksForNoLabelsHasNothingToPush() throws Exception {
        CommandRun run = run("none");

        assertThat(run.exitCode()).isEqualTo(USAGE);
        assertThat(run.err()).contains("asks for no labels: set loop.mode to train or only");
    }

    /** The command with what it needs, and with {@code options}. */
    private CommandRun run(String mode, String... options) throws Exception {
        Path config =
                Files.writeString(
                        folder.resolve("job.yaml"),
                        """
                        kafka.bootstrap-servers: 127.0.0.1:1
                        registry.url: http://127.0.0.1:1
                        publish.directory: '%s'
                        flink.execution.checkpointing.dir: '%s'
                        training.labels: [ham, spam]
                        loop.mode: %s
                        """
                                        .formatted(folder, folder.toUri(), mode)
                                + (mode.equals("none") ? "" : "loop.budget-share: .1\n"));
        List<String> line = new ArrayList<>(List.of("label-studio", "--config", config.toString()));
        List<String> given = List.of(options);
        addUnless(given, line, "--url", "http://127.0.0.1:1");
        addUnless(given, line, "--project", "mails");
        addUnless(given, line, "--token-file", token.toString());
        line.addAll(given);
        return CommandRun.of(line.toArray(String[]::new));
    }

    private static void addUnless(
            List<String> given, List<String> line, String option, String value) {
        if (!given.contains(option)) {
            line.add(option);
            line.add(value);
        }
    }
}
