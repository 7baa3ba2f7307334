package io.rankstream.ops.cli.dlq;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The records that a job has refused. */
@Command(
        name = "dlq",
        description = "Shows dead letters, and sends what they hold back to where it came from.",
        subcommands = {DlqPeekCommand.class, DlqReplayCommand.class, HelpCommand.class},
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
public final class DlqCommand {}
