package io.rankstream.job.stream;

import io.rankstream.job.decode.Example;
import io.rankstream.job.decode.ExampleDecoder;
import io.rankstream.job.decode.avro.DecodeResult;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.record.RawRecord;
import java.io.IOException;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** Makes examples of texts; one whose ids cannot be used goes to {@link DeadLetters#TAG}. */
final class AdmitFunction extends ProcessFunction<LabeledText, Example> {

    private static final long serialVersionUID = 1L;

    @Override
    public void processElement(LabeledText text, Context context, Collector<Example> out)
            throws IOException {
        RawRecord origin = Origins.of(text);
        DecodeResult<Example> checked =
                ExampleDecoder.checked(
                        new Example(
                                text.id(),
                                text.adapterId(),
                                text.example().text(),
                                text.example().pair(),
                                text.example().target(),
                                text.eventTime(),
                                origin));
        if (checked instanceof DecodeResult.Decoded<Example> example) {
            out.collect(example.value());
        } else if (checked instanceof DecodeResult.Refused<Example> refused) {
            context.output(
                    DeadLetters.TAG,
                    DeadLetters.of(
                            origin, refused.adapterId(), refused.reason(), refused.message()));
        }
    }
}
