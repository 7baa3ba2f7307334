package io.rankstream.ops.cli.savepoint;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** Savepoints: of a job that runs, and the adapters in those of one that does not. */
@Command(
        name = "savepoint",
        description =
                "Takes a savepoint of a running job; shows, exports and imports adapters in one, without its job.",
        subcommands = {
            SavepointTakeCommand.class,
            SavepointInspectCommand.class,
            SavepointExportCommand.class,
            SavepointImportCommand.class,
            HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
public final class SavepointCommand {

    static final String PATH =
            "Folder of a savepoint or of a retained checkpoint (chk-...), or its URI on a file"
                    + " system that Flink knows.";
}
