package io.rankstream.adapters.training;

import io.rankstream.adapters.engine.EvenPortions;
import io.rankstream.adapters.tokens.Tokens;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What frozen adapters say of texts. Threads share the texts, whosever they are: nothing is added
 * up over an adapter, so its texts need not stay together. A single text has one thread: libtorch's
 * own wait for each other after every operation, which other work on the machine makes long.
 */
final class FrozenPass {

    /**
     * A text.
     *
     * @param batch position of its adapter's batch
     * @param position in that batch
     */
    private record Place(int batch, int position, Tokens text) {

        int tokens() {
            return text.count();
        }
    }

    private record Said(Place place, float[] logits) {}

    private FrozenPass() {}

    /** A row a text for each batch, in their order. */
    static List<float[][]> answer(
            EngineRuntime.LoadedModel model, List<FrozenAdapter.Texts> batches) {
        batches.forEach(batch -> batch.adapter().place());
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < batches.size(); i++) {
            List<Tokens> texts = batches.get(i).texts();
            for (int j = 0; j < texts.size(); j++) {
                places.add(new Place(i, j, texts.get(j)));
            }
        }
        List<List<Place>> portions = EvenPortions.of(places, Place::tokens, model.sharingThreads());
        List<List<Said>> said =
                model.threads().share(portions, portion -> pass(model, batches, portion));
        List<float[][]> answers =
                batches.stream().map(batch -> new float[batch.texts().size()][]).toList();
        said.stream()
                .flatMap(List::stream)
                .forEach(
                        one ->
                                answers.get(one.place().batch())[one.place().position()] =
                                        one.logits());
        return answers;
    }

    private static List<Said> pass(
            EngineRuntime.LoadedModel model,
            List<FrozenAdapter.Texts> batches,
            List<Place> places) {
        Map<FrozenAdapter, List<Place>> ofAdapter = new LinkedHashMap<>();
        for (Place place : places) {
            ofAdapter
                    .computeIfAbsent(
                            batches.get(place.batch()).adapter(), adapter -> new ArrayList<>())
                    .add(place);
        }
        List<ForwardPass.Part<FrozenAdapter.OnDevice>> parts = new ArrayList<>();
        ofAdapter.forEach(
                (adapter, own) ->
                        parts.add(
                                new ForwardPass.Part<>(
                                        adapter.device(), own.stream().map(Place::text).toList())));
        List<float[][]> logits = ForwardPass.read(model, parts, FrozenAdapter.OnDevice::logits);
        List<Said> said = new ArrayList<>();
        int part = 0;
        for (List<Place> own : ofAdapter.values()) {
            float[][] rows = logits.get(part++);
            for (int i = 0; i < rows.length; i++) {
                said.add(new Said(own.get(i), rows[i]));
            }
        }
        return said;
    }
}
