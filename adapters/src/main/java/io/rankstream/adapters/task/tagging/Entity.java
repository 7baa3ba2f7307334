package io.rankstream.adapters.task.tagging;

import io.rankstream.adapters.task.Target.Span;

/**
 * A part of a text that is of a kind.
 *
 * @param start its first character
 * @param end the character after its last one
 * @param row that of the tag which begins the kind
 */
record Entity(int start, int end, int row) {

    Span told(TagRows tags) {
        return new Span(start, end, tags.kind(row).orElseThrow());
    }
}
