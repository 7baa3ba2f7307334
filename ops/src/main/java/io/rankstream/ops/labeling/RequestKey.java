package io.rankstream.ops.labeling;

/** A request of an adapter. */
record RequestKey(String adapterId, String requestId) {}
