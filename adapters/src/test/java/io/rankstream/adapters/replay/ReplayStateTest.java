package io.rankstream.adapters.replay;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.rankstream.adapters.tokens.Tokens;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is damaged is refused as soon as it is read. */
class ReplayStateTest {

    private static final int CLASSES = 2;
    private static final ReplayState EMPTY = ReplayState.after(9, CLASSES);

    private static KeptExample kept(long number, int row, double value, int second, int... ids) {
        return new KeptExample(number, row, value, new Tokens(ids, second, false));
    }

    private static ReplayState state(KeptExample... examples) {
        return new ReplayState(List.of(examples), EMPTY.bars(), EMPTY.position(), EMPTY.meanings());
    }

    private static ReplayDraw.Position position(double owed, int lastRow) {
        return new ReplayDraw.Position(owed, lastRow, new long[CLASSES]);
    }

    private static MeaningsState meanings(
            int[] truths, int[] said, long[] first, long beginning, int[] suspects) {
        return new MeaningsState(9, truths, said, first, beginning, false, suspects);
    }

    private static Arguments damaged(String name, ThrowingCallable state) {
        return Arguments.of(Named.of(name, state));
    }

    @ParameterizedTest
    @MethodSource
    void whatCannotHaveBeenIsRefused(ThrowingCallable state) {
        assertThatIllegalArgumentException().isThrownBy(state);
    }

    static Stream<Arguments> whatCannotHaveBeenIsRefused() {
        int[] none = {};
        long[] first = new long[CLASSES];
        return Stream.of(
                damaged("number 0", () -> state(kept(0, 0, 0, 1, 5))),
                damaged("twice", () -> state(kept(3, 0, 0, 1, 5), kept(3, 1, 0, 1, 5))),
                damaged("order", () -> state(kept(4, 0, 0, 1, 5), kept(3, 1, 0, 1, 5))),
                damaged("class below 0", () -> state(kept(1, -1, 0, 1, 5))),
                damaged("class beyond", () -> state(kept(1, 2, 0, 1, 5))),
                damaged("not a number", () -> state(kept(1, 0, Double.NaN, 1, 5))),
                damaged("infinite", () -> state(kept(1, 0, 1 / 0.0, 1, 5))),
                damaged("no tokens", () -> state(kept(1, 0, 0, 0))),
                damaged("token below 0", () -> state(kept(1, 0, 0, 1, -5))),
                damaged("second beyond", () -> state(kept(1, 0, 0, 2, 5))),
                damaged("second below 0", () -> state(kept(1, 0, 0, -1, 5))),
                damaged("owed below 0", () -> position(-.1, 0)),
                damaged("owed one", () -> position(1, 0)),
                damaged("owed NaN", () -> position(Double.NaN, 0)),
                damaged("turn beyond", () -> position(0, 2)),
                damaged("turn below -1", () -> position(0, -2)),
                damaged("said less", () -> meanings(new int[1], none, first, 0, none)),
                damaged("truth beyond", () -> meanings(new int[] {2}, new int[1], first, 0, none)),
                damaged("said below 0", () -> meanings(new int[1], new int[] {-1}, first, 0, none)),
                damaged("too many", () -> meanings(new int[10], new int[10], first, 0, none)),
                damaged("change later", () -> meanings(none, none, first, 11, none)),
                damaged("change below 0", () -> meanings(none, none, first, -1, none)),
                damaged("suspect beyond", () -> meanings(none, none, first, 0, new int[] {2})),
                damaged("first later", () -> meanings(none, none, new long[] {0, 10}, 0, none)),
                damaged(
                        "bars of others",
                        () ->
                                new ReplayState(
                                        List.of(),
                                        new long[3],
                                        EMPTY.position(),
                                        EMPTY.meanings())),
                damaged("other labels", () -> EMPTY.requireFit(3, 9)),
                damaged("of later", () -> state(kept(9, 0, 0, 1, 5)).requireFit(CLASSES, 8)));
    }

    @Test
    void whatCanHaveBeenIsNot() {
        assertThatCode(() -> state(kept(9, 1, -.5, 1, 5)).requireFit(CLASSES, 9))
                .doesNotThrowAnyException();
        assertThatCode(() -> ReplayState.after(0, 0).requireFit(0, 0)).doesNotThrowAnyException();
    }
}
