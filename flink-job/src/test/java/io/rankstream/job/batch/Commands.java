package io.rankstream.job.batch;

import io.rankstream.job.encode.EncodedExample;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.ControlCommand;
import java.time.Instant;
import java.util.UUID;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;

/** Commands for tests, each with an id of its own. */
public final class Commands {

    private Commands() {}

    /** A command at whatever revision. */
    public static ControlCommand of(String adapterId, ControlAction action) {
        return ControlCommand.newBuilder()
                .setCommandId(UUID.randomUUID().toString())
                .setAdapterId(adapterId)
                .setAction(action)
                .setIssuedAt(Instant.EPOCH)
                .build();
    }

    /** A command at one revision alone. */
    public static ControlCommand expecting(long revision, String adapterId, ControlAction action) {
        ControlCommand command = of(adapterId, action);
        command.setExpectedRevision(revision);
        return command;
    }

    /** A stream without a command, which ends with {@code examples}. */
    public static DataStream<ControlCommand> none(DataStream<EncodedExample> examples) {
        return examples.flatMap((example, out) -> {}, new AvroTypeInfo<>(ControlCommand.class));
    }
}
