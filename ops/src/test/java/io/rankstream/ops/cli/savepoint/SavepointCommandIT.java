package io.rankstream.ops.cli.savepoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.ops.cli.RankstreamCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on the savepoint that the job's tests restore. */
public class SavepointCommandIT {

    private static final Path FORMAT =
            Path.of("..", "flink-job", "src", "test", "resources", "savepoints", "format-1");
    public static final Path SAVEPOINT = FORMAT.resolve("savepoint");

    @TempDir Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Nested
    class Inspect {

        @Test
        void showsEveryAdapterById() throws IOException {
            assertThat(run("savepoint", "inspect", SAVEPOINT)).isZero();

            List<String> lines = out.toString().lines().toList();
            AdapterState spam = known("spam");
            assertThat(lines.get(0))
                    .matches(
                            "adapter +step +version +budget +live ranks +examples +accuracy"
                                    + " +pending +bytes");
            assertThat(lines.get(1)).startsWith("list ");
            assertThat(lines.get(2))
                    .matches(
                            "spam +4 +4 +%d +%d +16 +0\\.[0-9]{3} +1 +[0-9]{2},[0-9]{3}"
                                    .formatted(
                                            spam.budget().budget(), spam.budget().liveTriplets()));
            assertThat(lines.get(3)).startsWith("tone ");
            assertThat(lines.get(5)).startsWith("list: most important encoder.layer.");
            assertThat(lines.get(9)).isEqualTo("spam: labels at revision 1: 'ham', 'spam'");
        }

        @Test
        void showsAdaptersThatLearnNumbersInATableOfTheirOwn() throws IOException {
            Path mixed = FORMAT.resolveSibling("format-4").resolve("savepoint");

            assertThat(run("savepoint", "inspect", mixed)).isZero();

            List<String> lines = out.toString().lines().toList();
            assertThat(lines).filteredOn(line -> line.contains("accuracy")).hasSize(1);
            int header =
                    IntStream.range(0, lines.size())
                            .filter(i -> lines.get(i).contains("Pearson"))
                            .findFirst()
                            .orElseThrow();
            assertThat(lines.get(header))
                    .matches(
                            "adapter +step +version +budget +live ranks +examples +Pearson +RMSE"
                                    + " +pending +bytes");
            assertThat(lines.subList(header + 1, header + 3))
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith("price ").doesNotContain(" - "),
                            line -> assertThat(line).startsWith("rent ").doesNotContain(" - "));
            assertThat(lines)
                    .contains(
                            "price: a regression, without labels",
                            "rent: a regression, without labels");
        }

