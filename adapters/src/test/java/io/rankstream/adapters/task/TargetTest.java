package io.rankstream.adapters.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class TargetTest {

    private static final Target NAME = new Target.Span(0, 4, "name");
    private static final Target TOWN = new Target.Span(0, 4, "town");
    private static final Target BARE = new Target.Span(0, 4);
    private static final Target LATER = new Target.Span(1, 2, "name");

    @Test
    void listsOfTheSameMembersAreEqual() {
        assertThat(list(LATER, TOWN, NAME, BARE)).isEqualTo(list(BARE, NAME, TOWN, LATER));
        assertThat(list(LATER, TOWN, NAME, BARE).members())
                .containsExactly(BARE, NAME, TOWN, LATER);
        assertThat(list(label("b"), label("a")).shown()).isEqualTo("[a, b]");
        assertThat(list()).isNotEqualTo(list(BARE));
    }

    @Test
    void aListKnowsWhatIsInItTwice() {
        assertThat(list(NAME, BARE, NAME).twice()).contains(NAME);
        assertThat(list(NAME, BARE).twice()).isEmpty();
        assertThat(list(NAME, NAME)).isNotEqualTo(list(NAME));
    }

    @Test
    void aListHasLabelsAloneOrSpansAlone() {
        assertThatThrownBy(() -> list(label("a"), BARE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a list has labels and spans");
        assertThatThrownBy(() -> list(label("a"), new Target.Numeric(3)))
                .hasMessage("a list has a number (3)");
        assertThatThrownBy(() -> list(list())).hasMessage("a list has a list ([])");
    }

    @Test
    void labelsAreRenamedWhereverTheyStand() {
        assertThat(list(NAME, BARE).renamed(name -> name.toUpperCase(Locale.ROOT)))
                .isEqualTo(list(BARE, new Target.Span(0, 4, "NAME")));
        assertThat(list(label("b"), label("c")).renamed(name -> name.equals("c") ? "a" : name))
                .isEqualTo(list(label("a"), label("b")));
        assertThat(new Target.Numeric(3).renamed(name -> "x")).isEqualTo(new Target.Numeric(3));
        assertThat(list(LATER, NAME, BARE).labels()).containsExactly("name", "name");
    }

    private static Target label(String name) {
        return new Target.Label(name);
    }

    private static Target.Several list(Target... members) {
        return new Target.Several(List.of(members));
    }
}
