package io.rankstream.adapters.weights.safetensors;

import java.nio.ByteBuffer;

/** Types of floats that {@link SafetensorsWriter} writes, by the names that stand in files. */
public enum FloatType {
    /** 32 bits; every bit is kept. */
    F32(Float.BYTES) {
        @Override
        void encode(String name, float[] values, ByteBuffer file) {
            file.asFloatBuffer().put(values);
            file.position(file.position() + values.length * Float.BYTES);
        }
    },
    /** The upper half of 32 bits, rounded to the nearest, ties to even. */
    BF16(Short.BYTES) {
        @Override
        void encode(String name, float[] values, ByteBuffer file) {
            for (float value : values) {
                short half = bfloat16(value);
                if (Float.isFinite(value) && (half & BF16_EXPONENT) == BF16_EXPONENT) {
                    throw new IllegalArgumentException(
                            "the tensor '"
                                    + name
                                    + "' holds "
                                    + value
                                    + ", more than BF16 can hold: write F32");
                }
                file.putShort(half);
            }
        }
    };

    private static final int BF16_EXPONENT = 0x7f80;

    /** The lower half without its highest bit: just under a tie. */
    private static final int UNDER_HALF = 0x7fff;

    private static final int QUIET_NAN = 0x0040;

    private final int bytes;

    FloatType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    int bytes() {
        return bytes;
    }

    /** Appends {@code values} of the tensor {@code name} to a little-endian {@code file}. */
    abstract void encode(String name, float[] values, ByteBuffer file);

    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            // Rounding could carry a NaN's fraction over into infinity.
            return (short) ((bits >>> Short.SIZE) | QUIET_NAN);
        }
        int upper = bits >>> Short.SIZE;
        return (short) ((bits + UNDER_HALF + (upper & 1)) >>> Short.SIZE);
    }
}
