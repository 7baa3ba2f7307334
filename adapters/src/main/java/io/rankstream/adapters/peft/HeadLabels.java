package io.rankstream.adapters.peft;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.rankstream.adapters.files.JsonFault;
import io.rankstream.adapters.files.RegularFile;
import io.rankstream.adapters.files.StrictJson;
import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.HeadKind;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What {@value PeftExport#LABELS_FILE} says of a head, which PEFT's own files do not.
 *
 * @param labels names of the classes; none where the task has no labels
 * @param head task with its settings, layers and pooling of the head
 * @param maxLength token limit of a text; empty where it is not known
 */
public record HeadLabels(List<String> labels, HeadKind head, OptionalInt maxLength) {

    /** A million labels have a tenth of it. */
    private static final int LARGEST = 1 << 28;

    public HeadLabels {
        labels = List.copyOf(labels);
    }

    /** How token vectors become the one that the head reads. */
    public Pooling pooling() {
        return head.pooling();
    }

    /**
     * What is said of a directory of PEFT: by a file in it, or by the published version that it is
     * part of.
     *
     * @throws PeftException if there is such a file and it says something else
     */
    public static Optional<HeadLabels> of(Path directory) throws IOException {
        Path own = directory.resolve(PeftExport.LABELS_FILE);
        if (Files.isRegularFile(own)) {
            return Optional.of(read(own));
        }
        Path version = directory.toAbsolutePath().normalize().getParent();
        if (version != null && Files.isRegularFile(version.resolve(Manifest.FILE))) {
            return Optional.of(read(version.resolve(PeftExport.LABELS_FILE)));
        }
        return Optional.empty();
    }

    private static HeadLabels read(Path file) throws IOException {
        JsonNode json;
        try {
            json = StrictJson.read(RegularFile.read(file, LARGEST));
        } catch (JsonProcessingException e) {
            throw new PeftException(file + " is not JSON" + JsonFault.of(e), e);
        }
        List<String> labels = new ArrayList<>();
        JsonNode byId = json.path("id2label");
        for (int id = 0; byId.path(Integer.toString(id)).isTextual(); id++) {
            labels.add(byId.path(Integer.toString(id)).asText());
        }
        String pooling = json.path("pooling").asText();
        Optional<Pooling> known =
                Arrays.stream(Pooling.values()).filter(p -> p.name().equals(pooling)).findFirst();
        if (labels.size() != byId.size() || known.isEmpty()) {
            throw new PeftException(
                    file
                            + " does not name labels by ids from 0 on and a pooling of "
                            + Arrays.toString(Pooling.values())
                            + ", as Rankstream writes it");
        }
        HeadKind first = HeadKind.first(known.get());
        String task = said(json, "task", first.task().id());
        String form = said(json, "head", first.form().name());
        Optional<Task<?>> ofTask =
                Tasks.ALL.stream().filter(each -> each.id().equals(task)).findFirst();
        Optional<HeadForm> ofForm =
                Arrays.stream(HeadForm.values()).filter(f -> f.name().equals(form)).findFirst();
        if (ofTask.isEmpty() || ofForm.isEmpty()) {
            throw new PeftException(
                    "%s is of the task '%s' and the head '%s', expected one of %s and of %s: read it with the release of Rankstream that wrote it, or a newer one"
                            .formatted(
                                    file,
                                    task,
                                    form,
                                    Tasks.ALL.stream().map(Task::id).toList(),
                                    Arrays.toString(HeadForm.values())));
        }
        requireOneTask(ofTask.get(), json, file);
        JsonNode maxLength = json.path("maxLength");
        return new HeadLabels(
                labels,
                new HeadKind(told(ofTask.get(), json, file), ofForm.get(), known.get()),
                maxLength.isInt() ? OptionalInt.of(maxLength.intValue()) : OptionalInt.empty());
    }

    /** A field as it is written; {@code absent} where it is left out. */
    private static String said(JsonNode json, String field, String absent) {
        JsonNode value = json.path(field);
        return value.isMissingNode() ? absent : value.asText();
    }

    /** Checks that labels and type of problem are those of the task. */
    private static void requireOneTask(Task<?> task, JsonNode json, Path file)
            throws PeftException {
        JsonNode type = json.path("problem_type");
        String expected = task.card().problemType().orElse("");
        if (!type.isMissingNode() && !type.asText().equals(expected)) {
            throw new PeftException(
                    "%s is of the task '%s' and has the problem_type %s, expected %s: correct one of the two"
                            .formatted(
                                    file,
                                    task.id(),
                                    type,
                                    expected.isEmpty() ? "none" : '"' + expected + '"'));
        }
        if (!task.hasLabels() && !json.path("id2label").isMissingNode()) {
            throw new PeftException(
                    "%s is of the task '%s' and names labels, but a %s has none: correct one of the two"
                            .formatted(file, task.id(), task.id()));
        }
    }

    /** The task with the settings that the file has of it. */
    private static Task<?> told(Task<?> task, JsonNode json, Path file) throws PeftException {
        Map<String, Double> settings = new TreeMap<>();
        for (String name : task.settings().keySet()) {
            JsonNode value = json.path(name);
            if (!value.isMissingNode() && !value.isNumber()) {
                throw new PeftException(
                        "%s has the %s %s, expected a number".formatted(file, name, value));
            }
            if (value.isNumber()) {
                settings.put(name, value.doubleValue());
            }
        }
        try {
            return task.with(settings);
        } catch (IllegalArgumentException e) {
            throw new PeftException("in %s, %s".formatted(file, e.getMessage()), e);
        }
    }
}
