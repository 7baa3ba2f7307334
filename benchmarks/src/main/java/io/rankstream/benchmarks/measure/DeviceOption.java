package io.rankstream.benchmarks.measure;

import io.rankstream.adapters.engine.ComputeDevice;
import io.rankstream.job.config.option.DeviceSetting;
import io.rankstream.job.train.TrainingDevice;
import io.rankstream.ops.cli.option.DeviceConverter;
import java.util.Set;
import picocli.CommandLine.Option;

/** {@code --device}. */
public final class DeviceOption {

    @Option(
            names = "--device",
            defaultValue = "cpu",
            converter = DeviceConverter.class,
            description = "Device, as model.device names it.")
    private DeviceSetting device;

    public DeviceSetting setting() {
        return device;
    }

    /** Where this process trains. */
    public ComputeDevice place() {
        return TrainingDevice.of(device, Set.of());
    }
}
