package io.rankstream.job.record;

import io.rankstream.adapters.task.Target;
import io.rankstream.schemas.Span;

/** A target as the contracts have it. */
public final class TargetDatum {

    private TargetDatum() {}

    /** A {@code double}, a {@link Span}, a {@code String}, or a list of spans or strings. */
    public static Object of(Target target) {
        if (target instanceof Target.Numeric number) {
            return number.value();
        }
        if (target instanceof Target.Span span) {
            return new Span(span.start(), span.end(), span.label().orElse(null));
        }
        if (target instanceof Target.Several several) {
            return several.members().stream().map(TargetDatum::of).toList();
        }
        return target.shown();
    }
}
