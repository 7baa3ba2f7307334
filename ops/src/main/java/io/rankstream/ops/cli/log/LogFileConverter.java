package io.rankstream.ops.cli.log;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a log, and makes sure that it can be written. */
public final class LogFileConverter implements ITypeConverter<Path> {

    @Override
    public Path convert(String text) {
        Path file = Path.of(text);
        try {
            LogFile.requireWritable(file);
        } catch (IOException e) {
            throw new TypeConversionException(
                    "'%s' cannot be written (%s), expected a file that can be"
                            .formatted(text, reason(e)));
        }
        return file;
    }

    private static String reason(IOException e) {
        return e instanceof FileSystemException file && file.getReason() != null
                ? file.getReason()
                : e.getClass().getSimpleName();
    }
}
