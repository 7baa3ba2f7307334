package io.rankstream.job.encode;

import io.rankstream.adapters.tokens.Tokens;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Tokens as bytes of a value that has a format: their number, the ids, where the second text of a
 * pair begins, whether text was cut.
 */
public final class EncodedTokens {

    private EncodedTokens() {}

    /** Writes them. */
    public static void write(Tokens tokens, DataOutputView target) throws IOException {
        target.writeInt(tokens.ids().length);
        for (int token : tokens.ids()) {
            target.writeInt(token);
        }
        target.writeInt(tokens.second());
        target.writeBoolean(tokens.truncated());
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @param knowsPairs whether the format had pairs
     */
    public static Tokens read(boolean knowsPairs, DataInputView source) throws IOException {
        int[] ids = new int[source.readInt()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = source.readInt();
        }
        int second = knowsPairs ? source.readInt() : ids.length;
        return new Tokens(ids, second, source.readBoolean());
    }
}
