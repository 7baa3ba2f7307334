package io.rankstream.job.encode;

import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.adapters.weights.ModelLoadException;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.job.decode.Example;
import io.rankstream.job.record.DeadLetters;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Turns the texts of examples into token ids; an example that no adapter could learn from goes to
 * {@link DeadLetters#TAG}. Labels are the trainer's matter, since each adapter has its own.
 */
public final class EncodeFunction extends ProcessFunction<Example, EncodedExample> {

    private static final long serialVersionUID = 1L;

    private final ModelSettings model;
    private final ConfiguredAdapters adapters;

    private transient TextReader reader;

    public EncodeFunction(ModelSettings model, ConfiguredAdapters adapters) {
        this.model = model;
        this.adapters = adapters;
    }

    @Override
    public void open(OpenContext context) throws ModelLoadException {
        reader = new TextReader(model, adapters);
    }

    @Override
    public void processElement(Example example, Context context, Collector<EncodedExample> out) {
        ReadText read = reader.read(example.adapterId(), example.text(), example.pair());
        if (read instanceof ReadText.Encoded encoded) {
            out.collect(encoded(example, encoded.tokens()));
        } else if (read instanceof ReadText.Refused refused) {
            context.output(
                    DeadLetters.TAG,
                    DeadLetters.of(
                            example.origin(),
                            example.adapterId(),
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

    private static EncodedExample encoded(Example example, Tokens tokens) {
        return new EncodedExample(
                example.id(),
                example.adapterId(),
                example.target(),
                example.eventTime(),
                example.uniform(),
                tokens,
                example.origin());
    }
}
