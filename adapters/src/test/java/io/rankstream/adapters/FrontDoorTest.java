package io.rankstream.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.engine.TestDevice;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.task.Task;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Java program does with the library. */
class FrontDoorTest {

    private static final List<Example> EXAMPLES =
            List.of(
                    new Example("click here for free money", "spam"),
                    new Example("please review the patch", "ham"),
                    new Example("buy now, free offer", "spam"),
                    new Example("meeting about the kernel bug", "ham"));

    private static final AdapterTemplate TEMPLATE =
            AdapterTemplate.classification("ham", "spam").initRank(4).build();

    @TempDir Path temp;

    private BaseModel model;

    @BeforeEach
    void open() throws IOException {
        ModelSource source = TinyBert.small().writeTo(temp.resolve("model"));
        model = BaseModel.open(source, TinyBert.POSITIONS, 1, TestDevice.get());
    }

    @AfterEach
    void close() {
        model.close();
    }

    @ParameterizedTest
    @FieldSource("io.rankstream.adapters.task.Tasks#ALL")
    void everyTaskHasATemplateWithLabelsWhereItHasSome(Task<?> task) {
        String[] some =
                task.flaw(List.of("a", "b")).isEmpty()
                        ? new String[] {"a", "b"}
                        : new String[] {"O", "B-a"};
        String[] labels = task.hasLabels() ? some : new String[0];
        String[] wrong = task.hasLabels() ? new String[0] : new String[] {"a", "b"};

        assertThat(AdapterTemplate.task(task.id(), labels).build().settings().head().task())
                .isEqualTo(task);
        assertThatThrownBy(() -> AdapterTemplate.task(task.id(), wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("labels are " + List.of(wrong));
    }

    @Test
    void anAdapterLearnsWhatItIsTold() {
        try (Adapter adapter = model.create("mail", TEMPLATE)) {
            double first = adapter.train(EXAMPLES).loss();
            for (int i = 0; i < 60; i++) {
                adapter.train(EXAMPLES);
            }
            Learned last = adapter.train(EXAMPLES);

            assertThat(last.loss()).isLessThan(first / 2);
            assertThat(last.step()).contains(62L);
            assertThat(last.refused()).isEmpty();
            assertThat(last.predicted())
                    .extracting(said -> said.orElseThrow().shown())
                    .containsExactly("spam", "ham", "spam", "ham");
            assertThat(adapter.predict(EXAMPLES.stream().map(Example::text).toList()))
                    .extracting(Prediction::label)
                    .containsExactly("spam", "ham", "spam", "ham");
        }
    }

    @Test
    void aPredictionHasAProbabilityOfEveryLabel() {
        try (Adapter adapter = model.create("mail", TEMPLATE)) {
            Prediction prediction = adapter.predict("free money");

            assertThat(prediction.probabilities().keySet()).containsExactly("ham", "spam");
            assertThat(
                            prediction.probabilities().values().stream()
                                    .mapToDouble(Float::doubleValue)
                                    .sum())
                    .isCloseTo(1, within(1e-6));
            assertThat(prediction.probability())
                    .isEqualTo(prediction.probabilities().get(prediction.label()));
        }
    }

    @Test
    void aSavedAdapterGoesOnBitForBit() throws IOException {
        Path folder = temp.resolve("saved");
        Path fromMemory = temp.resolve("from-memory");
        Path fromFiles = temp.resolve("from-files");
        try (Adapter adapter = model.create("mail", TEMPLATE)) {
            adapter.train(EXAMPLES);
            adapter.save(folder);
            adapter.train(EXAMPLES);
            adapter.save(fromMemory);
        }
        try (Adapter adapter = model.load(folder, TEMPLATE)) {
            assertThat(adapter.step()).isEqualTo(1);
            adapter.train(EXAMPLES);
            adapter.save(fromFiles);
        }

        assertThat(fromFiles.resolve("training_state.safetensors"))
                .hasSameBinaryContentAs(fromMemory.resolve("training_state.safetensors"));
        assertThat(folder).isDirectoryContaining("glob:**README.md");
        assertThat(folder).isDirectoryContaining("glob:**manifest.json");
    }

    @Test
    void nothingIsWrittenOver() throws IOException {
        try (Adapter adapter = model.create("mail", TEMPLATE)) {
            adapter.save(temp.resolve("saved"));

            assertThatThrownBy(() -> adapter.save(temp.resolve("saved")))
                    .isInstanceOf(FileAlreadyExistsException.class);
        }
    }

    @Test
    void aLabelThatIsNoneChangesNothing() {
        try (Adapter adapter = model.create("mail", TEMPLATE)) {
            assertThatThrownBy(() -> adapter.train(List.of(new Example("free", "junk"))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "label 'junk' of adapter 'mail' is unknown, expected one of 'ham', 'spam'");
            assertThat(adapter.step()).isZero();
        }
    }

    @Test
    void anAdapterLearnsNumbersAndIsSaved() throws IOException {
        AdapterTemplate template = AdapterTemplate.regression().initRank(4).build();
        List<Example> examples =
                List.of(
                        new Example("free money", 4.5),
                        new Example("please review the patch", -1),
                        Example.pair("free money", "the kernel bug", 2));
        double learned;
        try (Adapter adapter = model.create("price", template)) {
            double first = adapter.train(examples).loss();
            for (int i = 0; i < 60; i++) {
                adapter.train(examples);
            }
            Learned last = adapter.train(examples);

            assertThat(last.loss()).isLessThan(first / 10);
            assertThat(last.metrics())
                    .containsKeys("pearson", "recentSpearman", "meanAbsoluteError");
            assertThat(adapter.labels()).isEmpty();
            learned = adapter.predict("free money").number();
            assertThat(learned).isCloseTo(4.5, within(1.));
            assertThatThrownBy(() -> adapter.train(List.of(new Example("free money", "ham"))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the label 'ham' is no number, but adapter 'price' learns one");
            assertThatThrownBy(() -> adapter.train(List.of(new Example("free", Double.NaN))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the number NaN cannot be learned by adapter 'price'");
            adapter.save(temp.resolve("price"));
        }
        try (Adapter adapter = model.load(temp.resolve("price"), template)) {
            assertThat(adapter.predict("free money").number()).isEqualTo(learned);
        }
        assertThatThrownBy(() -> model.load(temp.resolve("price"), TEMPLATE))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "adapter 'price' was saved with task regression, expected classification");
        assertThat(Files.readString(temp.resolve("price/labels.json")))
                .contains("\"problem_type\": \"regression\"")
                .doesNotContain("id2label");
        assertThat(Files.readString(temp.resolve("price/README.md")))
                .contains("- pearsonr", "num_labels=1, problem_type=\"regression\"")
                .doesNotContain("LABELS", "accuracy");
    }

    @Test
    void anAdapterSaysAnyNumberOfLabelsAndIsSavedWithItsThreshold() throws IOException {
        AdapterTemplate template =
                AdapterTemplate.multiLabelClassification("late", "broken")
                        .threshold(.3)
                        .initRank(4)
                        .build();
        Path saved = temp.resolve("tickets");
        try (Adapter adapter = model.create("tickets", template)) {
            for (int i = 0; i < 80; i++) {
                adapter.train(
                        List.of(
                                Example.several("click here for free money", List.of("late")),
                                Example.several("please review the patch", List.of("broken")),
                                Example.several(
                                        "please review the patch for free money",
                                        List.of("late", "broken")),
                                Example.several("meeting about the kernel bug", List.of())));
            }
            Prediction both = adapter.predict("please review the patch for free money");

            assertThat(both.labels()).containsExactly("broken", "late");
            assertThat(both.probabilities().values()).allMatch(p -> p >= .3f);
            assertThat(adapter.predict("meeting about the kernel bug").labels()).isEmpty();
            assertThatThrownBy(both::label).hasMessageContaining("says a list, no label");
            adapter.save(saved);
        }

        assertThat(saved.resolve("labels.json"))
                .content()
                .contains("\"problem_type\"", "multi_label_classification", "\"threshold\"");
        AdapterTemplate strict = template.toBuilder().threshold(.9999999).build();
        try (Adapter adapter = model.load(saved, strict)) {
            assertThat(adapter.predict("please review the patch for free money").labels())
                    .isEmpty();
        }
    }

    @Test
    void noOtherTaskHasAThreshold() {
        assertThatThrownBy(() -> AdapterTemplate.regression().threshold(.3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "threshold is given, but a regression has no such setting: leave it out");
    }

    @Test
    void anAdapterTellsPairsApartByTheirSecondText() {
        List<Example> examples =
                List.of(
                        Example.pair("the patch", "free money", "spam"),
                        Example.pair("the patch", "the kernel bug", "ham"));
        try (Adapter adapter = model.create("pairs", TEMPLATE)) {
            for (int i = 0; i < 80; i++) {
                adapter.train(examples);
            }

            assertThat(adapter.predictPair("the patch", "free money").label()).isEqualTo("spam");
            assertThat(adapter.predictPair("the patch", "the kernel bug").label()).isEqualTo("ham");
        }
    }

    @Test
    void noExampleIsRefused() {
        try (Adapter adapter = model.create("mail", TEMPLATE)) {
            assertThatThrownBy(() -> adapter.train(List.of()))
                    .hasMessage("there is no example, expected one at least");
        }
    }

    @Test
    void anIdThatIsNoFileNameIsRefused() {
        assertThatThrownBy(() -> model.create("a/b", TEMPLATE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the id 'a/b' names no adapter");
    }

    @Test
    void anotherRankThanItWasCreatedWithIsRefused() throws IOException {
        try (Adapter adapter = model.create("mail", TEMPLATE)) {
            adapter.save(temp.resolve("saved"));
        }

        assertThatThrownBy(
                        () ->
                                model.load(
                                        temp.resolve("saved"),
                                        TEMPLATE.toBuilder().initRank(6).build()))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "adapter 'mail' was saved with initial rank 4, expected 6: an adapter keeps what it was created with, so take the template and the base model that it was created with");
    }

    @Test
    void aModelOfFewTokensIsOpenedByItsFolderAlone() throws IOException {
        try (BaseModel small = BaseModel.open(temp.resolve("model"));
                Adapter adapter = small.create("mail", TEMPLATE)) {
            assertThat(adapter.predict("free money").probabilities()).hasSize(2);
        }
    }

    @Test
    void aHeadThatTheModelDoesNotHaveIsRefused() {
        AdapterTemplate template = TEMPLATE.toBuilder().ownHead().build();

        assertThatThrownBy(() -> model.create("mail", template))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("adapter 'mail' would have head OWN, but a ")
                .hasMessageEndingWith(": change the template, or take another base model");
    }

    /** The config.json of this ModernBERT says that its head reads the mean. */
    @Test
    void aHeadOfTheModelReadsWhatTheModelSays() throws IOException {
        AdapterTemplate onFirst = TEMPLATE.toBuilder().ownHead().build();
        AdapterTemplate onMean = TEMPLATE.toBuilder().ownHeadOnMean().build();
        Path directory = Path.of("src", "test", "resources", "models", "tiny-modernbert-mean");

        try (BaseModel modernBert = BaseModel.open(directory);
                Adapter adapter = modernBert.create("mail", onMean)) {
            double first = adapter.train(EXAMPLES).loss();
            for (int i = 0; i < 60; i++) {
                adapter.train(EXAMPLES);
            }

            assertThat(adapter.train(EXAMPLES).loss()).isLessThan(first / 2);
            assertThatThrownBy(() -> modernBert.create("other", onFirst))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("would have head OWN and pooling CLS, but that of the")
                    .hasMessageContaining("reads MEAN: take the pooling MEAN");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ham,spma", "ham,eggs,spma", "spam,eggs", "a,b"})
    void savedLabelsThatTheTemplateLacksAreRefused(String labels) throws IOException {
        try (Adapter adapter = model.create("mail", TEMPLATE)) {
            adapter.save(temp.resolve("saved"));
        }
        List<String> lacking =
                TEMPLATE.settings().labels().stream()
                        .filter(label -> !List.of(labels.split(",")).contains(label))
                        .toList();
        AdapterTemplate other =
                AdapterTemplate.classification(labels.split(",")).initRank(4).build();

        assertThatThrownBy(() -> model.load(temp.resolve("saved"), other))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "adapter 'mail' was saved with the labels 'ham', 'spam', and the template has '%s', without '%s': name all the saved labels, and new ones beside them"
                                .formatted(
                                        labels.replace(",", "', '"), String.join("', '", lacking)));
    }

    @Test
    void newLabelsOfTheTemplateAreAddedInWhateverOrder() throws IOException {
        Map<String, Float> said;
        try (Adapter adapter = model.create("mail", TEMPLATE)) {
            adapter.train(EXAMPLES);
            said = adapter.predict("free money").probabilities();
            adapter.save(temp.resolve("saved"));
        }
        AdapterTemplate wider =
                AdapterTemplate.classification("eggs", "spam", "ham").initRank(4).build();
        try (Adapter adapter = model.load(temp.resolve("saved"), wider)) {
            assertThat(adapter.labels()).containsExactly("ham", "spam", "eggs");
            Map<String, Float> wiser = adapter.predict("free money").probabilities();
            assertThat(wiser.get("ham") / wiser.get("spam"))
                    .isCloseTo(said.get("ham") / said.get("spam"), within(1e-3f));
            assertThat(adapter.train(List.of(new Example("eggs and toast", "eggs"))).step())
                    .contains(2L);
        }
    }

    /** A stream may retire labels, and its versions are loaded here, too. */
    @Test
    void aRetiredLabelMayBeMissingAndIsTakenBackWhereTheTemplateHasIt() throws IOException {
        Path file = temp.resolve("stream.safetensors");
        AdapterState state;
        try (Adapter adapter =
                model.create("mail", AdapterTemplate.classification("a", "b", "c").build())) {
            adapter.save(temp.resolve("saved"));
            state = AdapterSnapshot.read(temp.resolve("saved").resolve(AdapterSnapshot.FILE));
        }
        Files.write(
                file,
                AdapterSnapshot.of(state.withLabels(state.head().labels().without(List.of("c")))));

        for (String[] labels : new String[][] {{"a", "b"}, {"a", "b", "c"}}) {
            try (Adapter adapter =
                    model.load(file, AdapterTemplate.classification(labels).build())) {
                assertThat(adapter.labels()).containsExactly(labels);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\n\t", "\u200b", "\ufeff\u2800", "\u0000"})
    void aTextWithNothingToReadIsRefused(String text) {
        try (Adapter adapter = model.create("mail", TEMPLATE)) {
            for (ThrowingCallable call :
                    List.<ThrowingCallable>of(
                            () -> adapter.predict(text),
                            () -> adapter.predict(List.of("free money", text)),
                            () -> adapter.predictPair(text, text),
                            () -> adapter.train(List.of(new Example(text, "ham"))),
                            () ->
                                    adapter.train(
                                            List.of(
                                                    new Example("free money", "spam"),
                                                    Example.pair(text, text, "ham"))))) {
                assertThatThrownBy(call)
                        .isExactlyInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(
                                "has none that can be seen, expected something to read");
            }
            assertThat(adapter.step()).isZero();
            assertThat(adapter.predictPair(text, "free money").probabilities()).hasSize(2);
        }
    }

    @Test
    void whatIsNullIsNamed() {
        try (Adapter adapter = model.create("mail", TEMPLATE)) {
            for (ThrowingCallable call :
                    List.<ThrowingCallable>of(
                            () -> adapter.predict((String) null),
                            () -> adapter.predict((List<String>) null),
                            () -> adapter.predict(Collections.singletonList(null)),
                            () -> adapter.predictPair(null, "free"),
                            () -> adapter.predictPair("free", null),
                            () -> adapter.train(null),
                            () -> adapter.train(Collections.singletonList(null)),
                            () -> adapter.save(null),
                            () -> model.create(null, TEMPLATE),
                            () -> model.create("mail", null),
                            () -> model.load(null, TEMPLATE),
                            () -> model.load(temp, null),
                            () -> BaseModel.open(null),
                            () -> BaseModel.open(temp, null),
                            () -> BaseModel.embedded(null),
                            () -> AdapterTemplate.classification((String[]) null),
                            () -> AdapterTemplate.classification("ham", null),
                            () -> AdapterTemplate.task(null),
                            () -> TEMPLATE.toBuilder().targetModules((String) null),
                            () -> new Example(null, "ham"),
                            () -> new Example("free", null),
                            () -> Example.pair("free", null, "ham"),
                            () -> Example.pair("free", "money", null))) {
                assertThatThrownBy(call)
                        .isExactlyInstanceOf(NullPointerException.class)
                        .hasMessageMatching(
                                "the .* (is|are) null, .*|.* is null, .*|the example has no .*");
            }
        }
    }

    @Test
    void noTargetModulesAtAllAreRefused() {
        assertThatThrownBy(() -> TEMPLATE.toBuilder().targetModules())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "there are 0 target modules, expected one or more: headAlone() adapts no layer");
    }

    @Test
    void targetModulesThatNameNoLayerAreRefused() {
        AdapterTemplate template =
                AdapterTemplate.classification("ham", "spam")
                        .targetModules("query", "qurey")
                        .build();

        assertThatThrownBy(() -> model.create("mail", template))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the target module 'qurey' names no linear layer of model, expected ends of their names, such as attention.self.query, attention.self.key, attention.self.value, attention.output.dense, intermediate.dense, output.dense");
    }

    @Test
    void labelsThatAreFewerThanTwoOrAlikeAreRefused() {
        for (String[] labels :
                new String[][] {
                    {}, {"ham"}, {"ham", "ham"}, {"a", "b", "a"}, {"\u00e9", "e\u0301"}
                }) {
            assertThatThrownBy(() -> AdapterTemplate.classification(labels))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected two at least, and none twice");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "a\nb"})
    void whatCannotBeALabelIsRefused(String label) {
        assertThatThrownBy(() -> AdapterTemplate.classification("ham", label))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no label, expected 1 to 256 characters");
    }

    private static Stream<Consumer<AdapterTemplate.Builder>> settingsThatCannotBe() {
        return Stream.of(
                builder -> builder.initRank(0),
                builder -> builder.targetRank(0),
                builder -> builder.alpha(0),
                builder -> builder.alpha(Double.NaN),
                builder -> builder.dropout(1),
                builder -> builder.dropout(-.1),
                builder -> builder.learningRate(-1),
                builder -> builder.headLearningRate(0),
                builder -> builder.weightDecay(-1),
                builder -> builder.maxGradientNorm(Double.NaN),
                builder -> builder.examplesPerPass(-1));
    }

    @ParameterizedTest
    @MethodSource("settingsThatCannotBe")
    void settingsThatCannotBeAreRefused(Consumer<AdapterTemplate.Builder> setting) {
        AdapterTemplate.Builder builder = AdapterTemplate.classification("ham", "spam");

        assertThatThrownBy(() -> setting.accept(builder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(", expected ");
    }

    @Test
    void everySettingReachesTheAdapter() {
        AdapterTemplate template =
                AdapterTemplate.classification("ham", "spam")
                        .initRank(4)
                        .targetRank(2)
                        .alpha(8)
                        .dropout(.1)
                        .targetModules("query", "value")
                        .learningRate(1e-3)
                        .headLearningRate(1e-2)
                        .weightDecay(.1)
                        .maxGradientNorm(2)
                        .examplesPerPass(2)
                        .seed(5)
                        .build();
        try (Adapter adapter = model.create("mail", template.toBuilder().build())) {
            assertThat(adapter.train(EXAMPLES).step()).contains(1L);
        }
        assertThat(template.settings().optimizer().headLearningRate()).isEqualTo(1e-2);
        assertThat(template.settings().seed()).isEqualTo(5);
    }

    @Test
    void theHeadAloneAndPlainLoraLearnToo() {
        for (AdapterTemplate template :
                List.of(
                        TEMPLATE.toBuilder().headAlone().build(),
                        TEMPLATE.toBuilder().withoutMixture().build(),
                        TEMPLATE.toBuilder().plainLora().build())) {
            try (Adapter adapter = model.create("mail", template)) {
                double first = adapter.train(EXAMPLES).loss();
                for (int i = 0; i < 20; i++) {
                    adapter.train(EXAMPLES);
                }
                assertThat(adapter.train(EXAMPLES).loss()).isLessThan(first);
            }
        }
    }

    @Test
    void whatIsClosedSaysSo() throws IOException {
        BaseModel other = BaseModel.open(temp.resolve("model"));
        Adapter left = other.create("left", TEMPLATE);
        Adapter closed = other.create("closed", TEMPLATE);
        closed.close();
        assertThatThrownBy(() -> closed.predict("free"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the adapter is closed");
        other.close();
        assertThatThrownBy(() -> other.create("mail", TEMPLATE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the base model is closed");
        assertThatThrownBy(() -> left.train(EXAMPLES))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the adapter is closed");
    }

    @Test
    void noTextIsRefused() {
        try (Adapter adapter = model.create("mail", TEMPLATE)) {
            assertThatThrownBy(() -> adapter.predict(List.of()))
                    .hasMessage("there is no text, expected one at least");
        }
    }

    @Test
    void optionsOfAModelThatCannotBeAreRefused() {
        assertThatThrownBy(() -> ModelOptions.DEFAULTS.withThreads(-1))
                .hasMessage(
                        "the number of threads is -1, expected at least 1, or 0 for every core");
        assertThatThrownBy(() -> ModelOptions.DEFAULTS.onGpu(-1))
                .hasMessage("the position of the GPU is -1, expected 0 or more");
        for (int limit : new int[] {Integer.MIN_VALUE, 0, 3, 7}) {
            assertThatThrownBy(() -> ModelOptions.DEFAULTS.withMaxTokens(limit))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the most tokens of a text are %d, expected 8 or more", limit);
        }
        assertThatThrownBy(
                        () ->
                                BaseModel.open(
                                        temp.resolve("model"),
                                        ModelOptions.DEFAULTS.withMaxTokens(10_000)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the token limit is 10000, expected 8 to 64");
    }

    @Test
    void aBudgetAboveTheInitialRankIsRefused() {
        AdapterTemplate.Builder builder =
                AdapterTemplate.classification("ham", "spam").initRank(4).targetRank(8);

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more than the initial rank of a module, which is 4");
    }

    /** The lines of the example, which {@link LibraryExample} runs. */
    @Test
    void thePageShowsWhatTheExampleDoes() throws IOException {
        assertThat(between(Path.of("../docs/library.md"), "```java\n", "```"))
                .isEqualTo(
                        between(
                                Path.of("src/test/java/io/rankstream/adapters/LibraryExample.java"),
                                "        // the page begins\n",
                                "        // the page ends"));
    }

    private static String between(Path file, String begin, String end) throws IOException {
        Matcher matcher =
                Pattern.compile(Pattern.quote(begin) + "(.*?)" + Pattern.quote(end), Pattern.DOTALL)
                        .matcher(Files.readString(file));
        assertThat(matcher.find()).as(file.toString()).isTrue();
        return matcher.group(1).stripTrailing().stripIndent();
    }

    @Test
    void theExampleOfThePageLearns() throws IOException {
        assertThat(LibraryExample.run(temp.resolve("mail"))).startsWith("spam");
    }
}
