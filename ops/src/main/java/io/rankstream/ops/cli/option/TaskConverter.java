package io.rankstream.ops.cli.option;

import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.task.Tasks;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The task of an id. */
public final class TaskConverter implements ITypeConverter<Task<?>> {

    @Override
    public Task<?> convert(String id) {
        try {
            return Tasks.of(id);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
