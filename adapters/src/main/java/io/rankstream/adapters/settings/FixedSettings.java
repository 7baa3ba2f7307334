package io.rankstream.adapters.settings;

import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BaseModel;
import io.rankstream.adapters.task.HeadKind;
import io.rankstream.adapters.task.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * What an adapter keeps for its life; of its task that is all but the settings.
 *
 * @param baseModel model that it was made for
 * @param modules adapted modules in the order of the base model; none where the head alone learns
 * @param initRank initial rank of every module
 * @param alpha numerator of the scale
 * @param head its head
 */
public record FixedSettings(
        BaseModel baseModel, List<ModuleShape> modules, int initRank, double alpha, HeadKind head) {

    public FixedSettings {
        modules = List.copyOf(modules);
    }

    /** Those that an adapter has. */
    public static FixedSettings of(AdapterState state) {
        return new FixedSettings(
                state.meta().baseModel(),
                state.triplets().layout().modules(),
                state.triplets().layout().rank(),
                state.triplets().alpha(),
                state.head().kind());
    }

    /** Those that a new adapter of {@code template} gets. */
    public static FixedSettings of(
            BaseModel baseModel, Architecture model, TrainingTemplate template) {
        return new FixedSettings(
                baseModel,
                template.method().adaptsModules()
                        ? model.linearLayers(template.targetModules())
                        : List.of(),
                template.initRank(),
                template.alpha(),
                template.head());
    }

    /**
     * What of these settings of an adapter is otherwise in {@code expected}, each as the end of "it
     * has"; empty where the adapter can be trained with them.
     */
    public List<String> differences(FixedSettings expected) {
        List<String> differences = new ArrayList<>();
        if (!baseModel.sha256().equals(expected.baseModel.sha256())) {
            differences.add(difference("base model", baseModel, expected.baseModel));
        }
        if (!modules.equals(expected.modules)) {
            differences.add(difference("adapted modules", names(modules), names(expected.modules)));
        }
        if (initRank != expected.initRank) {
            differences.add(difference("initial rank", initRank, expected.initRank));
        }
        if (alpha != expected.alpha) {
            differences.add(difference("alpha", alpha, expected.alpha));
        }
        if (!expected.head.task().isSameBesideSettings(head.task())) {
            differences.add(ofTasks(head.task(), expected.head.task()));
        }
        if (head.form() != expected.head.form()) {
            differences.add(difference("head", head.form(), expected.head.form()));
        }
        if (head.pooling() != expected.head.pooling()) {
            differences.add(difference("pooling", head.pooling(), expected.head.pooling()));
        }
        return differences;
    }

    /** What is otherwise of an adapter that learns another task than it is to. */
    static String ofTasks(Task<?> found, Task<?> expected) {
        return difference("task", found.id(), expected.id());
    }

    private static String difference(String what, Object found, Object expected) {
        return "%s %s, expected %s".formatted(what, found, expected);
    }

    private static List<String> names(List<ModuleShape> modules) {
        return modules.stream().map(ModuleShape::name).toList();
    }
}
