package io.rankstream.ops.cli.adapter;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** Adapters as files: in from PEFT, out to PEFT, and side by side. */
@Command(
        name = "adapter",
        description = "Imports, exports and compares adapters.",
        subcommands = {
            AdapterImportCommand.class,
            AdapterExportCommand.class,
            AdapterDiffCommand.class,
            HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
public final class AdapterCommand {}
