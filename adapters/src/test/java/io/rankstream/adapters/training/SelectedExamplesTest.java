package io.rankstream.adapters.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Examples whose label was asked for because of what the adapter said. */
class SelectedExamplesTest {

    private static Learner learner;

    @BeforeAll
    static void open(@TempDir Path directory) throws IOException {
        learner = TinyLearner.open(directory);
    }

    @AfterAll
    static void close() {
        learner.close();
    }

    /** They are harder than others, so an adapter that is asked much would seem to get worse. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void areLearnedAndScoredAndMoveNoDetector(boolean mixture) {
        TrainingTemplate template = TinyLearner.plain().toBuilder().mixture(mixture).build();
        List<TrainingExample> examples = new ArrayList<>();
        for (TrainingExample example : TinyLearner.examples(1, 12)) {
            boolean uniform = examples.size() % 3 == 0;
            examples.add(new TrainingExample(example.tokens(), example.target(), uniform));
        }

        AdapterState state;
        try (ResidentAdapter adapter = learner.admit(learner.create("a", template), template)) {
            adapter.train(examples);
            state = adapter.capture();
        }

        assertThat(state.meta().score().examples()).isEqualTo(12);
        assertThat(state.host().drift().orElseThrow().examples()).isEqualTo(4);
    }
}
