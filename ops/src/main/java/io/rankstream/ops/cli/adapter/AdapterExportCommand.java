package io.rankstream.ops.cli.adapter;

import io.rankstream.adapters.peft.PeftExport;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.version.AdapterFiles;
import io.rankstream.adapters.weights.safetensors.FloatType;
import io.rankstream.ops.adapter.AdapterFileException;
import io.rankstream.ops.adapter.AdapterSource;
import io.rankstream.ops.adapter.WholeFiles;
import io.rankstream.ops.cli.option.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes an adapter as a directory of PEFT. */
@Command(
        name = "export",
        description = {
            "Writes an adapter as a directory that PEFT's from_pretrained reads, with labels.json"
                    + " beside PEFT's files, and README.md, which shows how to load it so that its"
                    + " numbers are the same. What only PEFT's trainer reads (schedule, decays,"
                    + " regulariser, dropout) has PEFT's defaults there: no training goes on from"
                    + " it."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class AdapterExportCommand implements Callable<Integer> {

    private enum Format {
        ADALORA,
        LORA
    }

    private enum Ranks {
        UNIFORM,
        OWN
    }

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
    private Format format;

    @Option(
            names = "--ranks",
            paramLabel = "uniform|own",
            description =
                    "uniform: one rank for all modules of a plain LoRA, which every server reads."
                            + " own: each module's own, in PEFT's rank_pattern and alpha_pattern,"
                            + " which is smaller. Default: uniform.")
    private Ranks ranks;

    @Option(
            names = "--dtype",
            paramLabel = "f32|bf16",
            defaultValue = "f32",
            description =
                    "Type of the numbers; bf16 rounds to the nearest. Default: ${DEFAULT-VALUE}.")
    private FloatType type;

    @Option(
            names = "--model-name",
            paramLabel = "NAME",
            description =
                    "What the files call the base model, such as its name on Hugging Face. By"
                            + " default what the adapter calls it.")
    private String modelName;

    @Option(
            names = "--max-length",
            paramLabel = "TOKENS",
            description =
                    "Token limit of a text, model.max-length of the job, for labels.json and"
                            + " README.md. By default what a version tells; a snapshot does not.")
    private Integer maxLength;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException, AdapterFileException {
        PeftExport.Format form = form();
        OptionalInt given = TokenLimit.of(maxLength, spec);
        WholeFiles.requireFreeFolder(out);
        AdapterSource adapter = new AdapterSource(source);
        AdapterState state = adapter.state();
        WholeFiles.writeFolder(
                out,
                files(
                        modelName == null ? state : state.withBaseModelName(modelName),
                        form,
                        given.isPresent() ? given : adapter.maxLength()));
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.println("Wrote " + out);
        stdout.flush();
        return ExitCode.OK;
    }

    private PeftExport.Format form() {
        if (format == Format.LORA) {
            return ranks == Ranks.OWN ? PeftExport.Format.LORA_OWN_RANKS : PeftExport.Format.LORA;
        }
        if (ranks != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--ranks is of --format lora: adalora has each module's own rank already; leave it out");
        }
        return PeftExport.Format.ADALORA;
    }

    private SortedMap<String, byte[]> files(
            AdapterState state, PeftExport.Format form, OptionalInt limit)
            throws AdapterFileException {
        try {
            return AdapterFiles.export(state, form, type, limit);
        } catch (IllegalArgumentException e) {
            throw new AdapterFileException(source + " cannot be exported: " + e.getMessage());
        }
    }
}
