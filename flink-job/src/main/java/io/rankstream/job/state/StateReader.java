package io.rankstream.job.state;

import java.util.List;
import org.apache.flink.state.api.functions.KeyedStateReaderFunction;
import org.apache.flink.types.Either;
import org.apache.flink.util.Collector;

/**
 * Reads the values of each key out of a savepoint. A value that cannot be read does not fail the
 * job that reads, which then would not always say why: the reader says it in the value's place, as
 * a sentence that goes on from the savepoint's path.
 *
 * @param <T> type of the values
 */
public abstract class StateReader<T> extends KeyedStateReaderFunction<String, Either<T, String>> {

    private static final long serialVersionUID = 1L;

    /** The values of the current key, at least one. */
    protected abstract List<T> read(String key) throws Exception;

    @Override
    public final void readKey(String key, Context context, Collector<Either<T, String>> out) {
        attempt(key).forEach(out::collect);
    }

    private List<Either<T, String>> attempt(String key) {
        try {
            return read(key).stream().map(Either::<T, String>Left).toList();
        } catch (Exception e) {
            return List.of(Either.Right(UnreadableState.reason(e)));
        }
    }
}
