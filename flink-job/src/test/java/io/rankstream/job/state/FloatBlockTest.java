package io.rankstream.job.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloatBlockTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 16 * 1024, 16 * 1024 + 1, 100_000})
    void keepsEveryBit(int length) throws IOException {
        int[] bits = new SplittableRandom(length).ints(length).toArray();
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = Float.intBitsToFloat(bits[i]);
        }

        float[] read = read(write(values), length);

        int[] found = new int[length];
        for (int i = 0; i < length; i++) {
            found[i] = Float.floatToRawIntBits(read[i]);
        }
        assertThat(found).isEqualTo(bits);
    }

    @Test
    void findsAnyFlippedBit() throws IOException {
        byte[] good = write(new float[] {1, 2, 3});

        for (int bit = Integer.SIZE; bit < good.length * Byte.SIZE; bit++) {
            byte[] damaged = good.clone();
            damaged[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertThatThrownBy(() -> read(damaged, 3))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("moments: the block's CRC32C is")
                    .hasMessageContaining("restore from another checkpoint or savepoint");
        }
    }

    @Test
    void refusesALengthOtherThanExpectedBeforeItAllocates() throws IOException {
        byte[] damaged = write(new float[] {1, 2, 3});
        ByteBuffer.wrap(damaged).putInt(0, Integer.MAX_VALUE);

        assertThatThrownBy(() -> read(damaged, 3))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("holds 2147483647 floats, expected 3");
    }

    @Test
    void refusesABlockThatEndsEarly() throws IOException {
        byte[] whole = write(new float[] {1, 2, 3});
        byte[] cut = Arrays.copyOf(whole, whole.length - 1);

        assertThatThrownBy(() -> read(cut, 3)).isInstanceOf(IOException.class);
    }

    private static byte[] write(float[] values) throws IOException {
        DataOutputSerializer target = new DataOutputSerializer(64);
        FloatBlock.write(values, target);
        return target.getCopyOfBuffer();
    }

    private static float[] read(byte[] bytes, int expected) throws IOException {
        return FloatBlock.read("moments", expected, new DataInputDeserializer(bytes));
    }
}
