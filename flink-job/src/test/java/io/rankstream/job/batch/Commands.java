package io.rankstream.job.batch;

import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.ControlCommand;
import java.time.Instant;
import java.util.UUID;

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
}
