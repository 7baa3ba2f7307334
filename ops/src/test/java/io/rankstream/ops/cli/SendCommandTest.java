package io.rankstream.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.ops.cli.option.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of a data set before any broker is asked for. */
class SendCommandTest {

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "squad     | spam    | question-answering   | classification",
                "squad     | names   | question-answering   | token-classification",
                "squad     | tickets | question-answering   | multi-label-classification",
                "squad     | rating  | question-answering   | regression",
                "conll     | spam    | token-classification | classification",
                "conll     | desk    | token-classification | question-answering",
                "conll     | tickets | token-classification | multi-label-classification",
                "conll     | rating  | token-classification | regression",
                "glue:stsb | spam    | regression           | classification",
                "glue:stsb | desk    | regression           | question-answering",
                "glue:sst2 | rating  | classification       | regression",
                "glue:rte  | names   | classification       | token-classification",
                "glue:mnli | desk    | classification       | question-answering"
            })
    void aFormatForAdaptersOfAnotherTaskIsRefusedInOneSentence(
            String format, String adapter, String task, String learned) throws Exception {
        CommandRun run = send(format, adapter, "x");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .contains(
                        "--format %s is for an adapter of task %s, but adapter '%s' learns a %s in this configuration: name another one with --adapter, or give this one task: %s"
                                .formatted(format, task, adapter, learned, task));
    }

    @Test
    void aFileThatIsRefusedIsToldAndNothingBeside() throws Exception {
        CommandRun run = send("glue:sst2", "spam", "a,b\n1,2\n");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .contains("is no file of glue:sst2", "looks comma-separated");
    }

    @ParameterizedTest
    @ValueSource(strings = {"glue:sst2", "glue:stsb", "squad", "conll"})
    void anAdapterThatIsNotThereIsRefusedWithOrWithoutLabels(String format) throws Exception {
        for (String[] more : new String[][] {{}, {"--unlabeled"}}) {
            CommandRun run = send(format, "nobody", "x", more);

            assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(run.err().lines())
                    .singleElement()
                    .asString()
                    .contains(
                            "--adapter is 'nobody', which is none of this configuration: expected one of [desk, names, rating, spam, tickets]");
        }
    }

    private CommandRun send(String format, String adapter, String content, String... more)
            throws IOException {
        Path config =
                Files.writeString(
                        folder.resolve("tasks.yaml"),
                        """
                        kafka.bootstrap-servers: 127.0.0.1:1
                        registry.url: http://127.0.0.1:1
                        publish.directory: '%s'
                        adapters:
                          spam: {labels: [ham, spam]}
                          tickets: {task: multi-label-classification, labels: [late, refund]}
                          names: {task: token-classification, labels: [O, B-PER, I-PER]}
                          rating: {task: regression}
                          desk: {task: question-answering}
                        """
                                .formatted(folder.resolve("adapters")));
        Path file = Files.writeString(folder.resolve("file"), content);
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "send",
                                "--config",
                                config.toString(),
                                "--format",
                                format,
                                "--adapter",
                                adapter,
                                file.toString()));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }
}
