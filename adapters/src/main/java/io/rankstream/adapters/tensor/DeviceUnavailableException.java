package io.rankstream.adapters.tensor;

/** The tensor engine does not have a device. The message is one sentence that says what to do. */
public final class DeviceUnavailableException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    DeviceUnavailableException(ComputeDevice.Gpu device, int gpus) {
        super(
                gpus == 0
                        ? "model.device is %s, but PyTorch finds no GPU in this process: set it to cpu, or give the process a GPU, its driver and PyTorch's libraries for CUDA"
                                .formatted(device)
                        : "model.device is %s, but PyTorch finds %d GPU(s) in this process, expected an index from 0 to %d: correct it or set it to cpu"
                                .formatted(device, gpus, gpus - 1));
    }
}
