package io.rankstream.adapters.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TensorsTest {

    private final PtNDManager manager = TestDevice.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void storedFloatsKeepEveryBit() {
        float[] values = new float[100_000];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        values[99_999] = -0f;

        PtNDArray tensor = Tensors.stored(manager, values);

        assertThat(tensor.getShape().getShape()).containsExactly(values.length);
        assertThat(tensor.toFloatArray()).isEqualTo(values);
    }

    @Test
    void storedFloatsMayBeNone() {
        assertThat(Tensors.stored(manager, new float[0]).toFloatArray()).isEmpty();
    }

    @Test
    void storedFloatsDoNotWaitForTheGarbageCollector() {
        int mebibytes = 16;
        float[] values = new float[mebibytes * (1 << 20) / Float.BYTES];
        long before = bytesOfDirectBuffers();

        PtNDArray tensor = Tensors.stored(manager, values);

        assertThat(bytesOfDirectBuffers() - before).isLessThan(1 << 20);
        assertThat(tensor.size()).isEqualTo(values.length);
    }

    @Test
    void aBackwardPassOutlivesTheHandlesOfItsForwardPass() {
        float[] ones = new float[1000];
        Arrays.fill(ones, 1);
        long[] reversed =
                LongStream.rangeClosed(1, ones.length).map(i -> ones.length - i).toArray();
        PtNDArray x = Tensors.floats(manager, ones, ones.length, 1);
        JniUtils.attachGradient(x, true);
        JniUtils.setGradMode(true);
        PtNDArray sum;
        try (PtNDManager forward = Tensors.scope(manager)) {
            PtNDArray rows = Tensors.rowsAt(x, Tensors.longs(forward, reversed, reversed.length));
            sum = JniUtils.sum(JniUtils.mul(rows, Tensors.scalar(forward, 2)));
            sum.attach(manager);
        } finally {
            JniUtils.setGradMode(false);
        }

        overwriteFreeBuffers();
        JniUtils.backward(sum, Tensors.scalar(manager, 1), false, false);

        assertThat(JniUtils.getGradient(x).toFloatArray()).containsOnly(2);
    }

    /** Whatever the JVM has freed of its buffers is likely to be used again here. */
    private static void overwriteFreeBuffers() {
        List<ByteBuffer> buffers = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            System.gc();
            for (int i = 0; i < 1000; i++) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(i % 2 == 0 ? 8000 : 4);
                while (buffer.hasRemaining()) {
                    buffer.put((byte) 1);
                }
                buffers.add(buffer);
            }
        }
        assertThat(buffers).isNotEmpty();
    }

    private static long bytesOfDirectBuffers() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
