package io.rankstream.adapters.engine;

/** The tensor engine does not have a device. The message is one sentence that says what to do. */
public final class DeviceUnavailableException extends EngineUnavailableException {

    private static final long serialVersionUID = 1;

    DeviceUnavailableException(ComputeDevice.Gpu device, int gpus) {
        super(
                gpus == 0
                        ? "model.device is %s, but PyTorch finds no GPU in this process, since %s, or set it to cpu"
                                .formatted(device, TensorEngine.whyNoGpu())
                        : "model.device is %s, but PyTorch finds %d GPU(s) in this process, expected an index from 0 to %d: correct it or set it to cpu"
                                .formatted(device, gpus, gpus - 1));
    }
}
