package io.rankstream.adapters.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.drift.AlarmLog;
import io.rankstream.adapters.drift.DriftAlarm;
import io.rankstream.adapters.drift.DriftState;
import io.rankstream.adapters.drift.RecentState;
import io.rankstream.adapters.drift.detector.AdwinState;
import io.rankstream.adapters.drift.detector.CusumState;
import io.rankstream.adapters.drift.input.InputState;
import io.rankstream.adapters.mixture.MixtureState;
import io.rankstream.adapters.mixture.OnlineHeadState;
import io.rankstream.adapters.mixture.VoiceWeights;
import io.rankstream.adapters.mixture.WordState;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.probe.Probe;
import io.rankstream.adapters.probe.ProbePeriod;
import io.rankstream.adapters.probe.ProbeState;
import io.rankstream.adapters.replay.ReplayBuffer;
import io.rankstream.adapters.replay.ReplaySettings;
import io.rankstream.adapters.replay.ReplayState;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BaseModel;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.HostState;
import io.rankstream.adapters.state.ImportanceState;
import io.rankstream.adapters.state.MomentState;
import io.rankstream.adapters.state.TripletState;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.classification.PrequentialScore;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.adapters.weights.safetensors.SafetensorsFile;
import io.rankstream.adapters.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdapterSnapshotTest {

    private static final String QUERY = "encoder.layer.0.attention.self.query";

    private Path file;

    @BeforeEach
    void createFile() throws IOException {
        file = Files.createTempFile("adapter", ".safetensors");
    }

    @AfterEach
    void deleteFile() throws IOException {
        Files.delete(file);
    }

    @Property(tries = 200)
    void isReadBackBitForBit(@ForAll long seed) throws IOException {
        AdapterState state = anyState(seed);

        AdapterState read = AdapterSnapshot.parse(AdapterSnapshot.of(state), "memory");

        assertThat(read).isEqualTo(state);
        assertThat(Float.floatToRawIntBits(read.triplets().values()[0]))
                .isEqualTo(Float.floatToRawIntBits(-0f));
    }

    @Test
    void isReadFromDisk() throws IOException {
        AdapterState state = anyState(3);

        assertThat(AdapterSnapshot.read(Files.write(file, AdapterSnapshot.of(state))))
                .isEqualTo(state);
    }

    @Test
    void isTheSameBytesForTheSameState() {
        assertThat(AdapterSnapshot.of(anyState(4))).isEqualTo(AdapterSnapshot.of(anyState(4)));
    }

    @Test
    void holdsOneTensorForEveryPartOfAModule() throws IOException {
        AdapterState state = state(new TripletLayout(List.of(new ModuleShape(QUERY, 3, 5)), 2), 1);

        try (SafetensorsFile tensors =
                SafetensorsFile.open(Files.write(file, AdapterSnapshot.of(state)))) {
            assertThat(tensors.shape(QUERY + ".A")).containsExactly(2, 3);
            assertThat(tensors.shape(QUERY + ".E")).containsExactly(2);
            assertThat(tensors.shape(QUERY + ".B.uncertainty")).containsExactly(5, 2);
            assertThat(tensors.floats(QUERY + ".B.uncertainty"))
                    .isEqualTo(Arrays.copyOfRange(state.importance().uncertainty(), 8, 18));
            assertThat(tensors.shape("head.weight.first_moment")).containsExactly(2, 4);
            assertThat(tensors.floats("head.bias")).isEqualTo(state.head().bias());
            assertThat(tensors.names()).hasSize(3 * 5 + 2 * 3);
        }
    }

    @Test
    void ofAHeadAloneIsReadBack() throws IOException {
        AdapterState state = state(new TripletLayout(List.of(), 8), 1);

        assertThat(AdapterSnapshot.read(Files.write(file, AdapterSnapshot.of(state))))
                .isEqualTo(state);
    }

    @Test
    void refusesToWriteWhatIsNotFinite() {
        AdapterState state = anyState(1);
        float[] values = state.triplets().values().clone();
        values[0] = Float.NaN;
        AdapterState broken =
                new AdapterState(
                        state.meta(),
                        new TripletState(state.triplets().layout(), 8, values),
                        state.moments(),
                        state.importance(),
                        state.budget(),
                        state.head());

        assertThatThrownBy(() -> AdapterSnapshot.of(broken))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("holds NaN, expected finite numbers in an adapter");
    }

    @Test
    void refusesToReadAFormatThatIsNewer() {
        assertRefused(
                json -> json, "8", " is a snapshot of format 8, expected 1 to 7: read it with");
    }

    @Property(tries = 100)
    void ofAMixtureIsReadBackBitForBit(@ForAll long seed) throws IOException {
        AdapterState state = withMixture(anyState(seed), seed);

        byte[] written = AdapterSnapshot.of(state);

        assertThat(AdapterSnapshot.parse(written, "memory")).isEqualTo(state);
    }

    private static AdapterState withMixture(AdapterState state, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        MixtureState blank = state.mixing(true).host().mixture().orElseThrow();
        int[] cells = random.ints(random.nextInt(9)).distinct().sorted().toArray();
        MixtureState mixture =
                new MixtureState(
                        blank.features(),
                        new VoiceWeights(-0., random.nextDouble(), random.nextDouble()),
                        new OnlineHeadState(
                                random.nextFloat(),
                                finite(random, blank.onlineHead().weight().length),
                                squares(random, blank.onlineHead().weight().length)),
                        new WordState(
                                cells,
                                finite(random, cells.length),
                                squares(random, cells.length),
                                finite(random, blank.labels()),
                                squares(random, blank.labels())));
        return state.with(HostState.EMPTY.with(mixture));
    }

    @Property(tries = 50)
    void ofKeptExamplesIsReadBackBitForBit(@ForAll long seed) throws IOException {
        AdapterState state = anyState(seed);
        int labels = state.head().labels().rows().size();
        SplittableRandom random = new SplittableRandom(seed);
        ReplaySettings settings = new ReplaySettings(.7, ReplaySettings.FEWEST_BYTES);
        ReplayBuffer buffer =
                new ReplayBuffer(ReplayState.after(0, labels), settings, true, n -> n * seed);
        for (long i = Math.min(30, state.meta().score().examples()); i > 0; i--) {
            int[] ids = random.ints(1 + random.nextInt(9), 0, 99).toArray();
            int said = random.nextInt(labels);
            buffer.drawn(buffer.draw(1, state.head().labels().activeRows()));
            buffer.learned(random.nextInt(labels), said, 0, new Tokens(ids, 1, false));
        }
        AdapterState kept = state.with(HostState.EMPTY.with(buffer.state()));

        assertThat(AdapterSnapshot.parse(AdapterSnapshot.of(kept), "memory")).isEqualTo(kept);
    }

    @Property(tries = 100)
    void ofAWatchIsReadBackBitForBit(@ForAll long seed) throws IOException {
        AdapterState state = watched(anyState(seed), seed);

        byte[] written = AdapterSnapshot.of(state);

        assertThat(AdapterSnapshot.parse(written, "memory")).isEqualTo(state);
    }

    private static AdapterState watched(AdapterState state, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int examples = random.nextInt(3);
        DriftState drift =
                new DriftState(
                        900,
                        random.nextBoolean() ? bets(random) : window(random),
                        random.nextBoolean() ? Double.NaN : random.nextDouble(),
                        random.nextBoolean()
                                ? DriftState.after(0).alarms()
                                : new AlarmLog(
                                        2,
                                        1,
                                        Optional.of(new DriftAlarm(150, 143, .025, .5)),
                                        AlarmLog.Verdict.OPEN),
                        new RecentState(
                                finite(random, examples * state.head().hidden()),
                                random.ints(examples, 0, state.head().bias().length).toArray(),
                                examples,
                                random.nextInt(101),
                                examples),
                        inputs(random, state.head().hidden()));
        return state.with(HostState.EMPTY.with(drift));
    }

    private static Optional<InputState> inputs(SplittableRandom random, int hidden) {
        int features = random.nextBoolean() ? hidden : 0;
        return random.nextBoolean()
                ? Optional.empty()
                : Optional.of(
                        new InputState(
                                random.nextInt(99),
                                random.nextBoolean() ? Double.NaN : random.nextDouble(),
                                bets(random),
                                features,
                                finite(random, features),
                                finite(random, features),
                                bets(random)));
    }

    private static CusumState bets(SplittableRandom random) {
        return new CusumState(
                random.nextInt(300, 900),
                random.nextDouble(),
                1 + random.nextDouble(),
                random.nextInt(),
                32,
                random.doubles(3, -3, 9).toArray(),
                random.ints(3, 50, 99).toArray(),
                random.ints(3, 0, 50).toArray());
    }

    private static AdwinState window(SplittableRandom random) {
        int[] buckets = random.ints(random.nextInt(12), 1, 6).toArray();
        return new AdwinState(
                random.nextInt(900),
                buckets,
                random.ints(Arrays.stream(buckets).sum(), 0, 2).toArray());
    }

    @Test
    void betsOnErrorsAreWrittenAsTheReleaseThatKnowsNothingElseReadsThem() {
        for (boolean window : new boolean[] {false, true}) {
            AdapterState state = anyState(4);
            SplittableRandom random = new SplittableRandom(3);
            DriftState drift =
                    new DriftState(
                            900,
                            window ? window(random) : bets(random),
                            -1,
                            DriftState.after(0).alarms(),
                            DriftState.after(0).recent(),
                            Optional.empty());
            byte[] written = AdapterSnapshot.of(state.with(HostState.EMPTY.with(drift)));

            assertThat(new String(written, StandardCharsets.UTF_8))
                    .contains("\"rankstream.snapshot\":\"%d\"".formatted(window ? 7 : 6));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "drift":[{              | "drift":[null,{
                    "examples":900          | "examples":-1
                    "heldCount":32          | "heldCount":33
                    "evidence":[0.0,1.5,0.0] | "evidence":["NaN",1.5,0.0]
                    "evidence":[0.0,1.5,0.0] | "evidence":[0.0,1.5]
                    "evidence":[0.0,1.5,0.0] | "buckets":[1]
                    "lossQuantile":[-1.0]   | "lossQuantile":["Infinity"]
                    "alarms":1              | "alarms":0
                    "beginning":143         | "beginning":151
                    "since":0.5             | "since":1.5
                    "verdict":"OPEN"        | "verdict":"MAYBE"
                    "rows":[1]              | "rows":[2]
                    "rows":[1]              | "rows":[1,1]
                    "left":7                | "left":101
                    "inputs":77             | "inputs":-1
                    "vectors":7             | "vectors":0
                    "doubt":[-2.0]          | "doubt":["Infinity"]
                    "next":1                | "next":2
                    """)
    void refusesAWatchThatCannotBe(String found, String other) {
        AdapterState state = anyState(4);
        DriftState drift =
                new DriftState(
                        900,
                        new CusumState(
                                500,
                                2,
                                300,
                                5,
                                32,
                                new double[] {0, 1.5, 0},
                                new int[3],
                                new int[3]),
                        -1,
                        new AlarmLog(
                                1,
                                0,
                                Optional.of(new DriftAlarm(150, 143, .025, .5)),
                                AlarmLog.Verdict.OPEN),
                        new RecentState(new float[state.head().hidden()], new int[] {1}, 1, 7, 1),
                        Optional.of(
                                new InputState(
                                        77,
                                        -2,
                                        CusumState.empty(),
                                        7,
                                        new float[state.head().hidden()],
                                        new float[state.head().hidden()],
                                        CusumState.empty())));
        byte[] written = AdapterSnapshot.of(state.with(HostState.EMPTY.with(drift)));

        assertThatThrownBy(() -> AdapterSnapshot.parse(changed(written, found, other), "memory"))
                .isInstanceOf(SnapshotException.class)
                .hasMessageContaining("memory");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "probes":[{            | "probes":[null,{
                    "probes":[{            | "probes":[{"withheld":0,"periods":[{"first":1,"last":0,"probes":[]}]},{
                    "withheld":3           | "withheld":-1
                    "periods":[{           | "periods":[null,{
                    "last":120             | "last":0
                    "last":120             | "last":119
                    "last":122             | "last":120
                    "last":122             | "last":9223372036854775807
                    "tokens":3             | "tokens":-3
                    "tokens":3             | "tokens":4
                    "tokens":3             | "tokens":2147483647
                    "tokens":3             | "tokens":0
                    "words":1              | "words":-1
                    "words":1              | "words":2
                    "second":2             | "second":-1
                    "second":2             | "second":4
                    "label":["yes"]        | "label":[null]
                    "label":["yes"]        | "label":[]
                    "label":["yes"]        | "label":["yes","no"]
                    "number":[2.5]         | "number":["NaN"]
                    "number":[2.5]         | "number":["-Infinity"]
                    "answers":[1.0,0.0]    | "answers":[]
                    "answers":[1.0,0.0]    | "answers":[1.0]
                    "answers":[1.0,0.0]    | "answers":["NaN",0.0]
                    "answers":[1.0,0.0]    | "answers":[1.0,"Infinity"]
                    """)
    void refusesProbesThatCannotBe(String found, String other) {
        byte[] written = AdapterSnapshot.of(probed(anyState(4)));

        assertThatThrownBy(() -> AdapterSnapshot.parse(changed(written, found, other), "memory"))
                .isInstanceOf(SnapshotException.class)
                .hasMessageContaining("memory");
    }

    /** Counts whose sum is right in 32 bits. */
    @Test
    void refusesProbesOfMoreTokensThanThereCanBe() {
        byte[] written = AdapterSnapshot.of(probed(anyState(4)));
        int huge = Integer.MAX_VALUE;

        assertThatThrownBy(
                        () -> {
                            byte[] last = changed(written, "\"tokens\":1", "\"tokens\":8");
                            byte[] two = changed(last, "\"tokens\":2", "\"tokens\":" + huge);
                            AdapterSnapshot.parse(
                                    changed(two, "\"tokens\":3", "\"tokens\":" + huge), "memory");
                        })
                .isInstanceOf(SnapshotException.class)
                .hasMessageContaining("memory");
    }

    private static AdapterState probed(AdapterState state) {
        Optional<Probe.Answers> none = Optional.empty();
        Probe asked =
                new Probe(
                        -7,
                        new Tokens(new int[] {3, 4, 5}, 2, true, new int[] {9}),
                        new Target.Label("yes"),
                        Optional.of(new Probe.Answers(1, 0)));
        Probe labeled =
                new Probe(8, new Tokens(new int[] {6, 7}, false), new Target.Label("no"), none);
        Probe numbered =
                new Probe(9, new Tokens(new int[] {8}, false), new Target.Numeric(2.5), none);
        ProbeState probes =
                new ProbeState(
                        3,
                        List.of(
                                new ProbePeriod(1, 120, List.of(asked)),
                                new ProbePeriod(121, 122, List.of(labeled, numbered))));
        return state.with(HostState.EMPTY.with(probes));
    }

    private static float[] squares(SplittableRandom random, int size) {
        float[] values = finite(random, size);
        for (int i = 0; i < size; i++) {
            values[i] = Math.abs(values[i]);
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "mixture":[{       | "mixture":[null,{
                    "mixture":[{       | "mixture":[{"weights":{"head":1,"onlineHead":1,"words":1},"scale":1,"cells":0},{
                    "scale":0.0        | "scale":"NaN"
                    "scale":0.0        | "scale":-1
                    "scale":0.0        | "scale":1e300
                    "head":1.0         | "head":"Infinity"
                    "words":0.5        | "words":1e300
                    "cells":0          | "cells":-1
                    "cells":0          | "cells":3
                    """)
    void refusesAMixtureThatCannotBe(String found, String other) {
        byte[] written = AdapterSnapshot.of(anyState(4).mixing(true));

        assertThatThrownBy(() -> AdapterSnapshot.parse(changed(written, found, other), "memory"))
                .isInstanceOf(SnapshotException.class)
                .hasMessageContaining("memory");
    }

    /** A file with another text in its metadata, in which the quotes are escaped. */
    private static byte[] changed(byte[] file, String found, String other) {
        ByteBuffer whole = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) whole.getLong();
        String header = new String(file, Long.BYTES, length, StandardCharsets.UTF_8);
        String escaped = found.replace("\"", "\\\"");
        assertThat(header).contains(escaped);
        byte[] changed =
                header.replace(escaped, other.replace("\"", "\\\""))
                        .getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + changed.length + file.length - length - Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(changed.length)
                .put(changed)
                .put(file, Long.BYTES + length, file.length - length - Long.BYTES)
                .array();
    }

    @Test
    void refusesSumsOfSquaresBelowZero() {
        AdapterState state = anyState(4).mixing(true);
        state.host().mixture().orElseThrow().words().biasSquares()[0] = -1;

        assertThatThrownBy(() -> AdapterSnapshot.parse(AdapterSnapshot.of(state), "memory"))
                .isInstanceOf(SnapshotException.class)
                .hasMessageContaining("words.bias.squared_gradients holds -1.0");
    }

    @Test
    void writesFormat1WhileLabelsAreTheirNamesAlone() throws IOException {
        AdapterState plain = anyState(1);
        AdapterState changed =
                plain.withLabels(plain.head().labels().with(List.of("eggs"), plain.meta().step()));

        assertThat(format(plain)).isEqualTo("1");
        assertThat(format(changed)).isEqualTo("2");
        assertThat(format(plain.mixing(true))).isEqualTo("5");
        assertThat(format(watched(plain, 1))).isEqualTo("6");
    }

    private String format(AdapterState state) throws IOException {
        try (SafetensorsFile tensors =
                SafetensorsFile.open(Files.write(file, AdapterSnapshot.of(state)))) {
            return tensors.metadata().get("rankstream.snapshot");
        }
    }

    @Test
    void keepsTheFamilyOfABaseModelThatIsNoBert() throws IOException {
        AdapterState bert = anyState(1);
        AdapterMeta meta = bert.meta();
        AdapterState state =
                new AdapterState(
                        new AdapterMeta(
                                meta.adapterId(),
                                new BaseModel("tiny", "00ff", "roberta"),
                                meta.seed(),
                                meta.step(),
                                meta.version(),
                                meta.publishedStep(),
                                meta.truncated(),
                                meta.score()),
                        bert.triplets(),
                        bert.moments(),
                        bert.importance(),
                        bert.budget(),
                        bert.head());

        assertThat(AdapterSnapshot.parse(AdapterSnapshot.of(state), "memory")).isEqualTo(state);
    }

    @Test
    void refusesADocumentThatLacksAField() {
        assertRefused(json -> json.replace("\"seed\":", "\"speed\":"), "1", "does not describe an");
    }

    @Test
    void refusesALivePatternOfAnotherLength() {
        assertRefused(
                json -> json.replace("\"live\":[true", "\"live\":[true,true"),
                "1",
                "the live pattern of " + QUERY,
                "has 3 triplets, expected 2");
    }

    /** No mask could be set by it. */
    @ParameterizedTest
    @CsvSource({"budget, -1", "budget, 3", "budgetTarget, -1", "budgetTarget, 3"})
    void refusesABudgetOfMoreOrLessTripletsThanThereAre(String field, int triplets) {
        assertRefused(
                json ->
                        json.replaceAll(
                                "\"%s\":\\d+".formatted(field),
                                "\"%s\":%d".formatted(field, triplets)),
                "1",
                "a budget is ",
                "expected 0 to 2");
    }

    @Test
    void refusesAnIdThatIsNoFolderName() {
        assertRefused(json -> json.replace("\"spam\"", "\"../spam\""), "1", "an id is 1 to 64");
    }

    @Test
    void refusesTensorsOfAnotherShape() {
        assertRefused(
                json -> json.replace("\"in\":3", "\"in\":4"),
                "1",
                "holds '" + QUERY + ".A' of shape [2, 3], expected [2, 4]");
    }

    @Test
    void refusesTensorsThatAreMissing() {
        assertRefused(
                json -> json.replace(".query", ".key"),
                "1",
                "holds no tensor 'encoder.layer.0.attention.self.key.A', expected one of shape");
    }

    @Test
    void refusesTensorsTooMany() {
        assertRefused(
                json -> json.replaceFirst("\"modules\":\\[.*?}]", "\"modules\":[]"),
                "1",
                "holds a tensor '" + QUERY + ".A' that no adapter of its modules");
    }

    @Test
    void refusesTensorsOfSomethingElse() throws IOException {
        Files.write(file, new SafetensorsWriter().put("x", new int[] {1}, new float[1]).toBytes());

        assertThatThrownBy(() -> AdapterSnapshot.read(file))
                .isInstanceOf(SnapshotException.class)
                .hasMessageContaining("is no snapshot of an adapter");
    }

    @Test
    void refusesAFileThatIsNotThere() {
        assertThatThrownBy(() -> AdapterSnapshot.read(file.resolveSibling("nowhere")))
                .isInstanceOf(SnapshotException.class)
                .hasMessageContaining("there is no such file");
    }

    /** Writes a good snapshot's tensors with other metadata. */
    private void assertRefused(UnaryOperator<String> change, String format, String... message) {
        assertThatThrownBy(
                        () -> {
                            writeChanged(change, format);
                            AdapterSnapshot.read(file);
                        })
                .isInstanceOf(SnapshotException.class)
                .hasMessageContainingAll(message);
    }

    private void writeChanged(UnaryOperator<String> change, String format) throws IOException {
        AdapterState state = state(new TripletLayout(List.of(new ModuleShape(QUERY, 3, 5)), 2), 1);
        SafetensorsWriter writer = new SafetensorsWriter();
        try (SafetensorsFile tensors =
                SafetensorsFile.open(Files.write(file, AdapterSnapshot.of(state)))) {
            String json = tensors.metadata().get("rankstream.adapter");
            writer.metadata("rankstream.snapshot", format)
                    .metadata("rankstream.adapter", change.apply(json));
            for (String name : tensors.names()) {
                int[] shape =
                        Arrays.stream(tensors.shape(name)).mapToInt(Math::toIntExact).toArray();
                writer.put(name, shape, tensors.floats(name));
            }
        }
        Files.write(file, writer.toBytes());
    }

    private static AdapterState anyState(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<ModuleShape> modules = new ArrayList<>();
        for (int k = 0; k < random.nextInt(1, 6); k++) {
            modules.add(new ModuleShape("module." + k, random.nextInt(1, 5), random.nextInt(1, 5)));
        }
        return state(new TripletLayout(modules, random.nextInt(1, 4)), seed);
    }

    private static AdapterState state(TripletLayout layout, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int labels = 2;
        int hidden = 4;
        int head = labels * hidden + labels;
        boolean[] live = new boolean[layout.triplets()];
        for (int i = 0; i < live.length; i++) {
            live[i] = i == 0 || random.nextBoolean();
        }
        PrequentialScore score =
                new PrequentialScore(
                        random.nextLong(),
                        random.nextLong(),
                        random.longs(labels).toArray(),
                        random.longs(PrequentialScore.empty(labels).window().length).toArray());
        return new AdapterState(
                new AdapterMeta(
                        "spam",
                        new BaseModel("tiny \"bert\"", "00ff", "bert"),
                        random.nextLong(),
                        random.nextLong(),
                        random.nextLong(),
                        random.nextLong(),
                        random.nextLong(),
                        score),
                new TripletState(layout, random.nextDouble(), finite(random, layout.size())),
                new MomentState(
                        finite(random, layout.size()),
                        finite(random, layout.size()),
                        finite(random, head),
                        finite(random, head)),
                new ImportanceState(finite(random, layout.size()), finite(random, layout.size())),
                new BudgetState(
                        random.nextInt(live.length + 1), live, random.nextInt(live.length + 1)),
                new HeadState(
                        List.of("ham", "späm\n"),
                        random.nextBoolean() ? Pooling.MEAN : Pooling.CLS,
                        hidden,
                        finite(random, labels * hidden),
                        finite(random, labels)));
    }

    /** Floats of any bits but those of NaN and infinity; the first is a negative zero. */
    private static float[] finite(SplittableRandom random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            do {
                values[i] = i == 0 ? -0f : Float.intBitsToFloat(random.nextInt());
            } while (!Float.isFinite(values[i]));
        }
        return values;
    }
}
