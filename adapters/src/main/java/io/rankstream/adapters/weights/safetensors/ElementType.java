package io.rankstream.adapters.weights.safetensors;

import java.util.Arrays;

/** Element types of the format, by the names that stand in files. */
enum ElementType {
    BOOL(1),
    U8(1),
    I8(1),
    F8_E5M2(1),
    F8_E4M3(1),
    F8_E8M0(1),
    I16(2),
    U16(2),
    F16(2),
    BF16(2),
    I32(4),
    U32(4),
    F32(4),
    F64(8),
    I64(8),
    U64(8),
    C64(8);

    /** Bytes of one element. */
    final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** The type called {@code name}, null for an unknown one. */
    static ElementType named(String name) {
        return Arrays.stream(values())
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
