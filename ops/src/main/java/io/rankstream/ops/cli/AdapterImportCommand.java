package io.rankstream.ops.cli;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.PretrainedModel;
import io.rankstream.adapters.peft.HeadLabels;
import io.rankstream.adapters.peft.PeftAdapter;
import io.rankstream.adapters.peft.PeftImport;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterId;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.ops.adapter.AdapterFileException;
import io.rankstream.ops.adapter.WholeFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a snapshot out of a directory of PEFT. */
@Command(
        name = "import",
        description = {
            "Makes an adapter at step 0 out of a directory that PEFT's save_pretrained wrote, and"
                    + " writes it as a snapshot. AdaLoRA and plain LoRA on the linear layers of a"
                    + " BERT encoder are understood; anything else is refused with the reason.",
            "The head is taken over as it is. Its input here is the mean of the token vectors or the"
                    + " first one: a head that was trained on BERT's pooler has to be learned anew."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class AdapterImportCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "PEFT_DIR",
            description = "Directory with adapter_config.json and adapter_model.safetensors.")
    private Path directory;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "The snapshot; an existing file is not overwritten.")
    private Path out;

    @Option(
            names = "--adapter",
            paramLabel = "ID",
            required = true,
            description = "Id of the adapter: " + AdapterId.RULE + ".")
    private String adapterId;

    @Option(
            names = "--labels",
            paramLabel = "LABEL",
            split = ",",
            description =
                    "Names of the classes in the head's order, separated by commas. By default"
                            + " those in labels.json, which Rankstream writes.")
    private List<String> labels;

    @Option(
            names = "--pooling",
            paramLabel = "mean|cls",
            description =
                    "What the head reads: the mean of the token vectors, or the first one. By"
                            + " default as labels.json says, else mean.")
    private Pooling pooling;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description =
                    "Base model, as a Hugging Face directory of a BERT. By default the embedded"
                            + " all-MiniLM-L6-v2.")
    private String model;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description =
                    "Seed of what is drawn anew: triplets that PEFT pruned, and a head where there"
                            + " is none. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException, AdapterFileException {
        if (!AdapterId.isValid(adapterId)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--adapter is '%s', but an id is %s".formatted(adapterId, AdapterId.RULE));
        }
        WholeFiles.requireFree(out);
        PeftAdapter adapter = PeftAdapter.read(directory);
        AdapterState state =
                new PeftImport(adapter, PretrainedModel.load(source()))
                        .toState(adapterId, labels(adapter), pooling(), seed);
        WholeFiles.writeFile(out, AdapterSnapshot.of(state));
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.printf(
                "Wrote %s: adapter '%s', %d of %d triplets live, adapted modules: %d, labels %s, pooling %s%n",
                out,
                adapterId,
                state.budget().liveTriplets(),
                state.triplets().layout().triplets(),
                state.triplets().layout().modules().size(),
                String.join(", ", state.head().labels()),
                state.head().pooling());
        stdout.flush();
        return ExitCode.OK;
    }

    private ModelSource source() {
        return model == null ? new ModelSource.Embedded() : new ModelSource.Directory(model);
    }

    private List<String> labels(PeftAdapter adapter) throws IOException {
        if (labels != null) {
            return labels;
        }
        Optional<HeadLabels> known = HeadLabels.of(directory);
        if (known.isEmpty()) {
            String classes =
                    adapter.head().isPresent()
                            ? "the %d classes of the head".formatted(adapter.head().get().labels())
                            : "the classes of a new head";
            throw new ParameterException(
                    spec.commandLine(),
                    "%s does not name the labels: name %s with --labels"
                            .formatted(directory, classes));
        }
        return known.get().labels();
    }

    private Pooling pooling() throws IOException {
        if (pooling != null) {
            return pooling;
        }
        return HeadLabels.of(directory).map(HeadLabels::pooling).orElse(Pooling.MEAN);
    }
}
