package io.rankstream.job.encode;

import io.rankstream.adapters.tokens.Tokens;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Token ids as bytes of a value that has a format: their number, the ids, whether text was cut. */
public final class EncodedTokens {

    private EncodedTokens() {}

    /** Writes them. */
    public static void write(Tokens tokens, DataOutputView target) throws IOException {
        target.writeInt(tokens.ids().length);
        for (int token : tokens.ids()) {
            target.writeInt(token);
        }
        target.writeBoolean(tokens.truncated());
    }

    /** Reads what {@link #write} has written. */
    public static Tokens read(DataInputView source) throws IOException {
        int[] ids = new int[source.readInt()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = source.readInt();
        }
        return new Tokens(ids, source.readBoolean());
    }
}
