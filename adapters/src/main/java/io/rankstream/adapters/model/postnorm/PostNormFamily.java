package io.rankstream.adapters.model.postnorm;

import io.rankstream.adapters.model.Family;
import java.util.List;

/** A family whose encoder layers have the parts that {@link PostNormNames} names. */
public interface PostNormFamily extends Family {

    /** What it calls them. */
    PostNormNames layer();

    @Override
    default String layerPath() {
        return layer().path();
    }

    @Override
    default List<String> modules() {
        return layer().linearLayers();
    }

    @Override
    default List<String> linearLayers(int layer) {
        return layer().linearLayers(layer);
    }

    @Override
    default List<String> storedNames(String tensor) {
        return List.of(tensor, prefix() + tensor);
    }
}
