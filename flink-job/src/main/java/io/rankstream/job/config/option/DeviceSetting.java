package io.rankstream.job.config.option;

import io.rankstream.adapters.engine.ComputeDevice;
import java.io.Serializable;

/** Where the base model and the adapters shall live. */
public sealed interface DeviceSetting extends Serializable {

    /** What {@link #parse} reads, in words. */
    String SYNTAX = "cpu, gpu, or gpu: with an index, such as gpu:0";

    /** The same device in every process. */
    record Fixed(ComputeDevice device) implements DeviceSetting {
        @Override
        public String toString() {
            return device.toString();
        }
    }

    /** The GPU that Flink assigns to the process. */
    record AssignedGpu() implements DeviceSetting {
        @Override
        public String toString() {
            return "gpu";
        }
    }

    /**
     * Reads {@code cpu}, {@code gpu} or {@code gpu:N}.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    static DeviceSetting parse(String text) {
        return switch (text) {
            case "cpu" -> new Fixed(new ComputeDevice.Cpu());
            case "gpu" -> new AssignedGpu();
            default -> new Fixed(gpu(text));
        };
    }

    private static ComputeDevice gpu(String text) {
        if (!text.matches("gpu:[0-9]+")) {
            throw new IllegalArgumentException(
                    "the device is '%s', expected %s".formatted(text, SYNTAX));
        }
        return new ComputeDevice.Gpu(Integer.parseInt(text.substring("gpu:".length())));
    }
}
