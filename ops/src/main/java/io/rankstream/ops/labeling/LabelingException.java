package io.rankstream.ops.labeling;

import java.io.IOException;

/** People cannot label here; the message is one sentence for the user. */
public final class LabelingException extends IOException {

    private static final long serialVersionUID = 1L;

    LabelingException(String message, Throwable cause) {
        super(message, cause);
    }
}
