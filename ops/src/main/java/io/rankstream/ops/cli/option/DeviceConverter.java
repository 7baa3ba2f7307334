package io.rankstream.ops.cli.option;

import io.rankstream.job.config.option.DeviceSetting;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a device as {@code model.device} names it. */
public final class DeviceConverter implements ITypeConverter<DeviceSetting> {

    @Override
    public DeviceSetting convert(String text) {
        try {
            return DeviceSetting.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(
                    "'%s', expected %s".formatted(text, DeviceSetting.SYNTAX));
        }
    }
}
