package io.rankstream.ops.cli.option;

import io.rankstream.ops.send.format.FileFormat;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The format of files of a name. */
public final class FormatConverter implements ITypeConverter<FileFormat> {

    @Override
    public FileFormat convert(String name) {
        try {
            return FileFormat.of(name);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
