package io.rankstream.ops.cli.option;

import io.rankstream.adapters.text.Excerpt;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time as ISO-8601 with an offset. */
public final class TimeConverter implements ITypeConverter<Instant> {

    @Override
    public Instant convert(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new TypeConversionException(
                    Excerpt.of(text)
                            + ", expected a time with an offset, such as 2026-05-04T10:00:00Z");
        }
    }
}
