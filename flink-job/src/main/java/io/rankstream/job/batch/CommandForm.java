package io.rankstream.job.batch;

import io.rankstream.schemas.ControlCommand;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A command as bytes of a value that has a format: their number, and Avro's single-object form. */
final class CommandForm {

    private CommandForm() {}

    static void write(ControlCommand command, DataOutputView target) throws IOException {
        ByteBuffer bytes = command.toByteBuffer();
        target.writeInt(bytes.remaining());
        target.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }

    static ControlCommand read(DataInputView source) throws IOException {
        byte[] bytes = new byte[source.readInt()];
        source.readFully(bytes);
        return ControlCommand.fromByteBuffer(ByteBuffer.wrap(bytes));
    }
}
