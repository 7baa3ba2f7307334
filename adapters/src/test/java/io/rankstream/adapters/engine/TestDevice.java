package io.rankstream.adapters.engine;

import ai.djl.pytorch.engine.PtNDManager;

/**
 * The device that the tests of this module compute on: the CPU, or the first GPU with {@code
 * -Drankstream.test.device=gpu}.
 */
public final class TestDevice {

    private static final String PROPERTY = "rankstream.test.device";

    private TestDevice() {}

    public static ComputeDevice get() {
        String name = System.getProperty(PROPERTY, "cpu");
        return switch (name) {
            case "cpu" -> new ComputeDevice.Cpu();
            case "gpu" -> new ComputeDevice.Gpu(0);
            default ->
                    throw new IllegalArgumentException(
                            PROPERTY + " is " + name + ", expected cpu or gpu");
        };
    }

    /** A manager on it. */
    public static PtNDManager newManager() {
        return get().newManager();
    }
}
