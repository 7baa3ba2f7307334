package io.rankstream.adapters.settings;

import java.util.List;

/** An adapter cannot be trained with a base model or settings that it was not created with. */
public final class AdapterMismatchException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String difference;

    /**
     * @param differences each as the end of "it has", at least one
     */
    public AdapterMismatchException(String adapterId, List<String> differences) {
        super(
                "adapter '%s' has %s: an adapter keeps what it was created with; set it back, or give the new one another id"
                        .formatted(adapterId, String.join("; ", differences)));
        this.difference = String.join("; ", differences);
    }

    /** What the adapter has and what it was expected to have, as the end of "it has". */
    public String difference() {
        return difference;
    }
}
