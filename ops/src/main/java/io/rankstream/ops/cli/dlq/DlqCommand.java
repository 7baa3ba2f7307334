package io.rankstream.ops.cli.dlq;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The records that could not be learned from. */
@Command(
        name = "dlq",
        description = "Shows dead letters, and sends what they hold back to be learned from.",
        subcommands = {DlqPeekCommand.class, DlqReplayCommand.class, HelpCommand.class},
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
public final class DlqCommand {}