        @Test
        void isReadByMachines() throws IOException {
            assertThat(run("savepoint", "inspect", SAVEPOINT, "-o", "json")).isZero();

            JsonNode json = new ObjectMapper().readTree(out.toString());
            AdapterState tone = known("tone");
            JsonNode found = json.at("/adapters/2");
            assertThat(found.get("adapter").asText()).isEqualTo("tone");
            assertThat(found.get("step").asLong()).isEqualTo(tone.meta().step());
            assertThat(found.get("version").asLong()).isEqualTo(tone.meta().version());
            assertThat(found.get("budget").asInt()).isEqualTo(tone.budget().budget());
            assertThat(found.get("accuracy").asDouble())
                    .isEqualTo(tone.meta().score().metrics().get("accuracy"));
            assertThat(found.get("pendingExamples").asInt()).isZero();
            assertThat(json.at("/adapters/0/pendingExamples").asInt()).isEqualTo(1);
            assertThat(found.get("modules")).hasSize(12);
            assertThat(found.get("labelRevision").asLong()).isEqualTo(1);
            assertThat(found.get("labels")).extracting(JsonNode::asText).contains("ham", "spam");
            assertThat(found.get("retiredLabels")).isEmpty();
            int[] ranks = tone.budget().liveRanks(tone.triplets().layout().rank());
            for (int k = 0; k < ranks.length; k++) {
                JsonNode module = found.get("modules").get(k);
                assertThat(module.get("module").asText())
                        .isEqualTo(tone.triplets().layout().modules().get(k).name());
                assertThat(module.get("liveRank").asInt()).isEqualTo(ranks[k]);
                assertThat(module.get("importance").asDouble()).isPositive();
            }
            assertThat(json.get("notTrainedYet")).isEmpty();
        }
    }

    @Nested
    class Export {

        @Test
        void writesWhatAPublishedVersionHas() throws IOException {
            Path folder = temp.resolve("spam");

            assertThat(run("savepoint", "export", SAVEPOINT, "--adapter", "spam", "--out", folder))
                    .isZero();

            assertThat(folder.resolve(AdapterSnapshot.FILE))
                    .hasSameBinaryContentAs(FORMAT.resolve("adapters/spam.safetensors"));
            assertThat(Manifest.verify(folder)).isEmpty();
            assertThat(names(folder))
                    .containsExactlyInAnyOrder(
                            "README.md",
                            "adalora",
                            "lora",
                            "labels.json",
                            "manifest.json",
                            "provenance.json",
                            AdapterSnapshot.FILE);
            assertThat(run("adapter", "diff", folder, FORMAT.resolve("adapters/spam.safetensors")))
                    .isZero();
            assertThat(run("adapter", "diff", folder, folder.resolve("adalora"))).isZero();
        }

        @Test
        void namesTheAdaptersThatThereAre() throws IOException {
            assertMistake(
                    "has no adapter 'ham': its adapters are list, spam, tone",
                    "savepoint",
                    "export",
                    SAVEPOINT,
                    "--adapter",
                    "ham",
                    "--out",
                    temp.resolve("x"));
            assertThat(names(temp)).isEmpty();
        }
    }

    @Nested
    class Import {

        @Test
        void addsASnapshotAndKeepsTheRest() throws IOException {
            Path folder = temp.resolve("new");

            assertThat(imports("news", FORMAT.resolve("adapters/tone.safetensors"), folder))
                    .isZero();

            assertThat(out.toString()).contains("adapter 'news' at step 4, version 4, ");
            assertThat(exported(folder, "news")).isEqualTo(known("tone").withId("news"));
            for (String adapterId : List.of("list", "spam", "tone")) {
                assertThat(exported(folder, adapterId)).isEqualTo(known(adapterId));
            }
        }

        @Test
        void addsAnAdapterOfPeft() throws IOException {
            Path peft = temp.resolve("peft");
            run("adapter", "export", FORMAT.resolve("adapters/tone.safetensors"), "--out", peft);
            Path folder = temp.resolve("new");

            int code =
                    run(
                            "savepoint",
                            "import",
                            SAVEPOINT,
                            "--adapter",
                            "news",
                            "--from",
                            peft,
                            "--model",
                            model(),
                            "--out",
                            folder);

            assertThat(err.toString()).isEmpty();
            assertThat(code).isZero();
            AdapterState news = exported(folder, "news");
            assertThat(news.meta().step()).isZero();
            assertThat(news.head()).isEqualTo(known("tone").head());
            assertThat(news.budget().live()).isEqualTo(known("tone").budget().live());
        }

        @Test
        void replacesWhenAskedAndNeverOtherwise() throws IOException {
            Path snapshot = FORMAT.resolve("adapters/tone.safetensors");

            assertMistake(
                    "has an adapter 'spam' already, at step 4",
                    "savepoint",
                    "import",
                    SAVEPOINT,
                    "--adapter",
                    "spam",
                    "--from",
                    snapshot,
                    "--out",
                    temp.resolve("new"));
            assertThat(names(temp)).isEmpty();
            assertThat(
                            run(
                                    "savepoint",
                                    "import",
                                    SAVEPOINT,
                                    "--adapter",
                                    "spam",
                                    "--from",
                                    snapshot,
                                    "--replace",
                                    "--out",
                                    temp.resolve("new")))
                    .isZero();
            assertThat(exported(temp.resolve("new"), "spam"))
                    .isEqualTo(known("tone").withId("spam"));
        }

        @Test
        void overwritesNothing() throws IOException {
            Path folder = Files.createDirectory(temp.resolve("folder"));
            Files.writeString(folder.resolve("notes.txt"), "mine");

            assertMistake(
                    "is there already, and nothing is overwritten",
                    "savepoint",
                    "import",
                    SAVEPOINT,
                    "--adapter",
                    "news",
                    "--from",
                    FORMAT.resolve("adapters/tone.safetensors"),
                    "--out",
                    folder);
            assertThat(names(folder)).containsExactly("notes.txt");
        }

        @Test
        void takesNoOptionOfPeftForASnapshot() {
            assertMistake(
                    "--labels is of a directory of PEFT, but",
                    "savepoint",
                    "import",
                    SAVEPOINT,
                    "--adapter",
                    "news",
                    "--from",
                    FORMAT.resolve("adapters/tone.safetensors"),
                    "--labels",
                    "a,b",
                    "--out",
                    temp.resolve("new"));
        }
    }

    @Nested
    class APathThatIsNoSavepoint {

        @Test
        void givesOneSentence() throws IOException {
            Path empty = Files.createDirectory(temp.resolve("empty"));
            Path damaged = Files.createDirectory(temp.resolve("damaged"));
            Files.writeString(damaged.resolve("_metadata"), "a text of some length");

            assertMistake("no does not exist", "savepoint", "inspect", temp.resolve("no"));
            assertMistake("empty has no _metadata", "savepoint", "inspect", empty);
            assertMistake("_metadata of", "savepoint", "inspect", damaged);
            assertMistake("not-a-scheme", "savepoint", "inspect", "not-a-scheme://bucket/x");
        }

        @Test
        void orIsCutShortGivesOneSentence() throws IOException {
            Path copy = Files.createDirectory(temp.resolve("cut"));
            try (Stream<Path> files = Files.list(SAVEPOINT)) {
                for (Path file : files.toList()) {
                    byte[] content = Files.readAllBytes(file);
                    int kept = Math.min(content.length, 10_000);
                    Files.write(copy.resolve(file.getFileName()), Arrays.copyOf(content, kept));
                }
            }

            assertMistake("cut cannot be read", "savepoint", "inspect", copy);
        }
    }

    /** The base model of the savepoint's adapters. */
    private Path model() throws IOException {
        Path model = temp.resolve("model");
        TinyBert.small().writeTo(model);
        return model;
    }

    private int imports(String adapterId, Path source, Path target) {
        return run(
                "savepoint",
                "import",
                SAVEPOINT,
                "--adapter",
                adapterId,
                "--from",
                source,
                "--out",
                target);
    }

    /** The adapter that {@code savepoint export} finds. */
    private AdapterState exported(Path savepoint, String adapterId) throws IOException {
        Path folder = temp.resolve("exported-" + adapterId);
        assertThat(run("savepoint", "export", savepoint, "--adapter", adapterId, "--out", folder))
                .isZero();
        return AdapterSnapshot.read(folder.resolve(AdapterSnapshot.FILE));
    }

    private static AdapterState known(String adapterId) throws IOException {
        return AdapterSnapshot.read(FORMAT.resolve("adapters").resolve(adapterId + ".safetensors"));
    }

    private void assertMistake(String sentence, Object... arguments) {
        err.getBuffer().setLength(0);
        assertThat(run(arguments)).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains(sentence);
    }

    private int run(Object... arguments) {
        return RankstreamCommand.commandLine(() -> false)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err, true))
                .execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    }

    private static List<String> names(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.map(file -> file.getFileName().toString()).forEach(names::add);
        }
        return names;
    }
}
