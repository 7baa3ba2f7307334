package io.rankstream.job.encode;

import io.rankstream.adapters.engine.TensorEngine;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.text.VisibleText;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.adapters.weights.ModelLoadException;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.job.decode.Example;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.schemas.DeadLetterReason;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Turns texts into token ids; an example that no adapter could learn from goes to {@link
 * DeadLetters#TAG}. A text that is too long is cut and marked. Labels are the trainer's matter,
 * since each adapter has its own.
 */
public final class EncodeFunction extends ProcessFunction<Example, EncodedExample> {

    private final ModelSettings model;
    private final ConfiguredAdapters adapters;

    private transient TextEncoder encoder;

    public EncodeFunction(ModelSettings model, ConfiguredAdapters adapters) {
        this.model = model;
        this.adapters = adapters;
    }

    @Override
    public void open(OpenContext context) throws ModelLoadException {
        TensorEngine.choose(model.engineDirectory());
        encoder = TextEncoder.open(model.source(), model.maxLength());
    }

    @Override
    public void processElement(Example example, Context context, Collector<EncodedExample> out) {
        if (adapters.of(example.adapterId()).isEmpty()) {
            refuse(
                    example,
                    DeadLetterReason.UNKNOWN_ADAPTER,
                    withText(unknownAdapter(example), example),
                    context);
            return;
        }
        Optional<Tokens> tokens = encoder.read(example.text(), example.pair());
        if (tokens.isEmpty()) {
            refuse(
                    example,
                    DeadLetterReason.EMPTY_TEXT,
                    VisibleText.missingIn(example.text()),
                    context);
            return;
        }
        out.collect(encoded(example, tokens.get()));
    }

    @Override
    public void close() {
        if (encoder != null) {
            encoder.close();
        }
    }

    private static EncodedExample encoded(Example example, Tokens tokens) {
        return new EncodedExample(
                example.id(),
                example.adapterId(),
                example.target(),
                example.eventTime(),
                tokens,
                example.origin());
    }

    private static void refuse(
            Example example, DeadLetterReason reason, String message, Context context) {
        context.output(
                DeadLetters.TAG,
                DeadLetters.of(example.origin(), example.adapterId(), reason, message));
    }

    /** What was found, and what is wrong with the text beside. */
    private static String withText(String found, Example example) {
        return VisibleText.isIn(example.text(), example.pair())
                ? found
                : found + "; " + VisibleText.missingIn(example.text());
    }

    private static String unknownAdapter(Example example) {
        return "adapter %s is not configured, and no labels are for adapters without settings of their own"
                .formatted(Excerpt.of(example.adapterId()));
    }
}
