package io.rankstream.ops.cli.adapter;

import io.rankstream.adapters.comparison.AdapterDiff;
import io.rankstream.ops.adapter.AdapterFileException;
import io.rankstream.ops.adapter.AdapterSource;
import io.rankstream.ops.adapter.DiffJson;
import io.rankstream.ops.adapter.DiffTable;
import io.rankstream.ops.cli.option.ExitCode;
import io.rankstream.ops.cli.option.TableOrJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares two adapters. */
@Command(
        name = "diff",
        description = {
            "Compares two adapters: settings, live ranks, and how far the updates of the base model"
                    + " and the heads are apart. A difference is the Frobenius norm of A - B over"
                    + " the larger norm of the two: 0 is equal, 2 the most, - not comparable. Of a"
                    + " directory of PEFT, only what it holds is compared."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:nothing that is known of both differs",
            "  1:they differ, or an unexpected error",
            "  2:wrong usage, or one of them cannot be read"
        })
final class AdapterDiffCommand implements Callable<Integer> {

    @Parameters(
            index = "0",
            paramLabel = "A",
            description = "A snapshot, the folder of a published version, or a directory of PEFT.")
    private Path first;

    @Parameters(index = "1", paramLabel = "B", description = "Another one.")
    private Path second;

    @Mixin private TableOrJson output;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException, AdapterFileException {
        AdapterDiff diff =
                AdapterDiff.between(
                        new AdapterSource(first).compared(), new AdapterSource(second).compared());
        PrintWriter out = spec.commandLine().getOut();
        out.print(output.isJson() ? DiffJson.text(diff) : DiffTable.text(diff));
        out.flush();
        return diff.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }
}
