package io.rankstream.ops.cli.savepoint;

import io.rankstream.job.savepoint.Savepoint;
import io.rankstream.job.savepoint.SavepointException;
import io.rankstream.ops.cli.option.ExitCode;
import io.rankstream.ops.cli.option.TableOrJson;
import io.rankstream.ops.savepoint.SavepointContent;
import io.rankstream.ops.savepoint.SavepointJson;
import io.rankstream.ops.savepoint.SavepointTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what a savepoint knows of its adapters. */
@Command(
        name = "inspect",
        description = {
            "Shows every adapter of a savepoint, by id: how far it is, how well it does, where its"
                    + " ranks are, and which modules matter most by the score that the triplets"
                    + " compete with. With -o json, every module.",
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class SavepointInspectCommand implements Callable<Integer> {

    @Parameters(paramLabel = "PATH", description = SavepointCommand.PATH)
    private String path;

    @Mixin private TableOrJson output;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException, SavepointException {
        Savepoint savepoint = Savepoint.at(path);
        SavepointContent content =
                new SavepointContent(savepoint.adapters(), savepoint.pendingExamples());
        PrintWriter out = spec.commandLine().getOut();
        out.print(output.isJson() ? SavepointJson.text(content) : SavepointTable.text(content));
        out.flush();
        return ExitCode.OK;
    }
}
