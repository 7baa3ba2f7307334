package io.rankstream.job.train;

import io.rankstream.adapters.engine.ComputeDevice;
import io.rankstream.job.config.option.DeviceSetting;
import java.util.Collection;
import java.util.OptionalInt;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;

/** Chooses the device that a process trains on. */
public final class TrainingDevice {

    /** Name under which a TaskManager offers its GPUs as Flink's external resource. */
    static final String EXTERNAL_RESOURCE = "gpu";

    /** Where Flink's GPU driver says which one it is. */
    private static final String INDEX = "index";

    private TrainingDevice() {}

    /**
     * The device that was set, or, where Flink shall assign it, the first GPU that the TaskManager
     * offers, and GPU 0 if it offers none. The process has one copy of the base model, so every
     * subtask in it makes the same choice.
     */
    public static ComputeDevice of(
            DeviceSetting setting, Collection<? extends ExternalResourceInfo> offered) {
        return setting instanceof DeviceSetting.Fixed fixed
                ? fixed.device()
                : new ComputeDevice.Gpu(firstIndex(offered).orElse(0));
    }

    private static OptionalInt firstIndex(Collection<? extends ExternalResourceInfo> offered) {
        return offered.stream()
                .flatMap(info -> info.getProperty(INDEX).stream())
                .mapToInt(Integer::parseInt)
                .min();
    }
}
