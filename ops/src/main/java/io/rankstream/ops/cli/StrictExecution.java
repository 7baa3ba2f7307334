package io.rankstream.ops.cli;

import io.rankstream.adapters.text.Program;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs what was parsed; asking for help does not excuse what is no command or option. Sentences
 * that name a command about the same job name its configuration.
 */
final class StrictExecution implements IExecutionStrategy {

    @Override
    public int execute(ParseResult parsed) {
        for (CommandLine command : parsed.asCommandLineList()) {
            List<String> unmatched = command.getParseResult().unmatched();
            if (!unmatched.isEmpty()) {
                throw new UnmatchedArgumentException(command, unmatched);
            }
        }
        nameConfig(parsed);
        return new RunLast().execute(parsed);
    }

    private static void nameConfig(ParseResult parsed) {
        List<CommandLine> commands = parsed.asCommandLineList();
        Path config =
                commands.get(commands.size() - 1)
                        .getParseResult()
                        .matchedOptionValue("--config", null);
        if (config == null) {
            System.clearProperty(Program.CONFIG_PROPERTY);
        } else {
            System.setProperty(Program.CONFIG_PROPERTY, config.toString());
        }
    }
}
