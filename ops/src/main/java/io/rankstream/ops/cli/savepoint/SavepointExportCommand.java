package io.rankstream.ops.cli.savepoint;

import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.version.AdapterFiles;
import io.rankstream.job.savepoint.Savepoint;
import io.rankstream.job.savepoint.SavepointException;
import io.rankstream.ops.adapter.AdapterFileException;
import io.rankstream.ops.adapter.WholeFiles;
import io.rankstream.ops.cli.adapter.TokenLimit;
import io.rankstream.ops.cli.option.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes an adapter of a savepoint as the folder of a version. */
@Command(
        name = "export",
        description = {
            "Writes an adapter of a savepoint as the files that a published version has. Its"
                    + " provenance.json has no hyperparameters, which the savepoint does not know."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class SavepointExportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "PATH", description = SavepointCommand.PATH)
    private String path;

    @Option(
            names = "--adapter",
            paramLabel = "ID",
            required = true,
            description = "Id of the adapter.")
    private String adapterId;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "The folder; one that is not empty is refused.")
    private Path out;

    @Option(
            names = "--max-length",
            paramLabel = "TOKENS",
            description =
                    "Token limit of a text that the job has, model.max-length, for labels.json and"
                            + " README.md. Not told there by default.")
    private Integer maxLength;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException, AdapterFileException, SavepointException {
        WholeFiles.requireFreeFolder(out);
        AdapterState adapter = Savepoint.at(path).adapter(adapterId);
        WholeFiles.writeFolder(out, files(adapter));
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.printf(
                "Wrote %s: adapter '%s' at step %d, %d of %d triplets live%n",
                out,
                adapterId,
                adapter.meta().step(),
                adapter.budget().liveTriplets(),
                adapter.triplets().layout().triplets());
        stdout.flush();
        return ExitCode.OK;
    }

    private SortedMap<String, byte[]> files(AdapterState adapter) throws AdapterFileException {
        try {
            SortedMap<String, byte[]> files =
                    AdapterFiles.of(adapter, TokenLimit.of(maxLength, spec));
            files.put(Manifest.FILE, Manifest.of(adapter, files));
            return files;
        } catch (IllegalArgumentException e) {
            throw new AdapterFileException(
                    "adapter '%s' of %s cannot be exported: %s"
                            .formatted(adapterId, path, e.getMessage()));
        }
    }
}
