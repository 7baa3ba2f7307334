package io.rankstream.benchmarks.part;

import io.rankstream.adapters.state.AdapterState;
import io.rankstream.benchmarks.workload.DemoAdapter;
import io.rankstream.job.state.AdapterMetaSerializer;
import io.rankstream.job.state.BudgetStateSerializer;
import io.rankstream.job.state.HeadStateSerializer;
import io.rankstream.job.state.ImportanceStateSerializer;
import io.rankstream.job.state.MomentStateSerializer;
import io.rankstream.job.state.TripletStateSerializer;
import io.rankstream.job.state.ValueSerializer;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Writing and reading the keyed state of an adapter of MiniLM of rank 12. */
@State(Scope.Benchmark)
public class StateSerializerBenchmark {

    /** Keyed states of an adapter. */
    public enum Part {
        META,
        TRIPLETS,
        MOMENTS,
        IMPORTANCE,
        BUDGET,
        HEAD
    }

    private record Stored<T>(ValueSerializer<T> serializer, T value) {
        void write(DataOutputSerializer target) throws IOException {
            serializer.serialize(value, target);
        }
    }

    @Param Part part;

    private final DataOutputSerializer target = new DataOutputSerializer(1024);
    private Stored<?> stored;
    private byte[] bytes;

    @Setup
    public void write() throws Exception {
        stored = stored(DemoAdapter.state());
        stored.write(target);
        bytes = target.getCopyOfBuffer();
    }

    private Stored<?> stored(AdapterState state) {
        return switch (part) {
            case META -> new Stored<>(AdapterMetaSerializer.INSTANCE, state.meta());
            case TRIPLETS -> new Stored<>(TripletStateSerializer.INSTANCE, state.triplets());
            case MOMENTS -> new Stored<>(MomentStateSerializer.INSTANCE, state.moments());
            case IMPORTANCE -> new Stored<>(ImportanceStateSerializer.INSTANCE, state.importance());
            case BUDGET -> new Stored<>(BudgetStateSerializer.INSTANCE, state.budget());
            case HEAD -> new Stored<>(HeadStateSerializer.INSTANCE, state.head());
        };
    }

    @Benchmark
    public int serialize() throws IOException {
        target.clear();
        stored.write(target);
        return target.length();
    }

    @Benchmark
    public Object deserialize() throws IOException {
        return stored.serializer().deserialize(new DataInputDeserializer(bytes));
    }
}
