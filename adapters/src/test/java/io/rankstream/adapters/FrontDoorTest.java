package io.rankstream.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.engine.TestDevice;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.settings.AdapterMismatchException;
import io.rankstream.adapters.settings.TrainingTemplate;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Java program does with the library. */
class FrontDoorTest {

    private static final List<Example> EXAMPLES =
            List.of(
                    new Example("click here for free money", "spam"),
                    new Example("please review the patch", "ham"),
                    new Example("buy now, free offer", "spam"),
                    new Example("meeting about the kernel bug", "ham"));

    private static final TrainingTemplate TEMPLATE =
            TrainingTemplate.classification("ham", "spam").initRank(4).build();

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
                .isInstanceOf(AdapterMismatchException.class)
                .hasMessageContaining("initial rank 4");
    }

    @Test
    void aModelOfFewTokensIsOpenedByItsFolderAlone() throws IOException {
        try (BaseModel small = BaseModel.open(temp.resolve("model"));
                Adapter adapter = small.create("mail", TEMPLATE)) {
            assertThat(adapter.predict("free money").probabilities()).hasSize(2);
        }
    }

    @Test
    void aBudgetAboveTheInitialRankIsRefused() {
        TrainingTemplate.Builder builder =
                TrainingTemplate.classification("ham", "spam")
                        .initRank(4)
                        .schedule(TrainingTemplate.DEFAULT_SCHEDULE);

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
