package io.rankstream.job.state;

import io.rankstream.adapters.task.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * Targets in state: a byte that says of which kind, and the value; of a list, how many members it
 * has, and each of them.
 */
public final class Targets {

    private static final int LABEL = 1;
    private static final int NUMBER = 2;
    private static final int SPAN = 3;
    private static final int LABELED_SPAN = 4;
    private static final int LIST = 5;

    private Targets() {}

    public static void write(Target value, DataOutputView target) throws IOException {
        if (value instanceof Target.Label label) {
            target.writeByte(LABEL);
            StringValue.writeString(label.name(), target);
        } else if (value instanceof Target.Numeric number) {
            target.writeByte(NUMBER);
            target.writeDouble(number.value());
        } else if (value instanceof Target.Span span) {
            target.writeByte(span.label().isPresent() ? LABELED_SPAN : SPAN);
            target.writeInt(span.start());
            target.writeInt(span.end());
            if (span.label().isPresent()) {
                StringValue.writeString(span.label().get(), target);
            }
        } else if (value instanceof Target.Several several) {
            target.writeByte(LIST);
            target.writeInt(several.members().size());
            for (Target member : several.members()) {
                write(member, target);
            }
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
            case LABELED_SPAN ->
                    new Target.Span(
                            source.readInt(), source.readInt(), StringValue.readString(source));
            case LIST -> readList(source);
            default ->
                    throw new IOException(
                            "a target is of kind %d, expected 1 (label), 2 (number), 3 (span), 4 (span with a label) or 5 (list)"
                                    .formatted(kind));
        };
    }

    private static Target readList(DataInputView source) throws IOException {
        int count = source.readInt();
        List<Target> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            members.add(read(true, source));
        }
        return new Target.Several(members);
    }
}
