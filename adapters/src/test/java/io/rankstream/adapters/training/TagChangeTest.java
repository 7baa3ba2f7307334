package io.rankstream.adapters.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.adapters.settings.AdapterMismatchException;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.tagging.EntityScore;
import io.rankstream.adapters.task.tagging.TokenClassification;
import io.rankstream.adapters.tokens.Passage;
import io.rankstream.adapters.tokens.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A token classification that learns entities, and whose kinds of entities come and go. */
class TagChangeTest {

    private static final int BATCH = 8;
    private static final int WORDS = 9;

    private static final List<String> TAGS = List.of("O", "B-PER", "I-PER", "B-LOC", "I-LOC");
    private static final List<String> WITHOUT_PLACES = List.of("O", "B-PER", "I-PER");
    private static final List<String> WITH_FIRMS =
            List.of("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG");

    private static final TrainingTemplate TEMPLATE =
            TrainingTemplate.of(new TokenClassification())
                    .labels(TAGS)
                    .initRank(2)
                    .alpha(4)
                    .schedule(TinyLearner.plain().schedule())
                    .optimizer(TinyLearner.plain().optimizer())
                    .seed(11)
                    .build();

    private static Learner learner;

    @BeforeAll
    static void open(@TempDir Path directory) throws IOException {
        learner = TinyLearner.open(directory);
    }

    @AfterAll
    static void close() {
        learner.close();
    }

    /**
     * A text of one-letter words with a token each: 10 to 19 is PER, 20 to 29 LOC, 30 to 39 ORG.
     */
    private static TrainingExample example(SplittableRandom random, List<String> kinds) {
        int[] ids = random.ints(WORDS, 4, 60).toArray();
        List<Target> entities = new ArrayList<>();
        for (int i = 0; i < WORDS; i++) {
            int start = i;
            Optional<String> kind = kind(ids[i], kinds);
            while (kind.isPresent() && i + 1 < WORDS && kind(ids[i + 1], kinds).equals(kind)) {
                i++;
            }
            if (kind.isPresent()) {
                entities.add(new Target.Span(2 * start, 2 * i + 1, kind.get()));
            }
        }
        int[] starts = IntStream.range(0, WORDS).map(i -> 2 * i).toArray();
        int[] ends = Arrays.stream(starts).map(start -> start + 1).toArray();
        Passage passage = new Passage("a ".repeat(WORDS), starts, ends, List.of());
        Tokens text = new Tokens(ids, WORDS, false, new int[0], Optional.of(passage));
        return new TrainingExample(text, new Target.Several(entities));
    }

    private static Optional<String> kind(int id, List<String> kinds) {
        return kinds.stream().filter(kind -> id / 10 == 1 + KINDS.indexOf(kind)).findFirst();
    }

    private static final List<String> KINDS = List.of("PER", "LOC", "ORG");

    private static List<TrainingExample> examples(long seed, String... kinds) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.range(0, BATCH).mapToObj(i -> example(random, List.of(kinds))).toList();
    }

    private static AdapterState trained(int steps) {
        try (ResidentAdapter adapter = learner.admit(learner.create("names", TEMPLATE), TEMPLATE)) {
            for (int i = 0; i < steps; i++) {
                adapter.train(examples(i, "PER", "LOC"));
            }
            return adapter.capture();
        }
    }

    private static TrainingTemplate with(List<String> tags) {
        return TEMPLATE.toBuilder().labels(tags).build();
    }

    private static List<String> kindsSaid(List<Prediction> predictions) {
        return predictions.stream()
                .flatMap(prediction -> prediction.said().labels().stream())
                .distinct()
                .sorted()
                .toList();
    }

    @Test
    void learnsEntitiesAndOutlivesASnapshot() throws IOException {
        AdapterState state = trained(120);

        assertThat(state.meta().score().recent(EntityScore.F1, 100).orElseThrow())
                .isGreaterThan(.2);
        assertThat(AdapterSnapshot.parse(AdapterSnapshot.of(state), "test")).isEqualTo(state);
    }

    @Test
    void neitherSaysNorTrainsARetiredKind() {
        AdapterState before = trained(60);
        AdapterState retired = with(WITHOUT_PLACES).relabeled(before);

        try (ResidentAdapter adapter = learner.admit(retired, TEMPLATE)) {
            for (int i = 0; i < 10; i++) {
                StepOutcome outcome = adapter.train(examples(100 + i, "PER"));
                assertThat(outcome.report().orElseThrow().taskLoss()).isFinite();
                assertThat(kindsSaid(outcome.predictions())).isSubsetOf("PER");
            }
            AdapterState after = adapter.capture();
            int hidden = after.head().hidden();
            for (String tag : List.of("B-LOC", "I-LOC")) {
                int row = after.head().labels().indexOf(tag);
                assertThat(row(after, row, hidden)).isEqualTo(row(before, row, hidden));
            }
        }
    }

    private static float[] row(AdapterState state, int row, int hidden) {
        return Arrays.copyOfRange(state.head().weight(), row * hidden, (row + 1) * hidden);
    }

    @Test
    void learnsAKindThatIsNew() {
        AdapterState grown = with(WITH_FIRMS).relabeled(trained(60));

        try (ResidentAdapter adapter = learner.admit(grown, TEMPLATE)) {
            assertThat(kindsSaid(adapter.train(examples(200, "PER", "LOC")).predictions()))
                    .isSubsetOf("PER", "LOC");
            for (int i = 0; i < 120; i++) {
                adapter.train(examples(300 + i, "PER", "LOC", "ORG"));
            }
            assertThat(kindsSaid(adapter.train(examples(999, "PER", "LOC", "ORG")).predictions()))
                    .contains("ORG");
        }
    }

    @Test
    void isRefusedWhereAKindWouldGoOnWithoutABeginning() {
        AdapterState shortNames =
                with(List.of("O", "B-PER", "B-LOC", "I-LOC")).relabeled(trained(1));
        AdapterState commanded =
                shortNames.withLabels(shortNames.head().labels().without(List.of("B-PER")));

        assertThatThrownBy(() -> TEMPLATE.relabeled(commanded))
                .isInstanceOf(AdapterMismatchException.class)
                .hasMessageContaining(
                        "the label 'I-PER' goes on with an entity that no label begins");
    }
}
