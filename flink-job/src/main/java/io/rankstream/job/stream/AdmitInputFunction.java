package io.rankstream.job.stream;

import io.rankstream.job.decode.DecodeFunction;
import io.rankstream.job.decode.avro.DecodeResult;
import io.rankstream.job.input.Input;
import io.rankstream.job.record.DeadLetters;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** Makes inputs of texts; one whose ids cannot be used goes to {@link DeadLetters#TAG}. */
final class AdmitInputFunction extends ProcessFunction<UnlabeledText, Input> {

    private static final long serialVersionUID = 1L;

    @Override
    public void processElement(UnlabeledText text, Context context, Collector<Input> out)
            throws IOException {
        Input input =
                new Input(
                        text.id(),
                        text.adapterId(),
                        text.text(),
                        text.pair(),
                        Map.of(),
                        text.eventTime(),
                        Optional.empty(),
                        Origins.of(text));
        DecodeResult<Input> checked = DecodeFunction.checked(input);
        if (checked instanceof DecodeResult.Decoded<Input> admitted) {
            out.collect(admitted.value());
        } else if (checked instanceof DecodeResult.Refused<Input> refused) {
            context.output(
                    DeadLetters.TAG,
                    DeadLetters.of(
                            input.origin(),
                            refused.adapterId(),
                            refused.reason(),
                            refused.message()));
        }
    }
}
