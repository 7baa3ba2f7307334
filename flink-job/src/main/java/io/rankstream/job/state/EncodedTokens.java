package io.rankstream.job.state;

import io.rankstream.adapters.tokens.Tokens;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Tokens as bytes of a value that has a format: their number, the ids, where the second text of a
 * pair begins, whether text was cut, the words.
 */
public final class EncodedTokens {

    private EncodedTokens() {}

    /** Writes them. */
    public static void write(Tokens tokens, DataOutputView target) throws IOException {
        writeInts(tokens.ids(), target);
        target.writeInt(tokens.second());
        target.writeBoolean(tokens.truncated());
        writeInts(tokens.words(), target);
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @param knowsPairs whether the format had pairs
     * @param knowsWords whether the format had words
     */
    public static Tokens read(boolean knowsPairs, boolean knowsWords, DataInputView source)
            throws IOException {
        int[] ids = readInts(source);
        int second = knowsPairs ? source.readInt() : ids.length;
        boolean truncated = source.readBoolean();
        return new Tokens(ids, second, truncated, knowsWords ? readInts(source) : new int[0]);
    }

    private static void writeInts(int[] values, DataOutputView target) throws IOException {
        target.writeInt(values.length);
        for (int value : values) {
            target.writeInt(value);
        }
    }

    private static int[] readInts(DataInputView source) throws IOException {
        int[] values = new int[source.readInt()];
        for (int i = 0; i < values.length; i++) {
            values[i] = source.readInt();
        }
        return values;
    }
}
