package io.rankstream.adapters.engine;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDManager;
import java.io.Serializable;

/** Where tensors live and are computed. */
public sealed interface ComputeDevice extends Serializable {

    /** The processor. */
    record Cpu() implements ComputeDevice {
        @Override
        public String toString() {
            return "cpu";
        }
    }

    /**
     * A GPU.
     *
     * @param index position among the GPUs that the process sees, from 0
     */
    record Gpu(int index) implements ComputeDevice {
        @Override
        public String toString() {
            return "gpu:" + index;
        }
    }

    /**
     * Checks that the tensor engine has this device. Loads the engine, unless it is the CPU of the
     * one that comes with Rankstream.
     *
     * @throws EngineUnavailableException if it has not
     */
    default void requireAvailable() {
        if (this instanceof Gpu gpu) {
            int gpus = TensorEngine.load().getGpuCount();
            if (gpu.index() >= gpus) {
                throw new DeviceUnavailableException(gpu, gpus);
            }
        } else {
            TensorEngine.requireLoadable();
        }
    }

    /** A manager on this device; whatever is made through it or a scope below it lives there. */
    default PtNDManager newManager() {
        Device device = this instanceof Gpu gpu ? Device.gpu(gpu.index()) : Device.cpu();
        return (PtNDManager) TensorEngine.load().newBaseManager(device);
    }
}
