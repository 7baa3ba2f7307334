package io.rankstream.adapters.adalora;

import static ai.djl.pytorch.jni.JniUtils.reshape;
import static io.rankstream.adapters.tensor.Tensors.rows;
import static io.rankstream.adapters.tensor.Tensors.split;
import static io.rankstream.adapters.tensor.Tensors.zeros;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of several adapters, one's after the other's, as matrices of one height for a batched
 * product: the shorter ones end in zeros.
 */
final class RowGroups {

    private final PtNDManager scope;
    private final List<Integer> sizes;
    private final int height;

    RowGroups(PtNDManager scope, List<Integer> sizes) {
        this.scope = scope;
        this.sizes = sizes;
        this.height = sizes.stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    private boolean isEven() {
        return sizes.stream().allMatch(size -> size == height);
    }

    /** (rows, features) as (groups, height, features). */
    PtNDArray group(PtNDArray x) {
        long features = x.getShape().get(1);
        PtNDArray padded = x;
        if (!isEven()) {
            List<PtNDArray> parts = new ArrayList<>();
            for (PtNDArray part : split(x, sizes)) {
                long missing = height - part.getShape().get(0);
                parts.add(part);
                if (missing > 0) {
                    parts.add(zeros(scope, missing, features));
                }
            }
            padded = rows(parts);
        }
        return reshape(padded, new long[] {sizes.size(), height, features});
    }

    /** (groups, height, features) as (rows, features). */
    PtNDArray ungroup(PtNDArray grouped) {
        long features = grouped.getShape().get(2);
        PtNDArray padded = reshape(grouped, new long[] {(long) sizes.size() * height, features});
        if (isEven()) {
            return padded;
        }
        List<Integer> withPadding = new ArrayList<>();
        for (int size : sizes) {
            withPadding.add(size);
            withPadding.add(height - size);
        }
        List<PtNDArray> parts = split(padded, withPadding);
        List<PtNDArray> groups = new ArrayList<>();
        for (int i = 0; i < parts.size(); i += 2) {
            groups.add(parts.get(i));
        }
        return rows(groups);
    }
}
