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
                          pairs: {labels: [not_equivalent, equivalent]}
                        loop.mode: predict
                        """
                                .formatted(
                                        stack.bootstrapServers(),
                                        stack.registryUrl(),
                                        stackFolder.resolve("adapters")));
        JobConfig job = ConfigFile.load(config);
        TopicCreation.createMissing(
                job.kafka(), job.topics(), List.of(Topic.LABELED_EXAMPLES, Topic.UNLABELED_INPUTS));
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

    /** As the job would, by the same rule: what is sent is not found among dead letters. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--format glue:sst2 spam | line 3      | the text of 1 character has none that can be seen | sentence\tlabel;fine\t1; \t0",
                "--format glue:sst2 spam | line 2      | the text of 0 characters has none that can be seen | {\"sentence\":\"fine\",\"label\":1};{\"sentence\":\"\",\"label\":1}",
                "--format glue:mrpc pairs | line 3     | the text of 0 characters has none that can be seen | sentence1\tsentence2\tlabel;\tb\t1;\t \t1;a\t\t1",
                "--format squad desk     | question '2' | there is no passage | [{\"id\": 1, \"context\": \"At nine.\", \"question\": \" \", \"answers\": {\"text\": [\"nine\"], \"answer_start\": [3]}}, {\"id\": 2, \"context\": \" \", \"question\": \"When?\", \"answers\": {\"text\": [], \"answer_start\": []}}]",
                "--json                  | line 2      | the text of 1 character has none that can be seen | {\"exampleId\": 1, \"adapterId\": \"spam\", \"text\": \"a\", \"label\": \"positive\"};{\"exampleId\": 2, \"adapterId\": \"spam\", \"text\": \" \", \"label\": \"positive\"}",
                "--csv                   | line 3      | there is no passage | exampleId,adapterId,text,textPair,label;1,desk,When?,At nine.,[];2,desk,When?,,[]"
            })
    void aTextWithNothingToReadIsLeftOutWithAndWithoutLabels(
            String options, String place, String reason, String content) throws Exception {
        for (String[] more : new String[][] {{}, {"--unlabeled"}}) {
            CommandRun run = send(options, content.replace(';', '\n'), more);

            assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
            assertThat(run.err()).contains("file, %s left out: %s".formatted(place, reason));
            assertThat(run.out()).contains("1 record left out");
        }
    }

    @Test
    void anAdapterThatIsNotNamedIsToldOnceAndSentTo() throws Exception {
        Path admitting = others("training.labels: [late, refund]");
        String rows = "1,acme,a,late\n2,spam,b,positive\n3,acme,c,refund\n";
        String header = "exampleId,adapterId,text,label\n";

        CommandRun examples = send(admitting, "--csv", header + rows);
        assertThat(examples.exitCode()).isZero();
        assertThat(examples.err().lines())
                .singleElement()
                .asString()
                .endsWith(
                        "file, line 2: adapter 'acme' is not named in the configuration: where the job does not have it, it begins as a new adapter, with the settings of training");
        CommandRun inputs = send(admitting, "--csv", header + rows, "--unlabeled");
        assertThat(inputs.err())
                .contains(
                        "adapter 'acme' is not named in the configuration: where the job does not have it, one that has learned nothing answers, with the settings of training");
        CommandRun refusing = send("--csv", header + rows);
        assertThat(refusing.exitCode()).isZero();
        assertThat(refusing.err())
                .contains(
                        "file, line 2: adapter 'acme' is none of this configuration: what is sent to it becomes dead letters unless the job's own has it");
        CommandRun format =
                send(admitting, "--format glue:rte acme", "sentence1\tsentence2\tlabel\na\tb\t0\n");
        assertThat(format.err())
                .contains("line 2: adapter 'acme' is not named in the configuration");
        assertThat(format.out()).contains("1 example of 1 adapter stored");
    }

    @Test
    void ofAdaptersThatAreNotNamedTwentyAreTold() throws Exception {
        CommandRun run =
                send(
                        others("training.labels: [late, refund]"),
                        "--csv",
                        IntStream.range(0, 60)
                                .mapToObj(i -> "%d,adapter-%d,text,late".formatted(i, i / 2))
                                .collect(
                                        Collectors.joining(
                                                "\n", "exampleId,adapterId,text,label\n", "\n")));

        assertThat(run.out()).contains("60 examples of 30 adapters stored");
        assertThat(run.err().lines()).hasSize(21);
        assertThat(run.err())
                .contains(
                        "file: in all 30 adapters that the configuration does not name; is the adapter's id where it is looked for?");
    }

    /** The same configuration with one line more. */
    private Path others(String line) throws IOException {
        return Files.writeString(
                folder.resolve("others.yaml"), Files.readString(config) + line + "\n");
    }

    /**
     * Options are {@code --json}, {@code --csv}, or {@code --format} with a format and an adapter.
     */
    private CommandRun send(String options, String content, String... more) throws IOException {
        return send(config, options, content, more);
    }

    private CommandRun send(Path job, String options, String content, String... more)
            throws IOException {
        String file = Files.writeString(folder.resolve("file"), content).toString();
        String[] parts = options.split(" ", -1);
        List<String> arguments = new ArrayList<>(List.of("send", "--config", job.toString()));
        if (parts[0].equals("--format")) {
            arguments.addAll(List.of("--format", parts[1], "--adapter", parts[2], file));
        } else {
            arguments.addAll(List.of(parts[0], file));
        }
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }
}
