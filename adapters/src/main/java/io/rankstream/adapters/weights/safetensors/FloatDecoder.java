package io.rankstream.adapters.weights.safetensors;

import java.nio.ByteBuffer;

/** Widens stored floats to 32 bits. Buffers are little-endian. */
enum FloatDecoder {
    SINGLE(Float.BYTES) {
        @Override
        float next(ByteBuffer buffer) {
            return buffer.getFloat();
        }
    },
    /** IEEE 754 binary16. */
    HALF(Short.BYTES) {
        @Override
        float next(ByteBuffer buffer) {
            return halfToFloat(buffer.getShort());
        }
    },
    /** The upper half of a binary32. */
    BRAIN(Short.BYTES) {
        @Override
        float next(ByteBuffer buffer) {
            return Float.intBitsToFloat(buffer.getShort() << 16);
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

    abstract float next(ByteBuffer buffer);

    float[] decode(ByteBuffer buffer) {
        float[] values = new float[buffer.remaining() / bytes];
        for (int i = 0; i < values.length; i++) {
            values[i] = next(buffer);
        }
        return values;
    }

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
