package io.rankstream.adapters.comparison;

import io.rankstream.adapters.peft.HeadLabels;
import io.rankstream.adapters.peft.PeftAdapter;
import io.rankstream.adapters.peft.PeftHead;
import io.rankstream.adapters.peft.PeftModule;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.state.LiveTriplets;
import io.rankstream.adapters.task.Tasks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What can be compared of an adapter, wherever it was read.
 *
 * @param settings what is known of its settings and progress, by name
 * @param modules its update of the base model
 * @param labels names of the head's rows; empty where they are not known
 * @param head its head without retired labels, if it has one
 * @param state its whole state; empty for a directory of PEFT, which lacks most of it
 */
public record ComparedAdapter(
        Map<String, String> settings,
        List<LiveTriplets> modules,
        List<String> labels,
        Optional<PeftHead> head,
        Optional<AdapterState> state) {

    /** An adapter of which everything is known. */
    public static ComparedAdapter of(AdapterState state) {
        AdapterMeta meta = state.meta();
        HeadState head = state.jointHead().active();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("adapter", meta.adapterId());
        settings.put("base model", meta.baseModel().name());
        settings.put("base model's SHA-256", meta.baseModel().sha256());
        settings.put("labels", sorted(head.labels().names()));
        settings.put("retired labels", sorted(state.head().labels().retired()));
        settings.put("task", Tasks.spelled(head.task()));
        settings.put("head", head.form().name());
        settings.put("pooling", head.pooling().name());
        settings.put("initial rank", Integer.toString(state.triplets().layout().rank()));
        settings.put("alpha", Double.toString(state.triplets().alpha()));
        settings.put("seed", Long.toString(meta.seed()));
        settings.put("step", Long.toString(meta.step()));
        settings.put("version", Long.toString(meta.version()));
        settings.put("budget", Integer.toString(state.budget().budget()));
        settings.put("examples", Long.toString(meta.score().examples()));
        return new ComparedAdapter(
                settings,
                LiveTriplets.of(state),
                head.labels().names(),
                Optional.of(PeftHead.of(head)),
                Optional.of(state));
    }

    /**
     * An adapter of which a directory of PEFT is known.
     *
     * @param labels what is known of its head
     */
    public static ComparedAdapter of(PeftAdapter adapter, Optional<HeadLabels> labels) {
        Map<String, String> settings = new LinkedHashMap<>();
        if (!adapter.baseModel().isEmpty()) {
            settings.put("base model", adapter.baseModel());
        }
        labels.ifPresent(
                known -> {
                    settings.put("labels", sorted(known.labels()));
                    settings.put("task", Tasks.spelled(known.head().task()));
                    settings.put("pooling", known.pooling().name());
                });
        settings.put("initial rank", Integer.toString(adapter.rank()));
        settings.put("alpha", Double.toString(adapter.alpha()));
        return new ComparedAdapter(
                settings,
                adapter.modules().stream().map(PeftModule::triplets).toList(),
                labels.map(HeadLabels::labels).orElse(List.of()),
                adapter.head(),
                Optional.empty());
    }

    /** Their order is of no account. */
    private static String sorted(List<String> labels) {
        return labels.stream().map(LabelSet::normal).sorted().collect(Collectors.joining(", "));
    }
}
