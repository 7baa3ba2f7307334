package io.rankstream.ops.cli;

import io.rankstream.adapters.peft.PeftExport;
import io.rankstream.adapters.safetensors.FloatType;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.ops.adapter.AdapterFileException;
import io.rankstream.ops.adapter.AdapterSource;
import io.rankstream.ops.adapter.WholeFiles;
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

/** Writes an adapter as a directory of PEFT. */
@Command(
        name = "export",
        description = {
            "Writes an adapter as a directory that PEFT's from_pretrained reads, with labels.json"
                    + " beside PEFT's files. What only PEFT's trainer reads (schedule, decays,"
                    + " regulariser, dropout) has PEFT's defaults there: no training goes on from"
                    + " it."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class AdapterExportCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "SOURCE",
            description = "A snapshot, or the folder of a published version.")
    private Path source;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "The directory; one that is not empty is refused.")
    private Path out;

    @Option(
            names = "--format",
            paramLabel = "adalora|lora",
            defaultValue = "adalora",
            description =
                    "adalora: live triplets and their pattern. lora: a plain LoRA of equal effect."
                            + " Default: ${DEFAULT-VALUE}.")
    private PeftExport.Format format;

    @Option(
            names = "--dtype",
            paramLabel = "f32|bf16",
            defaultValue = "f32",
            description =
                    "Type of the numbers; bf16 rounds to the nearest. Default: ${DEFAULT-VALUE}.")
    private FloatType type;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException, AdapterFileException {
        WholeFiles.requireFreeFolder(out);
        WholeFiles.writeFolder(out, files(new AdapterSource(source).state()));
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.println("Wrote " + out);
        stdout.flush();
        return ExitCode.OK;
    }

    private SortedMap<String, byte[]> files(AdapterState state) throws AdapterFileException {
        try {
            SortedMap<String, byte[]> files = PeftExport.of(state, format, type);
            files.put(PeftExport.LABELS_FILE, PeftExport.labels(state.head()));
            return files;
        } catch (IllegalArgumentException e) {
            throw new AdapterFileException(source + " cannot be exported: " + e.getMessage());
        }
    }
}
