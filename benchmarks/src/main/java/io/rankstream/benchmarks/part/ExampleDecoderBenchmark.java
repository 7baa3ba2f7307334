package io.rankstream.benchmarks.part;

import io.rankstream.job.decode.ExampleDecoder;
import io.rankstream.job.decode.avro.RetryClock;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.schemas.LabeledExample;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Decoding of one mail in Confluent's wire format, mean over the first thousand of the demo's
 * stream. The registry has answered by then.
 */
@State(Scope.Benchmark)
public class ExampleDecoderBenchmark {

    private static final int SCHEMA_ID = 1;

    private final ExampleDecoder decoder =
            new ExampleDecoder(
                    id -> LabeledExample.getClassSchema(),
                    Duration.ZERO,
                    RetryClock.RealTime.CLOCK);
    private List<RawRecord> records;
    private int next;

    @Setup
    public void encode() {
        records = MailStream.open().examples(1000).stream().map(this::record).toList();
    }

    private RawRecord record(LabeledExample example) {
        return new RawRecord("labeled-examples", 0, 0, null, WireFormat.encode(SCHEMA_ID, example));
    }

    @Benchmark
    public Object decode() throws IOException, InterruptedException {
        next = (next + 1) % records.size();
        return decoder.decode(records.get(next));
    }
}
