package io.rankstream.ops.cli.savepoint;

import io.rankstream.adapters.peft.PeftAdapter;
import io.rankstream.adapters.state.AdapterId;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.job.savepoint.Savepoint;
import io.rankstream.job.savepoint.SavepointException;
import io.rankstream.ops.adapter.AdapterFileException;
import io.rankstream.ops.adapter.AdapterSource;
import io.rankstream.ops.cli.adapter.PeftOptions;
import io.rankstream.ops.cli.option.AdapterIds;
import io.rankstream.ops.cli.option.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts an adapter into a copy of a savepoint. */
@Command(
        name = "import",
        description = {
            "Writes a new savepoint that differs from another in one adapter: one that is added, or"
                    + " replaced with --replace. Offsets, pending examples, what the sinks were about"
                    + " to commit and all other adapters stay, and so does the old savepoint. Start"
                    + " the job from the new one with flink.execution.state-recovery.path."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class SavepointImportCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "PATH",
            description =
                    "Folder of a savepoint, or its URI on a file system that Flink knows; of a"
                            + " checkpoint, take a savepoint first.")
    private String path;

    @Option(
            names = "--adapter",
            paramLabel = "ID",
            required = true,
            description = "Id of the adapter in the savepoint: " + AdapterId.RULE + ".")
    private String adapterId;

    @Option(
            names = "--from",
            paramLabel = "SOURCE",
            required = true,
            description =
                    "A snapshot, the folder of a published version, or a directory of PEFT; the"
                            + " options below are of the latter alone.")
    private Path source;

    @Option(
            names = "--out",
            paramLabel = "NEW_PATH",
            required = true,
            description = "Folder of the new savepoint; one that is not empty is refused.")
    private String out;

    @Option(
            names = "--replace",
            description = "Let the adapter take the place of one that has the same id.")
    private boolean replace;

    @Mixin private PeftOptions peft;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException, AdapterFileException, SavepointException {
        AdapterIds.require(adapterId, spec);
        Savepoint savepoint = Savepoint.at(path);
        AdapterState written = savepoint.with(adapter(), replace, out);
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.printf(
                "Wrote %s: adapter '%s' at step %d, version %d, %d of %d triplets live%n",
                out,
                adapterId,
                written.meta().step(),
                written.meta().version(),
                written.budget().liveTriplets(),
                written.triplets().layout().triplets());
        stdout.flush();
        return ExitCode.OK;
    }

    private AdapterState adapter() throws IOException, AdapterFileException {
        if (PeftAdapter.isAt(source)) {
            return peft.adapter(source, adapterId).state();
        }
        peft.requireNone(source);
        return new AdapterSource(source).state().withId(adapterId);
    }
}
