package io.rankstream.job.encode;

import io.rankstream.adapters.engine.TensorEngine;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.text.VisibleText;
import io.rankstream.adapters.tokens.Reading;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.adapters.weights.ModelLoadException;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.schemas.DeadLetterReason;
import java.util.Optional;

/**
 * Turns texts for adapters into token ids, as the base model reads them. A text that is too long is
 * cut and marked. Confined to one thread.
 */
final class TextReader implements AutoCloseable {

    private final ConfiguredAdapters adapters;
    private final TextEncoder encoder;

    /**
     * Opens the tokenizer of a base model.
     *
     * @param adapters adapters that texts may be for
     */
    TextReader(ModelSettings model, ConfiguredAdapters adapters) throws ModelLoadException {
        this.adapters = adapters;
        TensorEngine.choose(model.engineDirectory());
        encoder = TextEncoder.open(model.source(), model.maxLength());
    }

    ReadText read(String adapterId, String text, Optional<String> pair) {
        Optional<TrainingTemplate> template = adapters.template(adapterId);
        if (template.isEmpty()) {
            String found = unknownAdapter(adapterId);
            return new ReadText.Refused(
                    DeadLetterReason.UNKNOWN_ADAPTER,
                    VisibleText.isIn(text, pair)
                            ? found
                            : found + "; " + VisibleText.missingIn(text));
        }
        Reading reading = template.get().head().task().reading();
        Optional<Tokens> tokens = encoder.read(text, pair, reading);
        return tokens.isPresent()
                ? new ReadText.Encoded(tokens.get())
                : new ReadText.Refused(DeadLetterReason.EMPTY_TEXT, reading.missingIn(text, pair));
    }

    @Override
    public void close() {
        encoder.close();
    }

    private static String unknownAdapter(String adapterId) {
        return "adapter %s is not configured, and no labels are for adapters without settings of their own"
                .formatted(Excerpt.of(adapterId));
    }
}
