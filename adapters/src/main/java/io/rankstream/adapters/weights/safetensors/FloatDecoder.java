package io.rankstream.adapters.weights.safetensors;

import java.nio.ByteBuffer;

/** Widens stored floats to 32 bits. Buffers are little-endian. */
enum FloatDecoder {
    SINGLE(Float.BYTES) {
        @Override
        void decode(ByteBuffer buffer, float[] values, int count) {
            buffer.asFloatBuffer().get(values, 0, count);
        }
    },
    /** IEEE 754 binary16. */
    HALF(Short.BYTES) {
        @Override
        void decode(ByteBuffer buffer, float[] values, int count) {
            for (int i = 0; i < count; i++) {
                values[i] = halfToFloat(buffer.getShort());
            }
        }
    },
    /** The upper half of a binary32. */
    BRAIN(Short.BYTES) {
        @Override
        void decode(ByteBuffer buffer, float[] values, int count) {
            for (int i = 0; i < count; i++) {
                values[i] = Float.intBitsToFloat(buffer.getShort() << 16);
            }
        }
    };

    private static final int HALF_SIGN = 0x8000;
    private static final int HALF_EXPONENT = 0x7c00;
    private static final int HALF_FRACTION = 0x03ff;

    private final int bytes;

    FloatDecoder(int bytes) {
        this.bytes = bytes;
    }

    /** Decoder of {@code type}, null if its elements are no floats that fit 32 bits. */
    static FloatDecoder of(ElementType type) {
        return switch (type) {
            case F32 -> SINGLE;
            case F16 -> HALF;
            case BF16 -> BRAIN;
            default -> null;
        };
    }

    /** Bytes of one element. */
    int bytes() {
        return bytes;
    }

    /** Fills the beginning of {@code values} with the next {@code count} elements. */
    abstract void decode(ByteBuffer buffer, float[] values, int count);

    private static float halfToFloat(short half) {
        int sign = (half & HALF_SIGN) << 16;
        int exponent = (half & HALF_EXPONENT) >> 10;
        int fraction = half & HALF_FRACTION;
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        int wideExponent = exponent == 31 ? 255 : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | wideExponent << 23 | fraction << 13);
    }
}
