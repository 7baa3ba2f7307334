package io.rankstream.ops.top;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.ops.standing.AdapterLine;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopTextTest {

    @Test
    void ofAnAdapterThatWasOnlyRefusedLittleIsKnown() {
        TopView view = new TopView(List.of(refused("acme")), 0, 0, List.of());

        assertThat(TopText.of(view, 10)).containsPattern("acme +0 +- +- +- +- +- +- +1 +0");
    }

    @Test
    void adaptersBeyondTheRowsAreCountedAndWhatWasNotLookedAtIsSaid() {
        List<AdapterLine> lines =
                IntStream.range(0, 1000).mapToObj(i -> refused("adapter-" + i)).toList();

        String text = TopText.of(new TopView(lines, 3, 2, List.of("dead-letters")), 10);

        assertThat(text.lines()).hasSize(1 + 10 + 1 + 3);
        assertThat(text)
                .contains(
                        "and 990 more adapters",
                        "≥1",
                        "3 refused records name no adapter",
                        "2 records cannot be read",
                        "Only the newest records of dead-letters");
        assertThat(TopText.fitted(text, 40).lines()).allMatch(line -> line.length() < 40);
    }

    private static AdapterLine refused(String id) {
        OptionalDouble none = OptionalDouble.empty();
        return new AdapterLine(id, 0, none, none, 0, none, none, 0, 0, 1, 0, 0);
    }
}
