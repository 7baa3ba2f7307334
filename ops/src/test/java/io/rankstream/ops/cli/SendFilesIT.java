package io.rankstream.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.preflight.TopicCreation;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.stack.Distribution;
import io.rankstream.ops.stack.LocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With a real broker and registry: what a file does not have is told where people find it. */
class SendFilesIT {

    @TempDir private static Path stackFolder;
    private static LocalStack stack;
    private static Path config;

    @TempDir private Path folder;

    @BeforeAll
    static void start() throws Exception {
        stack =
                LocalStack.start(
                        Distribution.locate(),
                        stackFolder.resolve("work"),
                        stackFolder.resolve("logs"));
        config =
                Files.writeString(
                        stackFolder.resolve("files.yaml"),
                        """
                        kafka.bootstrap-servers: %s
                        registry.url: %s
                        publish.directory: '%s'
                        adapters:
                          spam: {labels: [negative, positive]}
                          tickets: {task: multi-label-classification, labels: [late, refund]}
                          names: {task: token-classification, labels: [O, B-PER, I-PER]}
                          desk: {task: question-answering}
                        """
                                .formatted(
                                        stack.bootstrapServers(),
                                        stack.registryUrl(),
                                        stackFolder.resolve("adapters")));
        JobConfig job = ConfigFile.load(config);
        TopicCreation.createMissing(job.kafka(), job.topics(), List.of(Topic.LABELED_EXAMPLES));
    }

    @AfterAll
    static void stop() throws Exception {
        stack.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--json                    | []                              | objects in its array",
                "--json                    | ;;                              | an object of JSON in each line, or one array of objects",
                "--csv                     | exampleId,adapterId,text,label; | a row below the first line",
                "--format glue:sst2 spam   | sentence\tlabel;                | a record of glue:sst2 in each line below the header",
                "--format glue:sst2 spam   | []                              | a record of glue:sst2",
                "--format conll names      | -DOCSTART- -X- O O;;            | a word and its tag in each line",
                "--format squad desk       | {\"data\": []}                  | articles with paragraphs that have questions"
            })
    void aFileWithoutARecordSaysWhatWasExpected(String options, String content, String expected)
            throws Exception {
        CommandRun run = send(options, content.replace(';', '\n'));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .contains("file has no record, expected " + expected);
        assertThat(run.out()).contains("0 examples of 0 adapters stored");
    }

    @Test
    void whatIsLeftOutOfOneLineIsFoundByItsIdOrItsNumber() throws Exception {
        CommandRun squad =
                send(
                        "--format squad desk",
                        "{\"data\": [{\"title\": \"Trains\", \"paragraphs\": [{\"context\": \"At nine.\", \"qas\": ["
                                + "{\"id\": \"q1\", \"question\": \"When?\", \"answers\": [{\"text\": \"nine\", \"answer_start\": 3}]},"
                                + "{\"id\": \"q2\", \"question\": \"When?\", \"answers\": [{\"text\": \"nine\", \"answer_start\": \"3\"}]}]}, 7]}]}");
        assertThat(squad.exitCode()).isEqualTo(1);
        assertThat(squad.err())
                .contains(
                        "file, question 'q2' left out: the answer_start of its answer 'nine' is \"3\"",
                        "file, article 1 'Trains', paragraph 2 left out: it is a number");
        assertThat(squad.out()).contains("1 example of 1 adapter stored", "2 records left out");

        CommandRun array =
                send(
                        "--json",
                        """
                        [{"exampleId": "1", "adapterId": "tickets", "text": "a", "label": ["late"]}, {"exampleId": "2", "adapterId": "tickets", "text": "b", "label": {"start": 1}}, {"exampleId": "3", "adapterId": "tickets", "text": "b", "label": "late;refund"}]
                        """);
        assertThat(array.err())
                .contains(
                        "file, element 2 at line 1 left out: label is an object with no start or no end, expected what adapter 'tickets' learns (multi-label-classification), such as [\"late\", \"refund\"]",
                        "file, element 3 at line 1 left out: the label 'late;refund' of adapter 'tickets' is unknown, and looks like several in one text; write it as [\"late\", \"refund\"]");
        assertThat(array.out()).contains("1 example of 1 adapter stored", "2 records left out");
    }

    @Test
    void labelsThatAnAdapterLacksAreToldAndSent() throws Exception {
        CommandRun kinds = send("--format conll names", "Acme B-ORG\n\nBob B-PER\n\nAcme B-ORG\n");
        assertThat(kinds.exitCode()).isZero();
        assertThat(kinds.err().lines()).hasSize(2);
        assertThat(kinds.err())
                .contains(
                        "file, line 1: the label 'ORG' is none that adapter 'names' has in the configuration: its examples become dead letters unless it was added since",
                        "file: 2 records sent (line 1, line 5): the label 'ORG' is none that adapter 'names' has in the configuration: its examples become dead letters unless it was added since");

        CommandRun texts =
                send(
                        "--csv",
                        IntStream.range(0, 60)
                                .mapToObj(i -> "%d,spam,text,label %d".formatted(i, i))
                                .collect(
                                        Collectors.joining(
                                                "\n", "exampleId,adapterId,text,label\n", "\n")));
        assertThat(texts.out()).contains("60 examples of 1 adapter stored");
        assertThat(texts.err().lines()).hasSize(21);
        assertThat(texts.err())
                .contains(
                        "file: in all 60 examples have labels that their adapters lack in the configuration; is the label where it is looked for?");
    }

    /**
     * Options are {@code --json}, {@code --csv}, or {@code --format} with a format and an adapter.
     */
    private CommandRun send(String options, String content) throws IOException {
        String file = Files.writeString(folder.resolve("file"), content).toString();
        String[] parts = options.split(" ", -1);
        List<String> arguments = new ArrayList<>(List.of("send", "--config", config.toString()));
        if (parts[0].equals("--format")) {
            arguments.addAll(List.of("--format", parts[1], "--adapter", parts[2], file));
        } else {
            arguments.addAll(List.of(parts[0], file));
        }
        return CommandRun.of(arguments.toArray(String[]::new));
    }
}
