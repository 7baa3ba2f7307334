package io.rankstream.job.state;

import io.rankstream.adapters.tokens.Passage;
import io.rankstream.adapters.tokens.Tokens;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * Tokens as bytes of a value that has a format: their number, the ids, where the second text of a
 * pair begins, whether text was cut, the words, where the tokens are in the text.
 */
public final class EncodedTokens {

    private EncodedTokens() {}

    /** Writes them. */
    public static void write(Tokens tokens, DataOutputView target) throws IOException {
        writeInts(tokens.ids(), target);
        target.writeInt(tokens.second());
        target.writeBoolean(tokens.truncated());
        writeInts(tokens.words(), target);
        target.writeBoolean(tokens.passage().isPresent());
        if (tokens.passage().isPresent()) {
            writePassage(tokens.passage().get(), target);
        }
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @param knowsPairs whether the format had pairs
     * @param knowsWords whether the format had words
     * @param knowsPassages whether the format had places of tokens
     */
    public static Tokens read(
            boolean knowsPairs, boolean knowsWords, boolean knowsPassages, DataInputView source)
            throws IOException {
        int[] ids = readInts(source);
        int second = knowsPairs ? source.readInt() : ids.length;
        boolean truncated = source.readBoolean();
        int[] words = knowsWords ? readInts(source) : new int[0];
        Optional<Passage> passage =
                knowsPassages && source.readBoolean()
                        ? Optional.of(readPassage(source))
                        : Optional.empty();
        return new Tokens(ids, second, truncated, words, passage);
    }

    private static void writePassage(Passage passage, DataOutputView target) throws IOException {
        StringValue.writeString(passage.text(), target);
        writePlaces(passage, target);
        target.writeInt(passage.further().size());
        for (Tokens window : passage.further()) {
            writeInts(window.ids(), target);
            target.writeInt(window.second());
            writePlaces(window.passage().orElseThrow(), target);
        }
    }

    private static void writePlaces(Passage passage, DataOutputView target) throws IOException {
        writeInts(passage.starts(), target);
        writeInts(passage.ends(), target);
    }

    private static Passage readPassage(DataInputView source) throws IOException {
        String text = StringValue.readString(source);
        int[] starts = readInts(source);
        int[] ends = readInts(source);
        List<Tokens> further = new ArrayList<>();
        int count = source.readInt();
        for (int i = 0; i < count; i++) {
            int[] ids = readInts(source);
            int second = source.readInt();
            further.add(
                    Tokens.window(
                            ids,
                            second,
                            new Passage(text, readInts(source), readInts(source), List.of())));
        }
        return new Passage(text, starts, ends, further);
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
