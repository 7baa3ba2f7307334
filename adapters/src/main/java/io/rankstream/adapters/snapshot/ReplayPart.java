package io.rankstream.adapters.snapshot;

import io.rankstream.adapters.replay.KeptExample;
import io.rankstream.adapters.replay.MeaningsState;
import io.rankstream.adapters.replay.ReplayDraw;
import io.rankstream.adapters.replay.ReplayState;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.adapters.weights.Sizes;
import io.rankstream.adapters.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Kept examples in a snapshot: all but their tokens stands in the document.
 *
 * @param numbers of the examples
 * @param rows classes of them
 * @param values what is true of each, where the task has no labels
 * @param lengths tokens of each
 * @param seconds where the second text of each begins
 * @param bars what an example of each class must draw less than to be kept
 * @param position where the next draw goes on
 * @param meanings which labels mean something else since a change
 */
record ReplayPart(
        long[] numbers,
        int[] rows,
        double[] values,
        int[] lengths,
        int[] seconds,
        long[] bars,
        ReplayDraw.Position position,
        MeaningsState meanings) {

    private static final String TOKENS = "replay.tokens";

    static ReplayPart of(ReplayState replay) {
        List<KeptExample> examples = replay.examples();
        return new ReplayPart(
                examples.stream().mapToLong(KeptExample::number).toArray(),
                ints(examples, KeptExample::row),
                examples.stream().mapToDouble(KeptExample::value).toArray(),
                ints(examples, example -> example.tokens().ids().length),
                ints(examples, example -> example.tokens().second()),
                replay.bars(),
                replay.position(),
                replay.meanings());
    }

    private static int[] ints(List<KeptExample> examples, ToIntFunction<KeptExample> number) {
        return examples.stream().mapToInt(number).toArray();
    }

    /** Writes the tensor. */
    static void put(SafetensorsWriter writer, ReplayState replay) {
        int[] tokens =
                replay.examples().stream()
                        .flatMapToInt(example -> Arrays.stream(example.tokens().ids()))
                        .toArray();
        writer.put(TOKENS, new int[] {tokens.length}, tokens);
    }

    /** Reads the tensor. */
    ReplayState read(AdapterSnapshot.Tensors tensors) throws IOException {
        int count = numbers.length;
        Sizes.require("classes of kept examples", rows.length, count);
        Sizes.require("values of kept examples", values.length, count);
        Sizes.require("lengths of kept examples", lengths.length, count);
        Sizes.require("second texts of kept examples", seconds.length, count);
        int[] tokens = tensors.takeInts(TOKENS, Sizes.sum("tokens of a kept example", lengths));
        List<KeptExample> examples = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < count; i++) {
            int to = from + lengths[i];
            examples.add(
                    new KeptExample(
                            numbers[i],
                            rows[i],
                            values[i],
                            new Tokens(Arrays.copyOfRange(tokens, from, to), seconds[i], false)));
            from = to;
        }
        return new ReplayState(examples, bars, position, meanings);
    }
}
