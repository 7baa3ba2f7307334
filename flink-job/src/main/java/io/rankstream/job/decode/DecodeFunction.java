package io.rankstream.job.decode;

import io.rankstream.job.config.settings.InputSettings;
import io.rankstream.job.config.settings.RegistrySettings;
import io.rankstream.job.decode.avro.DecodeResult;
import io.rankstream.job.decode.avro.DecodeResult.Decoded;
import io.rankstream.job.decode.avro.DecodeResult.Refused;
import io.rankstream.job.decode.avro.Problems;
import io.rankstream.job.decode.avro.RetryClock;
import io.rankstream.job.decode.avro.SchemaLookup;
import io.rankstream.job.input.Input;
import io.rankstream.job.loop.vote.Vote;
import io.rankstream.job.mapping.JsonMapping;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.schemas.ControlCommand;
import io.rankstream.schemas.DeadLetterReason;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Decodes records; what is none of those it expects goes to {@link DeadLetters#TAG}. While the
 * schema registry cannot be reached, it waits, which slows down the source; after the outage
 * timeout it fails the job.
 *
 * @param <T> what it expects
 */
public final class DecodeFunction<T> extends ProcessFunction<RawRecord, T> {

    private static final long serialVersionUID = 1L;

    /** Makes the decoder of a task. */
    @FunctionalInterface
    interface Decoders<T> extends Serializable {
        RecordDecoder<T> decoder(SchemaLookup lookup, Duration outageTimeout, RetryClock clock);
    }

    private final RegistrySettings settings;
    private final Decoders<T> decoders;
    private final RetryClock clock;

    private transient SchemaRegistry registry;
    private transient RecordDecoder<T> decoder;

    DecodeFunction(RegistrySettings settings, Decoders<T> decoders, RetryClock clock) {
        this.settings = settings;
        this.decoders = decoders;
        this.clock = clock;
    }

    /** Decodes labeled examples. */
    public static DecodeFunction<Example> examples(InputSettings input, RegistrySettings settings) {
        JsonMapping mapping = input.mapping();
        Decoders<Example> decoders =
                switch (input.format()) {
                    case AVRO -> ExampleDecoder::new;
                    case JSON ->
                            (lookup, timeout, clock) ->
                                    new JsonOrAvroDecoder<>(
                                            new JsonExampleDecoder(mapping),
                                            new ExampleDecoder(lookup, timeout, clock));
                };
        return new DecodeFunction<>(settings, decoders, RetryClock.RealTime.CLOCK);
    }

    /** Decodes inputs without a label. */
    public static DecodeFunction<Input> inputs(
            InputAudience audience, InputSettings input, RegistrySettings settings) {
        JsonMapping mapping = input.mapping();
        Decoders<Input> avro =
                (lookup, timeout, clock) -> new InputDecoder(audience, lookup, timeout, clock);
        Decoders<Input> decoders =
                switch (input.format()) {
                    case AVRO -> avro;
                    case JSON ->
                            (lookup, timeout, clock) ->
                                    new JsonOrAvroDecoder<>(
                                            new JsonInputDecoder(audience, mapping),
                                            avro.decoder(lookup, timeout, clock));
                };
        return new DecodeFunction<>(settings, decoders, RetryClock.RealTime.CLOCK);
    }

    /** An input that is not read from a record, if what it has can be used. */
    public static DecodeResult<Input> checked(Input input) {
        Problems problems = new Problems();
        String adapterId = ValueDecoder.checkedAdapterId(input.adapterId(), problems);
        ExampleDecoder.check(input.exampleId(), input.text(), input.pair(), problems);
        return problems.isEmpty() ? new Decoded<>(input) : problems.refused(adapterId, "");
    }

    /** Decodes commands. */
    public static DecodeFunction<ControlCommand> commands(RegistrySettings settings) {
        return new DecodeFunction<>(settings, CommandDecoder::new, RetryClock.RealTime.CLOCK);
    }

    /** Decodes votes. */
    public static DecodeFunction<Vote> votes(RegistrySettings settings) {
        return new DecodeFunction<>(settings, VoteDecoder::new, RetryClock.RealTime.CLOCK);
    }

    @Override
    public void open(OpenContext context) {
        registry = new SchemaRegistry(settings);
        decoder = decoders.decoder(registry::schema, settings.outageTimeout(), clock);
    }

    @Override
    public void processElement(RawRecord raw, Context context, Collector<T> out)
            throws RegistryException, InterruptedException {
        if (raw.unread() != null) {
            context.output(
                    DeadLetters.TAG,
                    DeadLetters.of(raw, DeadLetterReason.TOO_LARGE, raw.unread().why()));
            return;
        }
        DecodeResult<T> result = decoder.decode(raw);
        if (result instanceof Decoded<T> decoded) {
            out.collect(decoded.value());
        } else if (result instanceof Refused<T> refused) {
            context.output(
                    DeadLetters.TAG,
                    DeadLetters.of(raw, refused.adapterId(), refused.reason(), refused.message()));
        }
    }

    @Override
    public void close() {
        if (registry != null) {
            registry.close();
        }
    }
}
