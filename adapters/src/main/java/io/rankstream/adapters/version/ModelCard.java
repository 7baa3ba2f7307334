package io.rankstream.adapters.version;

import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.model.Family;
import io.rankstream.adapters.model.OwnHead;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.ModelClass;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.text.CardText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * {@value #FILE} of an adapter, in the form of a model card on Hugging Face: what it is, what it
 * was measured on, and how it is loaded in Python so that its numbers are Rankstream's. No clock:
 * the same adapter has the same card.
 */
public final class ModelCard {

    /** Name of the card in the folder that it describes. */
    public static final String FILE = "README.md";

    /** What a job takes where nothing is said. */
    private static final int DEFAULT_MAX_LENGTH = 128;

    private final AdapterState state;
    private final String folder;
    private final OptionalInt maxLength;

    private ModelCard(AdapterState state, String folder, OptionalInt maxLength) {
        this.state = state;
        this.folder = folder;
        this.maxLength = maxLength;
    }

    /**
     * Content of the card.
     *
     * @param folder where PEFT's files are, or the head of an adapter that is a head alone;
     *     relative to the card
     * @param maxLength token limit of a text that the adapter was trained with; empty where it is
     *     not known
     */
    public static byte[] of(AdapterState state, String folder, OptionalInt maxLength) {
        return new ModelCard(state, folder, maxLength).text().getBytes(StandardCharsets.UTF_8);
    }

    private String text() {
        List<String> sections = new ArrayList<>(List.of(frontMatter(), summary()));
        if (state.head().task().hasLabels()) {
            sections.add(labels());
        }
        sections.addAll(List.of(quality(), ranks(), limits(), use()));
        return String.join("\n", sections);
    }

    private boolean isHeadAlone() {
        return modules().modules().isEmpty();
    }

    private TripletLayout modules() {
        return state.triplets().layout();
    }

    private String frontMatter() {
        return """
                ---
                base_model: %s
                library_name: %s
                pipeline_tag: %s
                tags:
                - rankstream
                - %s
                %s---
                """
                .formatted(
                        CardText.yaml(state.meta().baseModel().name()),
                        isHeadAlone() ? "transformers" : "peft",
                        modelClass().pipeline(),
                        isHeadAlone() ? "linear-probe" : "lora",
                        metrics());
    }

    private String metrics() {
        if (state.meta().score().examples() == 0) {
            return "";
        }
        List<String> ids = state.head().task().card().hubMetrics();
        return "metrics:\n"
                + ids.stream().map(id -> "- " + id + "\n").collect(Collectors.joining());
    }

    private String summary() {
        AdapterMeta meta = state.meta();
        return """
                # Adapter %s, version %d

                %s: %s on the frozen base model %s. Rankstream learned it \
                from a stream of labeled examples in %d optimizer steps.
                """
                .formatted(
                        CardText.markdown(meta.adapterId()),
                        meta.version(),
                        state.head().task().card().summary(state.head().labels().active().size()),
                        isHeadAlone() ? head() : "low-rank updates and " + head(),
                        CardText.markdown(meta.baseModel().name()),
                        meta.step());
    }

    private String head() {
        return state.head().form() == HeadForm.LINEAR ? "a linear head" : "a head of two layers";
    }

    private String labels() {
        return "## Labels\n\n" + labels(state.head().task()) + retired();
    }

    private <T> String labels(Task<T> task) {
        LabelSet labels = state.head().labels();
        int[] active = labels.activeRows();
        List<String> names = labels.active();
        Optional<String> others = task.card().counts(task.own(state.meta().score()), labels);
        long[] examples = state.meta().score().labelCounts();
        StringBuilder table =
                new StringBuilder(
                        others.isPresent()
                                ? "| id | label |\n|---|---|\n"
                                : "| id | label | examples |\n|---|---|---|\n");
        for (int id = 0; id < active.length; id++) {
            table.append("| %d | %s |".formatted(id, CardText.markdown(names.get(id))));
            table.append(
                    others.isPresent() ? "\n" : " %s |\n".formatted(number(examples[active[id]])));
        }
        return table + others.map(counts -> "\n" + counts).orElse("");
    }

    private String retired() {
        List<String> retired = state.head().labels().retired();
        return retired.isEmpty()
                ? ""
                : retired.stream()
                        .map(CardText::markdown)
                        .collect(Collectors.joining(", ", "\nRetired, and never said: ", ".\n"));
    }

    private String quality() {
        if (state.meta().score().examples() == 0) {
            return """
                    ## Quality

                    Nothing was measured: no example was predicted yet.
                    """;
        }
        return "## Quality\n\n" + quality(state.head().task());
    }

    private <T> String quality(Task<T> task) {
        return task.card().quality(task.own(state.meta().score()));
    }

    private String ranks() {
        if (isHeadAlone()) {
            return """
                    ## Ranks

                    No module of the base model is adapted: the head alone was learned.
                    """;
        }
        int[] ranks = state.budget().liveRanks(modules().rank());
        StringBuilder rows = new StringBuilder();
        for (int k = 0; k < ranks.length; k++) {
            rows.append("| %s | %d |\n".formatted(modules().modules().get(k).name(), ranks[k]));
        }
        return """
                ## Ranks

                %s of %s triplets are in use, each module having started with %d.

                | module | rank |
                |---|---|
                %s"""
                .formatted(
                        number(state.budget().liveTriplets()),
                        number(modules().triplets()),
                        modules().rank(),
                        rows);
    }

    private String limits() {
        return """
                ## Limits

                - %s
                - The head reads %s.
                %s"""
                .formatted(
                        maxLength.isPresent()
                                ? "Texts are cut after %d tokens, special tokens included. %s of the examples learned from were longer."
                                        .formatted(
                                                maxLength.getAsInt(),
                                                number(state.meta().truncated()))
                                : "Texts are cut after a number of tokens that is not recorded here: take model.max-length of the job. %s of the examples learned from were longer."
                                        .formatted(number(state.meta().truncated())),
                        read(),
                        state.head().task().card().limits());
    }

    /** Whether transformers' own class reads the same and has the same layers. */
    private boolean isAsTransformers() {
        return state.head().form() == HeadForm.OWN
                || state.head().pooling() == Pooling.POOLER
                || (readsTokens() && family().ownHead().filter(OwnHead::isOfTokens).isEmpty());
    }

    /** Whether the head reads the vector of every token. */
    private boolean readsTokens() {
        return state.head().pooling() == Pooling.NONE;
    }

    private ModelClass modelClass() {
        return state.head().task().card().modelClass();
    }

    private String read() {
        String vectors =
                state.head().pooling().vectors()
                        + (state.head().pooling() == Pooling.MEAN ? " without padding" : "");
        if (isAsTransformers()) {
            return "%s, as %s computes it".formatted(vectors, modelClass().python());
        }
        return readsTokens()
                ? "%s, without the layer that %s has before its last one"
                        .formatted(vectors, modelClass().python())
                : "%s, not %s: %s alone computes something else"
                        .formatted(vectors, usual(), modelClass().python());
    }

    /** What a classifier of transformers reads. */
    private String usual() {
        return family().ownHead().isPresent()
                ? "what a layer of the head's own makes of the token vectors"
                : "the output of BERT's pooler";
    }

    private String use() {
        return """
                ## Use

                Run it in the folder of this file, with torch, transformers and %s.

                ```python
                %s```
                """
                .formatted(isHeadAlone() ? "safetensors" : "peft", snippet());
    }

    private String snippet() {
        return String.join("\n", isHeadAlone() ? ofHead() : ofPeft()) + "\n";
    }

    private List<String> ofPeft() {
        List<String> lines = new ArrayList<>();
        lines.add("import torch");
        lines.add("from peft import PeftModel");
        lines.add("from transformers import %s, AutoTokenizer".formatted(modelClass().python()));
        addConstants(lines);
        lines.add(
                "base = %s.from_pretrained(BASE, num_labels=%s, %signore_mismatched_sizes=True)"
                        .formatted(
                                modelClass().python(),
                                outputs(),
                                state.head()
                                        .task()
                                        .card()
                                        .problemType()
                                        .map("problem_type=\"%s\", "::formatted)
                                        .orElse("")));
        if (!isAsTransformers()) {
            family().ownHead().ifPresent(own -> replace(own, lines));
        }
        lines.add(
                "model = PeftModel.from_pretrained(base.float(), %s).eval()"
                        .formatted(CardText.python(folder)));
        addBatch(lines);
        if (isAsTransformers()) {
            lines.add(
                    switch (modelClass()) {
                        case SEQUENCE_CLASSIFICATION -> "    return model(**batch).logits";
                        case TOKEN_CLASSIFICATION -> "    return model(**batch).logits[0]";
                        case QUESTION_ANSWERING ->
                                "    return torch.stack(model.base_model(**batch)[:2], -1)[0]  # model itself drops token types";
                    });
        } else {
            lines.add(
                    "    tokens = model.base_model.model.%s(**batch).last_hidden_state"
                            .formatted(family().prefix().replace(".", "")));
            addPooled(lines);
            lines.add(
                    "    return model.base_model.model.%s(pooled)"
                            .formatted(modelClass().linearHead()));
        }
        addExample(lines);
        return lines;
    }

    /** Puts the linear head where the family's own is. */
    private void replace(OwnHead own, List<String> lines) {
        String linear = modelClass().linearHead();
        own.savedByClassifier().stream()
                .filter(module -> !module.equals(linear))
                .forEach(module -> lines.add("base.%s = None".formatted(module)));
        if (!own.out().equals(linear)) {
            lines.add(
                    "base.%s = torch.nn.Linear(base.config.hidden_size, %s)"
                            .formatted(linear, outputs()));
        }
    }

    /** How many the head has, in Python. */
    private String outputs() {
        return state.head().task().hasLabels()
                ? "len(LABELS)"
                : Integer.toString(state.head().bias().length);
    }

    private Family family() {
        return Family.of(state.meta().baseModel().family());
    }

    private List<String> ofHead() {
        List<String> lines = new ArrayList<>();
        lines.add("import torch");
        lines.add("from safetensors.torch import load_file");
        lines.add("from transformers import AutoModel, AutoTokenizer");
        addConstants(lines);
        lines.add("encoder = AutoModel.from_pretrained(BASE).float().eval()");
        lines.add("head = load_file(%s)".formatted(CardText.python(folder + "/model.safetensors")));
        addBatch(lines);
        if (state.head().pooling() == Pooling.POOLER) {
            lines.add("    pooled = encoder(**batch).pooler_output");
        } else {
            lines.add("    tokens = encoder(**batch).last_hidden_state");
            addPooled(lines);
        }
        String last = modelClass().linearHead();
        if (state.head().form() == HeadForm.OWN) {
            OwnHead own = family().ownHead().orElseThrow();
            String dense = own.norm().isPresent() ? product(own.dense()) : layer(own.dense());
            lines.add("    pooled = %s(%s)".formatted(own.activation().python(), dense));
            own.norm()
                    .ifPresent(
                            norm ->
                                    lines.add(
                                            "    pooled = torch.nn.functional.layer_norm(pooled, pooled.shape[-1:], head[\"%s\"], eps=encoder.config.norm_eps)"
                                                    .formatted(own.ofFeatures())));
            last = own.out();
        }
        lines.add("    return " + layer(last));
        addExample(lines);
        return lines;
    }

    private static String layer(String name) {
        return product(name) + " + head[\"%s.bias\"]".formatted(name);
    }

    private static String product(String name) {
        return "pooled @ head[\"%s.weight\"].T".formatted(name);
    }

    private void addConstants(List<String> lines) {
        lines.add("");
        lines.add("BASE = " + CardText.python(state.meta().baseModel().name()));
        if (state.head().task().hasLabels()) {
            lines.add(
                    state.head().labels().active().stream()
                            .map(CardText::python)
                            .collect(Collectors.joining(", ", "LABELS = [", "]")));
        }
        lines.add(
                maxLength.isPresent()
                        ? "MAX_LENGTH = " + maxLength.getAsInt()
                        : "MAX_LENGTH = %d  # not recorded: take model.max-length of the job"
                                .formatted(DEFAULT_MAX_LENGTH));
        lines.add("");
        lines.add("tokenizer = AutoTokenizer.from_pretrained(BASE)");
    }

    private void addBatch(List<String> lines) {
        lines.add("");
        lines.addAll(state.head().task().card().batch());
    }

    private void addPooled(List<String> lines) {
        if (readsTokens()) {
            lines.add("    pooled = tokens[0]");
        } else if (state.head().pooling() == Pooling.CLS) {
            lines.add("    pooled = tokens[:, 0]");
        } else {
            lines.add("    real = batch[\"attention_mask\"].unsqueeze(-1)");
            lines.add(
                    "    pooled = (tokens * real).sum(1) / real.sum(1)  # padding does not count");
        }
    }

    private void addExample(List<String> lines) {
        lines.add("");
        lines.addAll(state.head().task().card().example());
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
