package io.rankstream.adapters.peft;

import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.task.HeadForm;

/**
 * The head in a directory of PEFT.
 *
 * @param hidden features of the vector that it reads
 * @param weight outputs × hidden, row-major
 * @param bias one an output
 * @param dense of a head of two layers the first one, weight (hidden × hidden) and then bias
 *     (hidden); empty of another
 */
public record PeftHead(int hidden, float[] weight, float[] bias, float[] dense) {

    /** What is published of {@code head}. */
    public static PeftHead of(HeadState head) {
        HeadState active = head.active();
        return new PeftHead(active.hidden(), active.weight(), active.bias(), active.dense());
    }

    /** Number of outputs: of classes, or 1 of a regression. */
    public int outputs() {
        return bias.length;
    }

    /** Its layers. */
    public HeadForm form() {
        return dense.length == 0 ? HeadForm.LINEAR : HeadForm.OWN;
    }
}
