package io.rankstream.adapters.settings;

import java.util.List;

/** An adapter cannot be trained with a base model or settings that it was not created with. */
public final class AdapterMismatchException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * @param differences each as the end of "it has", at least one
     */
    public AdapterMismatchException(String adapterId, List<String> differences) {
        super(message(adapterId, differences));
    }

    /**
     * Why an adapter cannot be trained, and what to do.
     *
     * @param differences each as the end of "it has", at least one
     */
    public static String message(String adapterId, List<String> differences) {
        return "adapter '%s' has %s: an adapter keeps what it was created with; set it back, or give the new one another id"
                .formatted(adapterId, String.join("; ", differences));
    }
}
