package io.rankstream.ops.cli.adapter;

import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.PretrainedModel;
import io.rankstream.adapters.peft.HeadLabels;
import io.rankstream.adapters.peft.PeftAdapter;
import io.rankstream.adapters.peft.PeftHead;
import io.rankstream.adapters.peft.PeftImport;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.HeadKind;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.task.Tasks;
import io.rankstream.ops.adapter.AdapterFileException;
import io.rankstream.ops.adapter.AdapterSource;
import io.rankstream.ops.cli.option.LabelList;
import io.rankstream.ops.cli.option.TaskConverter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What a directory of PEFT does not say of an adapter that is made out of it. */
public final class PeftOptions {

    /**
     * An adapter that was read.
     *
     * @param state the adapter
     * @param model the build of its base model
     */
    public record Imported(AdapterState state, Architecture model) {}

    @Option(
            names = "--labels",
            paramLabel = "LABEL",
            converter = LabelList.Converter.class,
            description =
                    "Names of the classes in the head's order, "
                            + LabelList.RULE
                            + ". By default those in labels.json, which Rankstream writes.")
    private List<LabelList> labels = List.of();

    @Option(
            names = "--task",
            paramLabel = "TASK",
            converter = TaskConverter.class,
            description =
                    "What the head learned: classification, multi-label-classification, regression, which"
                            + " has one output and no labels, token-classification, or"
                            + " question-answering, whose head is qa_outputs. By default as labels.json"
                            + " says, else as PEFT's task_type and the head's name do: classification,"
                            + " token-classification or question-answering.")
    private Task<?> task;

    @Option(
            names = "--pooling",
            paramLabel = "mean|cls|pooler",
            description =
                    "What the head reads: the mean of the token vectors, the first one, or the"
                            + " output of BERT's pooler, as the head of a"
                            + " BertForSequenceClassification does. By default as labels.json says,"
                            + " else mean.")
    private Pooling pooling;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description =
                    "Base model, as a Hugging Face directory or a jar that model.directory may name."
                            + " By default the embedded all-MiniLM-L6-v2.")
    private String model;

    @Option(
            names = "--model-name",
            paramLabel = "NAME",
            description =
                    "What the adapter calls the base model. By default what"
                            + " base_model_name_or_path says, else the name of --model.")
    private String modelName;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description =
                    "Seed of what is drawn anew: triplets that PEFT pruned, and a head where there"
                            + " is none. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    /**
     * A new adapter at step 0. What is doubtful about it is said on standard error.
     *
     * @param directory what PEFT's {@code save_pretrained} wrote, or a published version has
     * @throws AdapterFileException if it lies in a published version that is not as it was
     */
    public Imported adapter(Path directory, String adapterId)
            throws IOException, AdapterFileException {
        new AdapterSource(directory).requireAsPublished();
        List<String> given = LabelList.all(labels, spec);
        PeftAdapter adapter = PeftAdapter.read(directory);
        PretrainedModel base = PretrainedModel.load(source());
        PeftImport importing = new PeftImport(adapter, base);
        HeadKind head = head(directory, adapter, base.architecture());
        AdapterState state =
                importing.toState(adapterId, labels(directory, adapter, head, given), head, seed);
        PrintWriter err = spec.commandLine().getErr();
        importing
                .warnings(head, HeadLabels.of(directory))
                .forEach(warning -> err.println("rankstream: warning: " + warning));
        err.flush();
        return new Imported(
                modelName == null ? state : state.withBaseModelName(modelName),
                base.architecture());
    }

    /**
     * Checks that no option is given where nothing is imported from PEFT.
     *
     * @param source what is read instead
     */
    public void requireNone(Path source) {
        for (String option :
                List.of("--labels", "--task", "--pooling", "--model", "--model-name", "--seed")) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw isOfPeft(option, source);
            }
        }
    }

    private ParameterException isOfPeft(String option, Path source) {
        return new ParameterException(
                spec.commandLine(),
                "%s is of a directory of PEFT, but %s is none: leave it out"
                        .formatted(option, source));
    }

    private ModelSource source() {
        return model == null ? new ModelSource.Embedded() : ModelSource.at(model);
    }

    private List<String> labels(
            Path directory, PeftAdapter adapter, HeadKind head, List<String> given)
            throws IOException {
        if (!given.isEmpty() || !head.task().hasLabels()) {
            return given;
        }
        Optional<HeadLabels> known = HeadLabels.of(directory);
        if (known.isEmpty()) {
            String classes =
                    adapter.head().isPresent()
                            ? "the %d classes of the head".formatted(adapter.head().get().outputs())
                            : "the classes of a new head";
            throw new ParameterException(
                    spec.commandLine(),
                    "%s does not name the labels: name %s with --labels"
                            .formatted(directory, classes));
        }
        return known.get().labels();
    }

    /** What labels.json says; of another directory, what its own head is, or else the usual. */
    private HeadKind head(Path directory, PeftAdapter adapter, Architecture base)
            throws IOException {
        Optional<HeadKind> known = HeadLabels.of(directory).map(HeadLabels::head);
        Task<?> learned = known.<Task<?>>map(HeadKind::task).orElseGet(() -> usualTask(adapter));
        Task<?> chosen = task == null || task.isSameBesideSettings(learned) ? learned : task;
        HeadForm form =
                known.map(HeadKind::form)
                        .or(() -> adapter.head().map(PeftHead::form))
                        .orElse(HeadForm.LINEAR);
        Optional<Pooling> ofOwn =
                form == HeadForm.OWN
                        ? Pooling.of(base.ownHead(), chosen.reading())
                        : Optional.empty();
        Pooling read =
                known.map(HeadKind::pooling)
                        .filter(said -> said.fits(chosen.reading(), form))
                        .or(() -> ofOwn)
                        .orElse(Pooling.usual(chosen.reading(), form));
        return new HeadKind(chosen, form, pooling == null ? read : pooling);
    }

    /** The first task of the class of transformers that the head is of. */
    private static Task<?> usualTask(PeftAdapter adapter) {
        return Tasks.ALL.stream()
                .filter(each -> each.card().modelClass() == adapter.modelClass())
                .findFirst()
                .orElseThrow();
    }
}
