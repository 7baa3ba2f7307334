package io.rankstream.adapters.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.settings.AdapterMismatchException;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BaseModel;
import io.rankstream.adapters.state.InferenceState;
import io.rankstream.adapters.tokens.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An adapter that only answers says what the one says that it was taken from. */
class FrozenAdapterTest {

    private static final TrainingTemplate MIXED = TinyLearner.plain();
    private static final TrainingTemplate ALONE = TinyLearner.unmixed(MIXED);

    private static Learner learner;

    @BeforeAll
    static void open(@TempDir Path directory) throws IOException {
        learner = TinyLearner.open(directory);
    }

    @AfterAll
    static void close() {
        learner.close();
    }

    private static AdapterState trained(String id, TrainingTemplate template) {
        try (ResidentAdapter adapter = learner.admit(learner.create(id, template), template)) {
            for (long step = 0; step < 8; step++) {
                adapter.train(TinyLearner.examples(step + id.hashCode(), 8));
            }
            return adapter.takeVersion();
        }
    }

    private static List<Tokens> texts(long seed, int count) {
        return TinyLearner.examples(seed, count).stream().map(TrainingExample::tokens).toList();
    }

    private static InferenceState published(AdapterState state) throws IOException {
        return AdapterSnapshot.parseForInference(AdapterSnapshot.of(state), "memory");
    }

    @Test
    void aSnapshotGivesWhatTheWholeStateGives() throws IOException {
        AdapterState state = trained("a", MIXED);

        assertThat(published(state)).isEqualTo(InferenceState.of(state));
    }

    @Test
    void saysOfEachTextBitForBitWhatTheTrainedAdapterSays() throws IOException {
        for (TrainingTemplate template : List.of(MIXED, ALONE)) {
            AdapterState state = trained("a", template);
            try (ResidentAdapter resident = learner.admit(state, template);
                    FrozenAdapter frozen = learner.freeze(published(state))) {
                for (Tokens text : texts(99, 20)) {
                    assertThat(answer(frozen, List.of(text))[0])
                            .containsExactly(resident.logitsOf(List.of(text))[0]);
                }
                assertThat(frozen.labels()).isEqualTo(resident.labels().active());
                assertThat(frozen.meta()).isEqualTo(state.meta());
            }
        }
    }

    private static float[][] answer(FrozenAdapter adapter, List<Tokens> texts) {
        return learner.answer(List.of(new FrozenAdapter.Texts(adapter, texts))).get(0);
    }

    @Test
    void severalAdaptersShareAPassAndEachTextGetsItsOwnAnswer() throws IOException {
        List<FrozenAdapter> adapters = new ArrayList<>();
        List<FrozenAdapter.Texts> batches = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            FrozenAdapter adapter = learner.freeze(published(trained("a" + i, MIXED)));
            adapters.add(adapter);
            batches.add(new FrozenAdapter.Texts(adapter, texts(i, 1 + 3 * i)));
        }

        List<float[][]> together = learner.answer(batches);

        for (int i = 0; i < batches.size(); i++) {
            List<Tokens> own = batches.get(i).texts();
            assertThat(together.get(i)).hasNumberOfRows(own.size());
            for (int j = 0; j < own.size(); j++) {
                float[] alone = answer(adapters.get(i), List.of(own.get(j)))[0];
                assertThat(together.get(i)[j]).containsExactly(alone, within(1e-4f));
            }
        }
        adapters.forEach(FrozenAdapter::close);
    }

    @Test
    void takesAFifthOfTheDeviceMemoryOfOneThatLearns() {
        AdapterState state = trained("a", ALONE);
        try (ResidentAdapter resident = learner.admit(state, ALONE);
                FrozenAdapter frozen = learner.freeze(InferenceState.of(state))) {
            assertThat(frozen.bytes()).isBetween(resident.bytes() / 5, resident.bytes() / 3);
        }
    }

    @Test
    void givesItsMemoryBackHoweverOftenItIsExchanged() throws IOException {
        InferenceState state = published(trained("a", MIXED));
        int before = learner.tensors();

        for (int i = 0; i < 500; i++) {
            try (FrozenAdapter adapter = learner.freeze(state)) {
                answer(adapter, texts(i, 2));
            }
        }

        assertThat(learner.tensors()).isEqualTo(before);
    }

    @Test
    void anAdapterOfAnotherBaseModelIsRefusedWithWhatItHas() {
        AdapterState state = trained("a", MIXED);
        AdapterMeta meta = state.meta();
        AdapterMeta foreign =
                new AdapterMeta(
                        meta.adapterId(),
                        new BaseModel("other", "0".repeat(64), meta.baseModel().family()),
                        meta.seed(),
                        meta.step(),
                        meta.version(),
                        meta.publishedStep(),
                        meta.truncated(),
                        meta.score());
        InferenceState own = InferenceState.of(state);

        assertThatExceptionOfType(AdapterMismatchException.class)
                .isThrownBy(
                        () ->
                                learner.freeze(
                                        new InferenceState(
                                                foreign,
                                                own.triplets(),
                                                own.head(),
                                                own.mixture())))
                .withMessageContaining("base model BaseModel[name=other")
                .withMessageContaining(learner.baseModel().name());
    }

    @Test
    void aSnapshotThatIsCutIsRefused() {
        byte[] whole = AdapterSnapshot.of(trained("a", MIXED));

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(
                        () ->
                                AdapterSnapshot.parseForInference(
                                        Arrays.copyOf(whole, whole.length / 2), "the file"))
                .withMessageContaining("the file");
    }

    @Test
    void manyTextsOfOneAdapterAreSharedByThreads(@TempDir Path directory) throws IOException {
        InferenceState state = published(trained("a", MIXED));
        List<Tokens> texts = texts(5, 40);
        try (Learner two = Learner.open(TinyBert.small().writeTo(directory), 2);
                FrozenAdapter shared = two.freeze(state);
                FrozenAdapter alone = learner.freeze(state)) {
            float[][] together = two.answer(List.of(new FrozenAdapter.Texts(shared, texts))).get(0);

            float[][] expected = answer(alone, texts);
            for (int i = 0; i < texts.size(); i++) {
                assertThat(together[i]).containsExactly(expected[i], within(1e-4f));
            }
        }
    }
}
