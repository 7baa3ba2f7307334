package io.rankstream.job.source;

import io.rankstream.job.config.RegistrySettings;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.source.DecodeResult.Decoded;
import io.rankstream.job.source.DecodeResult.Refused;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Decodes records; what is no example goes to {@link DeadLetters#TAG}. While the schema registry
 * cannot be reached, it waits, which slows down the source; after the outage timeout it fails the
 * job.
 */
public final class DecodeFunction extends ProcessFunction<RawRecord, Example> {

    private final RegistrySettings settings;
    private final RetryClock clock;

    private transient SchemaRegistry registry;
    private transient ExampleDecoder decoder;

    public DecodeFunction(RegistrySettings settings) {
        this(settings, RetryClock.RealTime.CLOCK);
    }

    DecodeFunction(RegistrySettings settings, RetryClock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public void open(OpenContext context) {
        registry = new SchemaRegistry(settings);
        decoder =
                new ExampleDecoder(
                        new ExampleReaders(registry::schema, settings.outageTimeout(), clock));
    }

    @Override
    public void processElement(RawRecord raw, Context context, Collector<Example> out)
            throws RegistryException, InterruptedException {
        DecodeResult result = decoder.decode(raw);
        if (result instanceof Decoded decoded) {
            out.collect(decoded.example());
        } else if (result instanceof Refused refused) {
            context.output(
                    DeadLetters.TAG, DeadLetters.of(raw, refused.reason(), refused.message()));
        }
    }

    @Override
    public void close() {
        if (registry != null) {
            registry.close();
        }
    }
}
