package io.rankstream.adapters.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.tokens.Tokens;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeTry;

/** What of kept examples leaves after a change. */
class MeaningsTest {

    private static final int LABELS = 9;
    private static final int CHANGE = 301;

    private ReplayBuffer buffer;
    private int number;

    @BeforeTry
    void begin() {
        buffer = buffer(true, LABELS);
        number = 0;
    }

    private static ReplayBuffer buffer(boolean hasLabels, int labels) {
        return new ReplayBuffer(
                ReplayState.after(0, labels),
                ReplaySettings.DEFAULTS,
                hasLabels,
                n -> n * 0x9E3779B97F4A7C15L);
    }

    private void example(int truth, int said) {
        number++;
        buffer.learned(truth, said, 0, new Tokens(new int[] {number}, false));
    }

    /** Examples of before the change, rightly predicted. */
    private void before(int labels) {
        while (number < CHANGE - 1) {
            int label = number % labels;
            example(label, label);
        }
    }

    /**
     * Examples of after it.
     *
     * @param meaning the label of what was another before
     */
    private void after(int labels, IntUnaryOperator meaning, int count) {
        for (int i = 0; i < count; i++) {
            int before = i % labels;
            example(meaning.applyAsInt(before), before);
        }
    }

    private Set<Integer> labelsOfBefore() {
        return buffer.state().examples().stream()
                .filter(example -> example.number() < CHANGE)
                .map(KeptExample::row)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Property(tries = 50)
    void labelsThatExchangeTheirMeaningLeaveAndNoOthers(
            @ForAll Random random, @ForAll @IntRange(min = 1, max = 4) int pairs) {
        List<Integer> shuffled = random.ints(0, LABELS).distinct().limit(LABELS).boxed().toList();
        IntUnaryOperator exchanged =
                label -> {
                    int at = shuffled.indexOf(label);
                    return at < 2 * pairs ? shuffled.get(at ^ 1) : label;
                };
        before(LABELS);
        after(LABELS, exchanged, 10);
        buffer.changed(CHANGE, true);
        after(LABELS, exchanged, 40);

        assertThat(labelsOfBefore()).isEqualTo(new TreeSet<>(shuffled.subList(2 * pairs, LABELS)));
    }

    @Example
    void labelsWhoseMeaningsGoRoundLeave() {
        IntUnaryOperator next = label -> label < 5 ? (label + 1) % 5 : label;
        before(LABELS);
        after(LABELS, next, 20);
        buffer.changed(CHANGE, true);

        assertThat(labelsOfBefore()).containsExactly(5, 6, 7, 8);
    }

    @Example
    void whatANewTopicWithNewLabelsIsMistakenForStays() {
        before(3);
        after(3, label -> label + 3, 30);
        buffer.changed(CHANGE, true);
        after(3, label -> label + 3, 100);

        assertThat(labelsOfBefore()).containsExactly(0, 1, 2);
    }

    @Example
    void labelsThatComeBackAndWereForgottenStay() {
        before(6);
        after(3, label -> label + 3, 30);
        buffer.changed(CHANGE, true);
        after(3, label -> label + 3, 100);

        assertThat(labelsOfBefore()).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Example
    void errorsThatAreNoMoreThanUsualMakeNothingLeave() {
        before(LABELS);
        for (int i = 0; i < 200; i++) {
            int label = i % LABELS;
            example(label, i % 7 == 6 ? (label + 1) % LABELS : label);
        }
        buffer.changed(CHANGE, true);

        assertThat(labelsOfBefore()).hasSize(LABELS);
    }

    @Example
    void whatIsOfAfterTheChangeStays() {
        before(2);
        after(2, label -> 1 - label, 20);
        buffer.changed(CHANGE, true);

        assertThat(buffer.state().examples())
                .extracting(KeptExample::number)
                .hasSize(20)
                .allMatch(kept -> kept >= CHANGE);
    }

    @Example
    void nothingLeavesBeforeAChangeIsCertainAndThenAllThatWasSuspectedDoes() {
        before(LABELS);
        after(2, label -> 1 - label, 20);
        buffer.changed(CHANGE, false);
        after(2, label -> 1 - label, 20);
        assertThat(labelsOfBefore()).hasSize(LABELS);

        buffer.confirmChange();
        assertThat(labelsOfBefore()).containsExactly(2, 3, 4, 5, 6, 7, 8);
    }

    @Example
    void nothingLeavesAfterAChangeThatWasNone() {
        before(LABELS);
        after(2, label -> 1 - label, 20);
        buffer.changed(CHANGE, false);
        buffer.dismissChange();
        after(2, label -> 1 - label, 20);

        assertThat(labelsOfBefore()).hasSize(LABELS);
    }

    @Example
    void aChangeThatIsAnnouncedBeginsWithTheNextExample() {
        before(LABELS);
        buffer.expectChange();
        after(2, label -> 1 - label, 20);

        assertThat(labelsOfBefore()).containsExactly(2, 3, 4, 5, 6, 7, 8);
    }

    @Example
    void withoutLabelsAllThatIsOfBeforeLeaves() {
        ReplayBuffer numbers = buffer(false, 0);
        for (int i = 1; i <= 50; i++) {
            numbers.learned(0, 0, i / 8.0, new Tokens(new int[] {i}, false));
        }

        numbers.changed(41, false);
        assertThat(numbers.state().examples()).hasSize(50);
        numbers.confirmChange();
        assertThat(numbers.state().examples())
                .extracting(KeptExample::number)
                .containsExactly(41L, 42L, 43L, 44L, 45L, 46L, 47L, 48L, 49L, 50L);
    }
}
