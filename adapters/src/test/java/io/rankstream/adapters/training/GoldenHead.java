package io.rankstream.adapters.training;

import io.rankstream.adapters.model.OwnHead;
import io.rankstream.adapters.weights.safetensors.SafetensorsFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A head, or its gradient, in a file of benchmarks/peft. */
final class GoldenHead {

    private GoldenHead() {}

    /**
     * Its values as states have them, the last layer first.
     *
     * @param prefix what its tensors' names begin with
     * @param linear name of a head of one layer
     * @param own the layers of a head of two
     */
    static float[] values(
            SafetensorsFile tensors, String prefix, String linear, Optional<OwnHead> own)
            throws IOException {
        String last = own.map(OwnHead::out).orElse(linear);
        List<String> names = new ArrayList<>(List.of(last + ".weight", last + ".bias"));
        own.ifPresent(head -> names.addAll(List.of(head.denseWeight(), head.ofFeatures())));
        float[] values = new float[0];
        for (String name : names) {
            float[] read = tensors.floats(prefix + name);
            values = Arrays.copyOf(values, values.length + read.length);
            System.arraycopy(read, 0, values, values.length - read.length, read.length);
        }
        return values;
    }
}
