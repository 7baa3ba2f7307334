package io.rankstream.adapters.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TensorsTest {

    private final PtNDManager manager =
            (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(Device.cpu());

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

    private static long bytesOfDirectBuffers() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
