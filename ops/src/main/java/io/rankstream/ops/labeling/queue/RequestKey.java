package io.rankstream.ops.labeling.queue;

/** A request of an adapter. */
public record RequestKey(String adapterId, String requestId) {}
