package io.rankstream.adapters.training;

import java.util.ArrayList;
import java.util.List;

/** What an adapter has that base model and configuration have otherwise. */
final class Differences {

    private final List<String> found = new ArrayList<>();

    void compare(String what, Object ofAdapter, Object expected) {
        if (!ofAdapter.equals(expected)) {
            found.add(
                    "%s %s, but base model and configuration have %s"
                            .formatted(what, ofAdapter, expected));
        }
    }

    void requireNone(String adapterId) {
        if (!found.isEmpty()) {
            throw new AdapterMismatchException(adapterId, found);
        }
    }
}
