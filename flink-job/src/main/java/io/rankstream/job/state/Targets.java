package io.rankstream.job.state;

import io.rankstream.adapters.task.Target;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** Targets in state: a byte that says of which kind, and the value. */
public final class Targets {

    private static final int LABEL = 1;
    private static final int NUMBER = 2;
    private static final int SPAN = 3;

    private Targets() {}

    public static void write(Target value, DataOutputView target) throws IOException {
        if (value instanceof Target.Label label) {
            target.writeByte(LABEL);
            StringValue.writeString(label.name(), target);
        } else if (value instanceof Target.Numeric number) {
            target.writeByte(NUMBER);
            target.writeDouble(number.value());
        } else if (value instanceof Target.Span span) {
            target.writeByte(SPAN);
            target.writeInt(span.start());
            target.writeInt(span.end());
        }
    }

    /**
     * Reads a target.
     *
     * @param isTyped whether its kind was written; before, there were the names of labels alone
     */
    public static Target read(boolean isTyped, DataInputView source) throws IOException {
        int kind = isTyped ? source.readByte() : LABEL;
        return switch (kind) {
            case LABEL -> new Target.Label(StringValue.readString(source));
            case NUMBER -> new Target.Numeric(source.readDouble());
            case SPAN -> new Target.Span(source.readInt(), source.readInt());
            default ->
                    throw new IOException(
                            "a target is of kind %d, expected 1 (label), 2 (number) or 3 (span)"
                                    .formatted(kind));
        };
    }
}
