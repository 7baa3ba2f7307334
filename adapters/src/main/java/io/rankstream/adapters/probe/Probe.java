package io.rankstream.adapters.probe;

import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.tokens.Tokens;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * An example that was never learned from.
 *
 * @param draw a well-mixed number that its text gives
 * @param tokens what is read of it
 * @param target what is true of it
 * @param answers how well it was answered; empty before its period ended
 */
public record Probe(long draw, Tokens tokens, Target target, Optional<Answers> answers) {

    public Probe {
        int length = tokens.ids().length;
        if (length == 0
                || tokens.second() < 0
                || tokens.second() > length
                || Arrays.stream(tokens.ids()).anyMatch(id -> id < 0)) {
            throw new IllegalArgumentException(
                    "a probe has %d tokens, the second text from %d on, and %d as its least id, expected one token or more, and ids from 0 on"
                            .formatted(
                                    length,
                                    tokens.second(),
                                    Arrays.stream(tokens.ids()).min().orElse(0)));
        }
        if (target instanceof Target.Numeric number && !Double.isFinite(number.value())) {
            throw new IllegalArgumentException(
                    "a probe has the number %s, expected a finite one".formatted(number.shown()));
        }
    }

    /**
     * How well a probe was answered, in its task's unit: of a label, 1 if right and 0 if wrong; of
     * a number, the squared error.
     *
     * @param then at the end of its period
     * @param now at the last end of a period
     */
    public record Answers(double then, double now) {
        public Answers {
            if (!Double.isFinite(then) || !Double.isFinite(now)) {
                throw new IllegalArgumentException(
                        "a probe was answered with %s and %s, expected finite numbers"
                                .formatted(then, now));
            }
        }
    }

    /** The same with its target as {@code spelling} has it. */
    Probe spelled(UnaryOperator<Target> spelling) {
        return new Probe(draw, tokens, spelling.apply(target), answers);
    }

    /** The same, answered once more. */
    Probe answered(double now) {
        return new Probe(
                draw,
                tokens,
                target,
                Optional.of(new Answers(answers.map(Answers::then).orElse(now), now)));
    }

    /** What it is balanced by: its label; numbers are all alike. */
    Optional<Target> group() {
        return target instanceof Target.Label ? Optional.of(target) : Optional.empty();
    }
}
