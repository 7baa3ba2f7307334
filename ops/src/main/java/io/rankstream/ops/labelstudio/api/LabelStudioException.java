package io.rankstream.ops.labelstudio.api;

import java.io.IOException;

/** Label Studio did not do what it was asked to; the message is one sentence for the user. */
public final class LabelStudioException extends IOException {

    private static final long serialVersionUID = 1L;

    /** What a call can have come to nothing by. */
    public enum Kind {
        /** It may work later. Whether the call had an effect is not known. */
        TRANSIENT,
        /** What it names is not there. */
        GONE,
        /** Label Studio takes what it was sent for wrong. */
        REFUSED,
        /** The token is not let in, or may not do that. */
        FORBIDDEN,
        /** What answers is no Label Studio. */
        FOREIGN
    }

    private final Kind kind;

    LabelStudioException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What it came to nothing by. */
    public Kind kind() {
        return kind;
    }
}
