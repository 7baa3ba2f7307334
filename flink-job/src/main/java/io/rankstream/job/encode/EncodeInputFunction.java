package io.rankstream.job.encode;

import io.rankstream.adapters.weights.ModelLoadException;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.job.input.Input;
import io.rankstream.job.record.DeadLetters;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Turns the texts of inputs into token ids; an input that no adapter could predict from goes to
 * {@link DeadLetters#TAG}, by the same rules as an example.
 */
public final class EncodeInputFunction extends ProcessFunction<Input, EncodedInput> {

    private static final long serialVersionUID = 1L;

    private final ModelSettings model;
    private final ConfiguredAdapters adapters;

    private transient TextReader reader;

    public EncodeInputFunction(ModelSettings model, ConfiguredAdapters adapters) {
        this.model = model;
        this.adapters = adapters;
    }

    @Override
    public void open(OpenContext context) throws ModelLoadException {
        reader = new TextReader(model, adapters);
    }

    @Override
    public void processElement(Input input, Context context, Collector<EncodedInput> out) {
        ReadText read = reader.read(input.adapterId(), input.text(), input.pair());
        if (read instanceof ReadText.Encoded encoded) {
            out.collect(new EncodedInput(input, encoded.tokens()));
        } else if (read instanceof ReadText.Refused refused) {
            context.output(
                    DeadLetters.TAG,
                    DeadLetters.of(
                            input.origin(),
                            input.adapterId(),
                            refused.reason(),
                            refused.message()));
        }
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }
}
