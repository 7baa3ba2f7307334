package io.rankstream.ops.cli.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.adapters.adalora.ConstantBudgetSchedule;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.method.InitialState;
import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.method.OrthogonalityPenalty;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.model.PretrainedModel;
import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.adapters.settings.LearningRateSchedule;
import io.rankstream.adapters.settings.OptimizerSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BaseModel;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.state.TripletState;
import io.rankstream.adapters.task.HeadKind;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.version.AdapterFiles;
import io.rankstream.adapters.weights.ModelLoadException;
import io.rankstream.adapters.weights.Sha256;
import io.rankstream.adapters.weights.safetensors.SafetensorsFile;
import io.rankstream.ops.cli.RankstreamCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AdapterCommandTest {

    private static final String QUERY = "encoder.layer.0.attention.self.query";
    private static final String VALUE = "encoder.layer.0.attention.self.value";

    /** An adapter of the embedded model with two modules, of which the second is pruned. */
    private static AdapterState state;

    @TempDir Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void makeAdapter() throws ModelLoadException {
        PretrainedModel model = PretrainedModel.load(new ModelSource.Embedded());
        TripletLayout layout =
                new TripletLayout(
                        List.of(new ModuleShape(QUERY, 384, 384), new ModuleShape(VALUE, 384, 384)),
                        2);
        AdapterState fresh =
                new InitialState(
                                "spam",
                                new BaseModel(model.name(), model.sha256(), "bert"),
                                layout,
                                4,
                                List.of("ham", "spam"),
                                HeadKind.first(Pooling.CLS),
                                384)
                        .of(Method.ADALORA, 1);
        float[] values = fresh.triplets().values().clone();
        values[layout.offsetE(0)] = .5f;
        state =
                new AdapterState(
                        fresh.meta(),
                        new TripletState(layout, 4, values),
                        fresh.moments(),
                        fresh.importance(),
                        new BudgetState(2, new boolean[] {true, true, false, false}),
                        fresh.head());
    }

    @Nested
    class ImportAndExport {

        @Test
        void giveTheSameAdapterBack() throws IOException {
            Path snapshot = snapshot("spam.safetensors", state);

            assertThat(run("adapter", "export", snapshot, "--out", temp.resolve("peft"))).isZero();
            assertThat(names(temp.resolve("peft")))
                    .containsExactlyInAnyOrder(
                            "README.md",
                            "adapter_config.json",
                            "adapter_model.safetensors",
                            "labels.json");
            assertThat(
                            run(
                                    "adapter",
                                    "import",
                                    temp.resolve("peft"),
                                    "--adapter",
                                    "copy",
                                    "--out",
                                    temp.resolve("copy.safetensors")))
                    .isZero();
            assertThat(out.toString())
                    .contains("adapter 'copy', 2 of 4 triplets live, adapted modules: 2")
                    .contains("labels ham, spam, pooling CLS");
            assertThat(
                            run(
                                    "adapter",
                                    "diff",
                                    temp.resolve("peft"),
                                    temp.resolve("copy.safetensors")))
                    .isZero();
            assertThat(names(temp))
                    .containsExactlyInAnyOrder("spam.safetensors", "peft", "copy.safetensors");
        }

        @Test
        void canRoundToHalfTheBytes() throws IOException {
            Path snapshot = snapshot("spam.safetensors", state);

            assertThat(
                            run(
                                    "adapter",
                                    "export",
                                    snapshot,
                                    "--format",
                                    "lora",
                                    "--dtype",
                                    "bf16",
                                    "--out",
                                    temp.resolve("lora")))
                    .isZero();

            Path tensors = temp.resolve("lora/adapter_model.safetensors");
            try (SafetensorsFile file = SafetensorsFile.open(tensors)) {
                assertThat(file.shape("base_model.model.bert." + VALUE + ".lora_A.weight"))
                        .containsExactly(8, 384);
            }
            assertThat(Files.size(tensors)).isLessThan(2 * (2 * 2 * 8 * 384 + 2 * 384 + 2) + 2000);
        }

        @Test
        void readPublishedVersions() throws IOException {
            Path version = version();

            assertThat(run("adapter", "export", version, "--out", temp.resolve("peft"))).isZero();
            assertThat(
                            run(
                                    "adapter",
                                    "import",
                                    version.resolve("adalora"),
                                    "--adapter",
                                    "spam",
                                    "--out",
                                    temp.resolve("again.safetensors")))
                    .isZero();
            assertThat(temp.resolve("peft/adapter_model.safetensors"))
                    .hasSameBinaryContentAs(version.resolve("adalora/adapter_model.safetensors"));
            assertThat(run("adapter", "diff", version, version.resolve("adalora"))).isZero();
        }

        @Test
        void tellTheTokenLimitAndTheNameOfTheModel() throws IOException {
            Path peft = temp.resolve("peft");

            assertThat(
                            run(
                                    "adapter",
                                    "export",
                                    version(),
                                    "--model-name",
                                    "team/model \"x\"",
                                    "--out",
                                    peft))
                    .isZero();

            assertThat(peft.resolve("labels.json")).content().contains("\"maxLength\": 64");
            assertThat(peft.resolve("README.md"))
                    .content()
                    .contains("base_model: \"team/model \\\"x\\\"\"", "MAX_LENGTH = 64");
            assertThat(peft.resolve("adapter_config.json"))
                    .content()
                    .contains("\"base_model_name_or_path\": \"team/model \\\"x\\\"\"");
            Path again = temp.resolve("again.safetensors");
            assertThat(run("adapter", "import", peft, "--adapter", "spam", "--out", again))
                    .isZero();
            assertThat(AdapterSnapshot.read(again).meta().baseModel().name())
                    .isEqualTo("team/model \"x\"");
            assertThat(run("adapter", "diff", peft, again)).isZero();
            assertThat(out.toString()).endsWith("The adapters are the same.\n");
        }

        @Test
        void printTheSettingsThatTrainTheAdapterOn() throws IOException {
            Path peft = temp.resolve("peft");
            run("adapter", "export", version(), "--out", peft);

            run("adapter", "import", peft, "--adapter", "spam", "--out", temp.resolve("a b.st"));

            assertThat(out.toString())
                    .endsWith(
                            """
                            adapters:
                              spam:
                                start-from: %s
                                labels: [ham, spam]
                                pooling: cls
                                target-modules: [%s, %s]
                                init-rank: 2
                                alpha: 4.0
                            """
                                    .formatted(temp.resolve("a b.st"), QUERY, VALUE));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "multi-label-classification | SEQ_CLS | threshold: 0.5",
                    "token-classification | TOKEN_CLS | labels: [O, B-PER]"
                })
        void printTheTaskThatIsTrainedOn(String task, String type, String next) throws IOException {
            Path peft = temp.resolve("peft");
            run("adapter", "export", snapshot("spam.safetensors", state), "--out", peft);
            Files.delete(peft.resolve("labels.json"));
            Path settings = peft.resolve("adapter_config.json");
            Files.writeString(settings, Files.readString(settings).replace("SEQ_CLS", type));

            run(
                    "adapter",
                    "import",
                    peft,
                    "--task",
                    task,
                    "--labels",
                    "O,B-PER",
                    "--adapter",
                    "a",
                    "--out",
                    temp.resolve("a.st"));

            assertThat(out.toString()).contains("    task: %s\n    %s\n".formatted(task, next));
        }

        @Test
        void keepEachModulesOwnRankWhereAsked() throws IOException {
            Path peft = temp.resolve("peft");

            assertThat(
                            run(
                                    "adapter",
                                    "export",
                                    snapshot("spam.safetensors", state),
                                    "--format",
                                    "lora",
                                    "--ranks",
                                    "own",
                                    "--out",
                                    peft))
                    .isZero();

            try (SafetensorsFile file =
                    SafetensorsFile.open(peft.resolve("adapter_model.safetensors"))) {
                assertThat(file.shape("base_model.model.bert." + QUERY + ".lora_A.weight"))
                        .containsExactly(2, 384);
                assertThat(file.names()).noneMatch(name -> name.contains(VALUE));
            }
            assertMistake(
                    "--ranks is of --format lora",
                    "adapter",
                    "export",
                    peft,
                    "--ranks",
                    "own",
                    "--out",
                    temp.resolve("x"));
        }

        @Test
        void warnOfWhatIsDoubtful() throws IOException {
            Path peft = temp.resolve("peft");
            run("adapter", "export", version(), "--model-name", "a/b", "--out", peft);
            Files.delete(peft.resolve("labels.json"));

            assertThat(
                            run(
                                    "adapter",
                                    "import",
                                    peft,
                                    "--adapter",
                                    "spam",
                                    "--labels",
                                    "ham,spam",
                                    "--out",
                                    temp.resolve("copy.safetensors")))
                    .isZero();

            assertThat(err.toString().lines())
                    .allMatch(line -> line.startsWith("rankstream: warning: "))
                    .anyMatch(line -> line.contains("reads the output of BERT's pooler if"))
                    .anyMatch(line -> line.contains("was made for the base model 'a/b', but"))
                    .hasSize(2);
        }

        @Test
        void refuseAPoolerThatTheModelLacks() throws IOException {
            Path peft = temp.resolve("peft");
            run("adapter", "export", version(), "--out", peft);

            assertMistake(
                    "the base model sentence-transformers/all-MiniLM-L6-v2 has none",
                    "adapter",
                    "import",
                    peft,
                    "--adapter",
                    "spam",
                    "--pooling",
                    "pooler",
                    "--out",
                    temp.resolve("x"));
        }

        @Test
        void overwriteNothing() throws IOException {
            Path snapshot = snapshot("spam.safetensors", state);
            Path folder = Files.createDirectory(temp.resolve("folder"));
            Files.writeString(folder.resolve("notes.txt"), "mine");

            assertMistake(
                    "is not empty, and nothing is", "adapter", "export", snapshot, "--out", folder);
            assertMistake(
                    "exists already, and nothing is overwritten",
                    "adapter",
                    "import",
                    folder,
                    "--adapter",
                    "a",
                    "--out",
                    snapshot);
            assertThat(names(folder)).containsExactly("notes.txt");
        }

        @Test
        void writeNothingThroughALink() throws IOException {
            Path snapshot = snapshot("spam.safetensors", state);
            Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
            Path link = Files.createSymbolicLink(temp.resolve("link"), elsewhere);
            Path dangling = Files.createSymbolicLink(temp.resolve("to"), temp.resolve("nowhere"));

            assertThat(run("adapter", "export", snapshot, "--out", link)).isZero();
            assertThat(run("adapter", "export", snapshot, "--out", dangling)).isZero();

            assertThat(elsewhere).isEmptyDirectory();
            assertThat(temp.resolve("nowhere")).doesNotExist();
            assertThat(link).isDirectory().satisfies(at -> assertThat(names(at)).isNotEmpty());
        }

        @Test
        void leaveNothingBehindWhereTheyCannotWrite() throws IOException {
            Path snapshot = snapshot("spam.safetensors", state);

            assertMistake(
                    "cannot be written",
                    "adapter",
                    "export",
                    snapshot,
                    "--out",
                    snapshot.resolve("below"));
            assertThat(names(temp)).containsExactly("spam.safetensors");
        }
    }

    @Nested
    class Diff {

        @Test
        void tellsWhatDiffersAndExitsWithOne() throws IOException {
            float[] values = state.triplets().values().clone();
            values[state.triplets().layout().offsetE(0)] = .25f;
            AdapterState other =
                    new AdapterState(
                            state.meta().afterVersion(),
                            new TripletState(state.triplets().layout(), 4, values),
                            state.moments(),
                            state.importance(),
                            state.budget(),
                            state.head());

            int code = run("adapter", "diff", snapshot("a", state), snapshot("b", other));

            assertThat(code).isEqualTo(1);
            assertThat(err.toString()).isEmpty();
            assertThat(out.toString().lines())
                    .containsExactly(
                            "setting  A  B",
                            "version  0  1",
                            "",
                            "module                                rank A  rank B  difference",
                            "encoder.layer.0.attention.self.query       2       2    5.00e-01",
                            "encoder.layer.0.attention.self.value       0       0           0",
                            "all modules                                2       2    5.00e-01",
                            "head                                                           0",
                            "training state: differs",
                            "The adapters differ.");
        }

        @Test
        void isReadByMachines() throws IOException {
            Path snapshot = snapshot("a", state);

            assertThat(run("adapter", "diff", snapshot, snapshot, "-o", "json")).isZero();

            JsonNode json = new ObjectMapper().readTree(out.toString());
            assertThat(json.get("identical").asBoolean()).isTrue();
            assertThat(json.at("/modules/0/module").asText()).isEqualTo(QUERY);
            assertThat(json.at("/modules/1/liveRanks").toString()).isEqualTo("[0,0]");
            assertThat(json.get("allModules").asDouble()).isZero();
            assertThat(json.get("trainingStateIdentical").asBoolean()).isTrue();
        }

        @Test
        void helpTellsTheExitCodes() {
            assertThat(run("adapter", "diff", "--help")).isZero();
            assertThat(out.toString()).contains("they differ");
        }
    }

    @Nested
    class AMistake {

        @Test
        void inTheSourceGivesOneSentence() throws IOException {
            Path target = temp.resolve("target");
            Path text = Files.writeString(temp.resolve("notes.txt"), "a text of some length");
            Path empty = Files.createDirectory(temp.resolve("empty"));

            assertMistake(
                    "does not exist", "adapter", "export", temp.resolve("no"), "--out", target);
            assertMistake("it is no snapshot", "adapter", "export", text, "--out", target);
            assertMistake("is something else", "adapter", "export", empty, "--out", target);
            assertMistake("does not exist", "adapter", "diff", temp.resolve("no"), text);
            assertMistake(
                    "adapter_config.json does not exist",
                    "adapter",
                    "import",
                    empty,
                    "--adapter",
                    "a",
                    "--out",
                    target);
            assertThat(target).doesNotExist();
        }

        @Test
        void inOptionsGivesOneSentence() {
            assertMistake("Missing required subcommand", "adapter");
            assertMistake(
                    "--adapter is '../a', but an id is 1 to 64",
                    "adapter",
                    "import",
                    temp,
                    "--adapter",
                    "../a",
                    "--out",
                    temp.resolve("x"));
            assertMistake("'--dtype'", "adapter", "export", temp, "--out", "x", "--dtype", "f64");
            assertMistake("'--out'", "adapter", "export", temp, "--out", "a\0b");
        }

        @Test
        void inAVersionIsFound() throws IOException {
            Path version = version();
            Files.writeString(version.resolve("labels.json"), "{}");

            assertMistake(
                    "is not the version that was published: labels.json has 2 bytes",
                    "adapter",
                    "export",
                    version,
                    "--out",
                    temp.resolve("target"));
        }

        @ParameterizedTest
        @EnumSource(Wrong.class)
        void inAVersionIsFoundByEveryCommandThatReadsIt(Wrong wrong) throws IOException {
            Path right = version();
            Path version = version("wrong");
            wrong.with(version);
            Path target = temp.resolve("target");

            assertMistake(wrong.told, "adapter", "export", version, "--out", target);
            assertMistake(wrong.told, "adapter", "diff", right, version);
            assertMistake(wrong.told, "adapter", "diff", version, right);
            assertMistake(wrong.told, "adapter", "diff", version.resolve("adalora"), right);
            assertMistake(
                    wrong.told,
                    "adapter",
                    "import",
                    version.resolve("adalora"),
                    "--adapter",
                    "spam",
                    "--out",
                    target);
            assertThat(target).doesNotExist();
        }

        @Test
        void isNoneWhereALinkLeadsToAVersion() throws IOException {
            Path link = Files.createSymbolicLink(temp.resolve("latest"), version());

            assertThat(run("adapter", "diff", link, version())).isZero();
            assertThat(run("adapter", "diff", link.resolve("adalora"), version())).isZero();
        }

        @Test
        void namesTheLabelsThatAreMissing() throws IOException {
            Path snapshot = snapshot("spam.safetensors", state);
            Path peft = temp.resolve("peft");
            run("adapter", "export", snapshot, "--out", peft);
            Files.delete(peft.resolve("labels.json"));

            assertMistake(
                    "name the 2 classes of the head with --labels",
                    "adapter",
                    "import",
                    peft,
                    "--adapter",
                    "a",
                    "--out",
                    temp.resolve("x"));
        }

        @Test
        void aModelThatIsNotThereIsOfTheEnvironment() throws IOException {
            Path peft = temp.resolve("peft");
            run("adapter", "export", snapshot("a", state), "--out", peft);

            int code =
                    run(
                            "adapter",
                            "import",
                            peft,
                            "--adapter",
                            "a",
                            "--model",
                            temp.resolve("no"),
                            "--out",
                            temp.resolve("x"));

            assertThat(code).isEqualTo(3);
            assertThat(err.toString().lines())
                    .singleElement()
                    .asString()
                    .contains("model directory");
        }
    }

    /** What may be wrong with the folder of a published version. */
    private enum Wrong {
        SNAPSHOT_OF_ANOTHER_ADAPTER("training_state.safetensors has"),
        SNAPSHOT_AND_DIGEST_OF_ANOTHER_ADAPTER("'list'"),
        MANIFEST_OF_ANOTHER_ADAPTER("'list'"),
        MANIFEST_OF_ANOTHER_VERSION("version 7 of 'spam'"),
        MANIFEST_OF_ANOTHER_BASE_MODEL("on other"),
        DIGEST_OF_ONE_FILE("labels.json has SHA-256"),
        SIZE_OF_ONE_FILE("labels.json has"),
        BYTE_OF_ONE_FILE("adalora/adapter_model.safetensors has SHA-256"),
        MISSING_FILE("provenance.json is missing"),
        FILE_TOO_MANY("notes.txt is there, but not in manifest.json"),
        LINK_TO_NOTHING("provenance.json is no file, or a link that leads to none"),
        MANIFEST_IS_NO_JSON("manifest.json is not JSON at line 1, column"),
        MANIFEST_IS_EMPTY("manifest.json has formatVersion"),
        MANIFEST_IS_A_LIST("manifest.json has formatVersion"),
        MANIFEST_OF_A_NEWER_FORMAT("manifest.json has formatVersion 2, expected 1"),
        MANIFEST_WITHOUT_FILES("manifest.json has formatVersion 1, expected 1 and a list");

        private final String told;

        Wrong(String told) {
            this.told = told;
        }

        void with(Path version) throws IOException {
            Path manifest = version.resolve("manifest.json");
            Path provenance = version.resolve("provenance.json");
            switch (this) {
                case SNAPSHOT_OF_ANOTHER_ADAPTER ->
                        Files.write(
                                version.resolve(AdapterSnapshot.FILE),
                                AdapterSnapshot.of(state.withId("another")));
                case SNAPSHOT_AND_DIGEST_OF_ANOTHER_ADAPTER -> {
                    Path file = version.resolve(AdapterSnapshot.FILE);
                    byte[] old = Files.readAllBytes(file);
                    byte[] other = AdapterSnapshot.of(state.withId("list"));
                    Files.write(file, other);
                    edit(manifest, Sha256.of(old), Sha256.of(other));
                }
                case MANIFEST_OF_ANOTHER_ADAPTER -> edit(manifest, "\"spam\"", "\"list\"");
                case MANIFEST_OF_ANOTHER_VERSION ->
                        edit(manifest, "\"version\": 0", "\"version\": 7");
                case MANIFEST_OF_ANOTHER_BASE_MODEL ->
                        edit(
                                manifest,
                                "\"baseModel\": \"" + state.meta().baseModel().name() + "\"",
                                "\"baseModel\": \"other\"");
                case DIGEST_OF_ONE_FILE -> {
                    String digest = Sha256.of(Files.readAllBytes(version.resolve("labels.json")));
                    edit(manifest, digest, "0".repeat(64));
                }
                case SIZE_OF_ONE_FILE -> Files.writeString(version.resolve("labels.json"), "{}");
                case BYTE_OF_ONE_FILE -> {
                    Path file = version.resolve("adalora/adapter_model.safetensors");
                    byte[] content = Files.readAllBytes(file);
                    content[content.length - 1] ^= 1;
                    Files.write(file, content);
                }
                case MISSING_FILE -> Files.delete(provenance);
                case FILE_TOO_MANY -> Files.writeString(version.resolve("notes.txt"), "mine");
                case LINK_TO_NOTHING -> {
                    Files.delete(provenance);
                    Files.createSymbolicLink(provenance, version.resolve("nothing"));
                }
                case MANIFEST_IS_NO_JSON -> Files.writeString(manifest, "{\"formatVersion\": ");
                case MANIFEST_IS_EMPTY -> Files.writeString(manifest, "");
                case MANIFEST_IS_A_LIST -> Files.writeString(manifest, "[]");
                case MANIFEST_OF_A_NEWER_FORMAT ->
                        edit(manifest, "\"formatVersion\": 1", "\"formatVersion\": 2");
                case MANIFEST_WITHOUT_FILES ->
                        Files.writeString(manifest, "{\"formatVersion\": 1}");
            }
        }

        private static void edit(Path file, String found, String replacement) throws IOException {
            String text = Files.readString(file);
            assertThat(text).contains(found);
            Files.writeString(file, text.replace(found, replacement));
        }
    }

    private void assertMistake(String sentence, Object... arguments) {
        err.getBuffer().setLength(0);
        assertThat(run(arguments)).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains(sentence);
    }

    private Path snapshot(String name, AdapterState adapter) throws IOException {
        return Files.write(temp.resolve(name), AdapterSnapshot.of(adapter));
    }

    private Path version() throws IOException {
        return version("v00000001");
    }

    private Path version(String name) throws IOException {
        SortedMap<String, byte[]> files = AdapterFiles.of(state, template(), 64);
        files.put(Manifest.FILE, Manifest.of(state, files));
        Path version = temp.resolve(name);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = version.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        return version;
    }

    private static TrainingTemplate template() {
        return TrainingTemplate.classification()
                .labels(state.head().labels().configured())
                .pooling(state.head().pooling())
                .targetModules(List.of(QUERY, VALUE))
                .initRank(2)
                .alpha(4)
                .schedule(new ConstantBudgetSchedule())
                .orthogonality(new OrthogonalityPenalty(0, OrthogonalityPenalty.Form.MEAN_NORM))
                .optimizer(
                        new OptimizerSettings(
                                1e-3, 1e-3, .9, .999, 1e-8, 0, 0, new LearningRateSchedule(0, 0)))
                .seed(1)
                .build();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private int run(Object... arguments) {
        return RankstreamCommand.commandLine(() -> false)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    }
}
