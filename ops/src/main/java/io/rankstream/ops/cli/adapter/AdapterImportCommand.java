package io.rankstream.ops.cli.adapter;

import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterId;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.ops.adapter.AdapterFileException;
import io.rankstream.ops.adapter.StartSettings;
import io.rankstream.ops.adapter.WholeFiles;
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

/** Makes a snapshot out of a directory of PEFT. */
@Command(
        name = "import",
        description = {
            "Makes an adapter at step 0 out of a directory that PEFT's save_pretrained wrote, and"
                    + " writes it as a snapshot. AdaLoRA and plain LoRA on the linear layers of a"
                    + " BERT, RoBERTa, XLM-R, DistilBERT, MPNet, DeBERTa or ModernBERT are"
                    + " understood; anything else is refused with the reason.",
            "The head is taken over as it is. Its logits are PEFT's if it reads here what it was"
                    + " trained on: with --pooling pooler, that of a BertForSequenceClassification,"
                    + " and with --pooling cls the own head, of two layers, of another family"
                    + " (mean where a ModernBERT's classifier_pooling says so)."
                    + " What is doubtful is said in warnings; the settings with which a job trains"
                    + " the adapter on are printed."
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

    @Mixin private PeftOptions peft;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException, AdapterFileException {
        AdapterIds.require(adapterId, spec);
        WholeFiles.requireFree(out);
        PeftOptions.Imported imported = peft.adapter(directory, adapterId);
        AdapterState state = imported.state();
        WholeFiles.writeFile(out, AdapterSnapshot.of(state));
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.printf(
                "Wrote %s: adapter '%s', %d of %d triplets live, adapted modules: %d, %s, pooling %s%n",
                out,
                adapterId,
                state.budget().liveTriplets(),
                state.triplets().layout().triplets(),
                state.triplets().layout().modules().size(),
                state.head().task().hasLabels()
                        ? "labels " + String.join(", ", state.head().labels().names())
                        : state.head().task().id(),
                state.head().pooling());
        stdout.print(StartSettings.of(state, imported.model(), out));
        stdout.flush();
        return ExitCode.OK;
    }
}
