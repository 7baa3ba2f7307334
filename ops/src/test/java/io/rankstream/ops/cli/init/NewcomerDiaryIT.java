package io.rankstream.ops.cli.init;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.ops.cli.CommandProcess;
import io.rankstream.ops.fault.Await;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.Prediction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Types the commands of {@code docs/getting-started.md} as a newcomer would: as they stand there,
 * in an empty folder, but for the ports of the stack, which are any that are free.
 */
@Timeout(600)
class NewcomerDiaryIT {

    private static final Path PAGE = Path.of("..", "docs", "getting-started.md");
    private static final Path TICKETS_FILE = Path.of("..", "docs", "tickets.jsonl");
    private static final String PROGRAM = "./rankstream ";

    private static final List<String> CUSTOMERS = List.of("acme", "globex", "initech");
    private static final int TICKETS = 100;

    private static final String NEW_CATEGORY = "refund";

    /** Tickets of the first customer with it. */
    private static final int NEW_ONES = 7;

    @TempDir Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() throws Exception {
        for (int i = started.size() - 1; i >= 0; i--) {
            started.get(i).destroy();
            assertThat(started.get(i).waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void theCommandsOfThePageLearnFromOwnTickets() throws Exception {
        Files.copy(TICKETS_FILE, folder.resolve("tickets.jsonl"));
        List<String> commands = commands();
        assertThat(commands).hasSizeLessThanOrEqualTo(12);

        Process stack = begin(commands.get(0) + " --broker-port 0 --registry-port 0", "stack");
        awaitLine(stack, "stack", "Both run until Ctrl-C");
        succeed(
                "%s --bootstrap-servers %s --registry %s"
                        .formatted(commands.get(1), address("Broker"), address("Registry")));
        assertThat(settings()).hasSizeLessThanOrEqualTo(8);
        Process run = begin(commands.get(2), "run");
        awaitLine(run, "run", "The job runs");
        succeed(commands.get(3));
        await("predictions", Prediction.getClassSchema(), TICKETS - NEW_ONES);
        await("dead-letters", DeadLetter.getClassSchema(), NEW_ONES);

        assertThat(row(succeed(commands.get(4)), "acme")).contains(" " + NEW_ONES + " ");
        assertThat(succeed(commands.get(5))).contains("UNKNOWN_LABEL", NEW_CATEGORY);
        assertThat(succeed(commands.get(6))).contains("DONE");
        assertThat(succeed(commands.get(7))).contains("savepoint");
        assertThat(run.waitFor(60, TimeUnit.SECONDS)).isTrue();

        awaitLine(begin(commands.get(8), "resumed"), "resumed", "The job runs");
        assertThat(succeed(commands.get(9))).contains(Integer.toString(NEW_ONES));
        await("predictions", Prediction.getClassSchema(), TICKETS);
        String top = succeed(commands.get(10));
        assertThat(CUSTOMERS).allSatisfy(customer -> assertThat(row(top, customer)).isNotEmpty());
        assertThat(commands).hasSize(11);
        assertThat(adapters()).isNotEmpty().allSatisfy(NewcomerDiaryIT::isPublished);
    }

    private static void isPublished(Path version) {
        assertThat(version.resolve("adalora/adapter_config.json")).isRegularFile();
        assertThat(version.resolve("README.md")).isRegularFile();
    }

    private static List<String> commands() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith(PROGRAM))
                .map(line -> line.substring(PROGRAM.length()))
                .toList();
    }

    private Process begin(String command, String name) throws IOException {
        Process process =
                CommandProcess.of(folder, command.split(" "))
                        .directory(folder.toFile())
                        .redirectOutput(folder.resolve(name + ".out").toFile())
                        .redirectError(folder.resolve(name + ".err").toFile())
                        .start();
        started.add(process);
        return process;
    }

    private String succeed(String command) throws Exception {
        Process process = begin(command, "command");
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).as(command).isTrue();
        String output = said("command.out");
        assertThat(process.exitValue())
                .as("%s said %s%s", command, output, said("command.err"))
                .isZero();
        return output;
    }

    private void awaitLine(Process process, String name, String part) throws Exception {
        Await.until(
                name + " says '" + part + "' or ends",
                () -> said(name + ".out").contains(part) || !process.isAlive());
        assertThat(said(name + ".out")).as(said(name + ".err")).contains(part);
    }

    private String said(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    private String address(String of) throws IOException {
        return said("stack.out")
                .lines()
                .filter(line -> line.startsWith(of))
                .map(line -> line.substring(of.length()).strip())
                .findFirst()
                .orElseThrow();
    }

    private List<String> settings() throws IOException {
        return Files.readAllLines(config()).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    private Path config() {
        return folder.resolve("tickets.yaml");
    }

    /** Waits until so many records are committed. */
    private void await(String topic, Schema schema, int count) throws Exception {
        JobConfig job = ConfigFile.load(config());
        int seen = 0;
        try (TopicReader<SpecificRecordBase> reader =
                TopicReader.committed(job.kafka(), "tickets-" + topic, schema)) {
            while (seen < count) {
                seen += reader.poll().size();
            }
        }
        assertThat(seen).as(topic).isEqualTo(count);
    }

    private static String row(String top, String adapter) {
        return top.lines()
                .filter(line -> line.startsWith(adapter + " "))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row of " + adapter + " in\n" + top));
    }

    private List<Path> adapters() throws IOException {
        List<Path> versions = new ArrayList<>();
        for (String customer : CUSTOMERS) {
            try (Stream<Path> found = Files.list(folder.resolve("tickets/adapters/" + customer))) {
                versions.addAll(
                        found.filter(one -> one.getFileName().toString().startsWith("v")).toList());
            }
        }
        return versions;
    }
}
