package io.rankstream.benchmarks.part;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.schemas.LabeledExample;
import java.io.IOException;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Tokenization of one mail, mean over the first thousand of the demo's stream. */
@State(Scope.Benchmark)
public class TextEncoderBenchmark {

    @Param({"32", "128"})
    int maxLength;

    private List<String> texts;
    private TextEncoder encoder;
    private int next;

    @Setup
    public void open() throws IOException {
        texts = MailStream.open().examples(1000).stream().map(LabeledExample::getText).toList();
        encoder = TextEncoder.open(new ModelSource.Embedded(), maxLength);
    }

    @Benchmark
    public Tokens encode() {
        next = (next + 1) % texts.size();
        return encoder.encode(texts.get(next));
    }

    @TearDown
    public void close() {
        encoder.close();
    }
}
