package io.rankstream.job.stream;

import io.rankstream.adapters.state.AdapterId;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.decode.Example;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.record.RecordId;
import io.rankstream.schemas.DeadLetterReason;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** Makes examples of texts; one whose ids cannot be used goes to {@link DeadLetters#TAG}. */
final class AdmitFunction extends ProcessFunction<LabeledText, Example> {

    private static final long serialVersionUID = 1L;

    private static final String NO_TOPIC = "";

    @Override
    public void processElement(LabeledText text, Context context, Collector<Example> out) {
        RawRecord origin = new RawRecord(NO_TOPIC, 0, 0, bytes(text.id()), bytes(text.text()));
        if (!AdapterId.isValid(text.adapterId())) {
            context.output(
                    DeadLetters.TAG,
                    DeadLetters.of(
                            origin,
                            text.adapterId(),
                            DeadLetterReason.INVALID_ADAPTER_ID,
                            "adapter id %s cannot be one, expected %s"
                                    .formatted(Excerpt.of(text.adapterId()), AdapterId.RULE)));
        } else if (!RecordId.isValid(text.id())) {
            context.output(
                    DeadLetters.TAG,
                    DeadLetters.of(
                            origin,
                            text.adapterId(),
                            DeadLetterReason.INVALID_EXAMPLE_ID,
                            "the id has %,d characters, expected %s"
                                    .formatted(text.id().length(), RecordId.RULE)));
        } else {
            out.collect(
                    new Example(
                            text.id(),
                            text.adapterId(),
                            text.text(),
                            Optional.empty(),
                            new Target.Label(text.label()),
                            text.eventTime(),
                            origin));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
