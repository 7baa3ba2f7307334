package io.rankstream.ops.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** Adapters in the state of a job that does not run. */
@Command(
        name = "savepoint",
        description = "Shows, exports and imports adapters in a savepoint, without its job.",
        subcommands = {
            SavepointInspectCommand.class,
            SavepointExportCommand.class,
            SavepointImportCommand.class,
            HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class SavepointCommand {

    static final String PATH =
            "Folder of a savepoint or of a retained checkpoint (chk-...), or its URI on a file"
                    + " system that Flink knows.";
}
