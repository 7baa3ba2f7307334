package io.rankstream.job.loop.entry;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.loop.quality.DrawnInput;
import io.rankstream.job.loop.quality.Truth;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeptInputTest {

    private static Target list(String... labels) {
        return new Target.Several(Stream.of(labels).<Target>map(Target.Label::new).toList());
    }

    private static KeptInput predicted(Target predicted, double probability) {
        return new KeptInput(
                0,
                Optional.of(predicted),
                Optional.empty(),
                0,
                new DrawnInput(.5, true, false, .1, 1, probability),
                Optional.empty());
    }

    @Test
    void aListOfLabelsIsRightAsAWhole() {
        KeptInput input = predicted(list("late", "broken"), .4);

        assertThat(input.truth(Optional.of(list("broken", "late"))))
                .contains(new Truth("[broken, late]", true));
        assertThat(input.truth(Optional.of(list("late")))).contains(new Truth("[late]", false));
        assertThat(input.truth(Optional.of(list()))).contains(new Truth("[]", false));
        assertThat(input.truth(Optional.empty())).isEmpty();
    }

    @Test
    void anyNumberOfLabelsIsAskedForWhereAListWasPredictedWithProbabilities() {
        assertThat(predicted(list("late"), .4).saysSeveralLabels()).isTrue();
        assertThat(predicted(list(), .4).saysSeveralLabels()).isTrue();
        assertThat(predicted(list("late"), .4).probability()).isEmpty();
        assertThat(predicted(new Target.Label("late"), .4).saysSeveralLabels()).isFalse();
        assertThat(predicted(new Target.Label("late"), .4).probability()).contains(.4f);
        assertThat(
                        predicted(new Target.Several(List.of(new Target.Span(0, 3))), Double.NaN)
                                .saysSeveralLabels())
                .isFalse();
    }
}
