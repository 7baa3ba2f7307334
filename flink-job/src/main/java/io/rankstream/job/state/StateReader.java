package io.rankstream.job.state;

import org.apache.flink.state.api.functions.KeyedStateReaderFunction;
import org.apache.flink.types.Either;
import org.apache.flink.util.Collector;

/**
 * Reads a value of each key out of a savepoint. A value that cannot be read does not fail the job
 * that reads, which then would not always say why: the reader says it in the value's place, as a
 * sentence that goes on from the savepoint's path.
 *
 * @param <T> type of the values
 */
public abstract class StateReader<T> extends KeyedStateReaderFunction<String, Either<T, String>> {

    private static final long serialVersionUID = 1L;

    /** The value of the current key. */
    protected abstract T read(String key) throws Exception;

    @Override
    public final void readKey(String key, Context context, Collector<Either<T, String>> out) {
        out.collect(attempt(key));
    }

    private Either<T, String> attempt(String key) {
        try {
            return Either.Left(read(key));
        } catch (Exception e) {
            return Either.Right(UnreadableState.reason(e));
        }
    }
}
