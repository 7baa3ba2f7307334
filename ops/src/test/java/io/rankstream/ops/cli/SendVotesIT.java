package io.rankstream.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.preflight.TopicCreation;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.stack.Distribution;
import io.rankstream.ops.stack.LocalStack;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.VoteKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With a real broker and registry: votes of a file are stored, and what is odd is told. */
class SendVotesIT {

    private static final Path PAGE = Path.of("..", "docs", "labeling.md");

    @TempDir private static Path stackFolder;
    private static LocalStack stack;

    @TempDir private Path folder;

    @BeforeAll
    static void start() throws Exception {
        stack =
                LocalStack.start(
                        Distribution.locate(),
                        stackFolder.resolve("work"),
                        stackFolder.resolve("logs"));
    }

    @AfterAll
    static void stop() throws Exception {
        stack.close();
    }

    @Test
    void aVoteACorrectionAndARetractionOfThePageAreStored() throws Exception {
        Path config = config("page", "loop.mode: train\nloop.budget-share: 0.1\n");

        CommandRun run = send(config, "--votes", "--json", file("votes.jsonl", ofThePage()));

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("3 votes of 1 adapter stored in page-labels, 0 records left out.");
        List<LabelVote> votes = stored(config, Topic.LABELS);
        assertThat(votes)
                .extracting(LabelVote::getKind)
                .containsExactly(VoteKind.VOTE, VoteKind.VOTE, VoteKind.RETRACT);
        assertThat(votes).extracting(LabelVote::getLabelId).containsOnly("send/ann");
        assertThat(votes).extracting(LabelVote::getRevision).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aTableOfVotesIsSentToAJobOfJsonToo() throws Exception {
        Path config =
                config("table", "loop.mode: train\nloop.budget-share: 0.1\ninput.format: json\n");
        String table =
                """
                ticket,truth,who
                1,billing,ann
                2,,bob
                3,outage,eve
                4,billing,ann
                """;

        CommandRun run =
                send(
                        config,
                        "--votes",
                        "--csv",
                        file("votes.csv", table),
                        "--map",
                        "exampleId=ticket,label=truth,annotator=who,defaults.adapterId=acme");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("votes.csv, line 3 left out: kind is VOTE and there is no label");
        assertThat(run.out())
                .contains("3 votes of 1 adapter stored in table-labels, 1 record left out.");
        assertThat(stored(config, Topic.LABELS))
                .extracting(vote -> vote.getExampleId() + " " + vote.getLabel())
                .containsExactly("1 billing", "3 outage", "4 billing");
    }

    @Test
    void fieldsThatAreElsewhereAreNamed() throws Exception {
        Path config = config("elsewhere", "loop.mode: train\nloop.budget-share: 0.1\n");

        CommandRun run =
                send(
                        config,
                        "--votes",
                        "--json",
                        file("v.jsonl", "{\"id\": 1, \"label\": \"billing\"}\n"));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains(
                        "line 1 has the fields id, label; say where those of a vote are with --map exampleId=…,adapterId=…,annotator=…");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--votes | labels | set that to train or only",
                "--unlabeled | unlabeled-inputs | set that to predict, train or only"
            })
    void whatTheJobWouldNotReadIsSentAndTold(String what, String role, String remedy)
            throws Exception {
        Path config = config("unread", "");
        JobConfig job = ConfigFile.load(config);
        TopicCreation.createMissing(
                job.kafka(), job.topics(), List.of(Topic.LABELS, Topic.UNLABELED_INPUTS));
        String record =
                "{\"exampleId\": 1, \"adapterId\": \"a\", \"annotator\": \"ann\", \"label\": \"billing\", \"text\": \"x\"}\n";

        CommandRun run = send(config, what, "--json", file("one.jsonl", record));

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("does not read topic 'unread-" + role + "'", remedy);
        assertThat(run.out()).contains("1 ", " of 1 adapter stored in unread-" + role);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--votes", "--unlabeled"})
    void whatTheJobWouldNotReadIsToldThoughTheTopicIsMissing(String what) throws Exception {
        Path config = config("missing", "");
        String record =
                "{\"exampleId\": 1, \"adapterId\": \"a\", \"annotator\": \"ann\", \"label\": \"billing\", \"text\": \"x\"}\n";

        CommandRun run = send(config, what, "--json", file("one.jsonl", record));

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.err().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("does not read topic", "set that to"),
                        line -> assertThat(line).contains("has no topic 'missing-"));
    }

    private static String ofThePage() throws IOException {
        return Pattern.compile("^\\{\"exampleId\".*\"annotator\".*}$", Pattern.MULTILINE)
                .matcher(Files.readString(PAGE))
                .results()
                .map(MatchResult::group)
                .reduce("", (text, line) -> text + line + "\n");
    }

    private CommandRun send(Path config, String... options) {
        String[] arguments = new String[options.length + 3];
        arguments[0] = "send";
        arguments[1] = "--config";
        arguments[2] = config.toString();
        System.arraycopy(options, 0, arguments, 3, options.length);
        return CommandRun.of(arguments);
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private Path config(String name, String loop) throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve(name + ".yaml"),
                        """
                        kafka.bootstrap-servers: %s
                        registry.url: %s
                        kafka.group-id: %3$s
                        topics.prefix: %3$s-
                        publish.directory: '%4$s'
                        training.labels: [billing, outage, question]
                        %5$s"""
                                .formatted(
                                        stack.bootstrapServers(),
                                        stack.registryUrl(),
                                        name,
                                        folder.resolve("adapters"),
                                        loop));
        JobConfig job = ConfigFile.load(file);
        TopicCreation.createMissing(job.kafka(), job.topics(), job.usedTopics());
        return file;
    }

    private static <T extends SpecificRecordBase> List<T> stored(Path config, Topic<T> topic)
            throws Exception {
        JobConfig job = ConfigFile.load(config);
        try (TopicReader<T> reader =
                TopicReader.committed(job.kafka(), job.topics().of(topic), topic.schema())) {
            return reader.readToEnd();
        }
    }
}
