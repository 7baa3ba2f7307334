package io.rankstream.ops.labeling.queue;

/** An input of an adapter, which may be asked about more than once. */
record InputKey(String adapterId, String exampleId) {}
