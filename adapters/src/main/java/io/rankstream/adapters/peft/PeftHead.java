package io.rankstream.adapters.peft;

/**
 * The head in a directory of PEFT.
 *
 * @param hidden features of the vector that it reads
 * @param weight labels × hidden, row-major
 * @param bias one a label
 */
public record PeftHead(int hidden, float[] weight, float[] bias) {

    /** Number of classes. */
    public int labels() {
        return bias.length;
    }
}
