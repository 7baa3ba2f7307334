package io.rankstream.adapters.model;

import io.rankstream.adapters.weights.ModelLoadException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A tensor of a base model on the host, row-major.
 *
 * @param shape length of each dimension
 * @param values as many floats as the product of {@code shape}
 */
public record HostTensor(int[] shape, float[] values) {

    /** All tensors of a model by their names, in the order in which they were read. */
    public static Map<String, HostTensor> of(ModelSource source) throws ModelLoadException {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        PretrainedModel.load(
                source,
                (name, shape) -> {
                    int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
                    HostTensor tensor = new HostTensor(shape, new float[size]);
                    tensors.put(name, tensor);
                    int[] filled = {0};
                    return (values, count) -> {
                        System.arraycopy(values, 0, tensor.values, filled[0], count);
                        filled[0] += count;
                    };
                });
        return tensors;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HostTensor that
                && Arrays.equals(shape, that.shape)
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "HostTensor" + Arrays.toString(shape);
    }
}
