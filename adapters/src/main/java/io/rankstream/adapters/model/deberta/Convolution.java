package io.rankstream.adapters.model.deberta;

/**
 * DeBERTa-v2's convolution over neighbouring tokens, beside the first layer.
 *
 * @param width tokens that one output sees, the middle one its own
 * @param activation what follows
 */
record Convolution(int width, Activation activation) {

    /** By the names that canonical texts have them under. */
    enum Activation {
        GELU,
        TANH
    }

    Convolution {
        if (width < 1 || width % 2 == 0) {
            throw new IllegalArgumentException(
                    "the width of the convolution (conv_kernel_size) is %d, expected an odd number, or 0 for none"
                            .formatted(width));
        }
    }
}
