package io.rankstream.ops.standing;

import io.rankstream.schemas.DriftEvent;
import io.rankstream.schemas.DriftEventKind;
import io.rankstream.schemas.DriftSignal;
import java.time.Instant;

/** Drift events for tests. */
public final class Drifts {

    private Drifts() {}

    /** An alarm that {@code example} raised. */
    public static DriftEvent alarm(String adapter, long example, long beginning) {
        return DriftEvent.newBuilder(expected(adapter, example))
                .setEventId("%s/%d/ALARM".formatted(adapter, example))
                .setKind(DriftEventKind.ALARM)
                .setBeginning(beginning)
                .setRateBefore(.04)
                .setRateSince(.31)
                .setExampleId("e-" + example)
                .setTopic("labeled-examples")
                .setPartition(0)
                .setOffset(example - 1)
                .setEventTime(Instant.EPOCH)
                .setCommandId(null)
                .setMessage("a message")
                .build();
    }

    /** What a command has said of an alarm. */
    public static DriftEvent about(DriftEvent alarm, DriftEventKind kind) {
        return DriftEvent.newBuilder(alarm)
                .setEventId("%s/%d/%s".formatted(alarm.getAdapterId(), alarm.getExample(), kind))
                .setKind(kind)
                .setExampleId(null)
                .setTopic(null)
                .setPartition(null)
                .setOffset(null)
                .setEventTime(null)
                .setCommandId("c-1")
                .build();
    }

    /** Advice about inputs, told after {@code example}; {@code input} raised it. */
    public static DriftEvent advice(String adapter, long example, long input) {
        return DriftEvent.newBuilder(expected(adapter, example))
                .setEventId("%s/%d/ADVISORY/CONFIDENCE".formatted(adapter, input))
                .setKind(DriftEventKind.ADVISORY)
                .setSignal(DriftSignal.CONFIDENCE)
                .setInputs(12L)
                .setRateBefore(.1)
                .setRateSince(.6)
                .setCommandId(null)
                .build();
    }

    /** A change that a command has announced after {@code example}. */
    public static DriftEvent expected(String adapter, long example) {
        return DriftEvent.newBuilder()
                .setEventId("%s/%d/EXPECTED".formatted(adapter, example))
                .setAdapterId(adapter)
                .setKind(DriftEventKind.EXPECTED)
                .setStep(example / 4)
                .setExample(example)
                .setCommandId("c-1")
                .setMessage("a message")
                .build();
    }
}
