package io.rankstream.adapters.peft;

import io.rankstream.adapters.state.LiveTriplets;

/**
 * What a directory of PEFT holds of one module.
 *
 * @param triplets its triplets; E is one factor for all where the directory is plain LoRA
 * @param live which of the adapter's initial triplets they are, ascending
 */
public record PeftModule(LiveTriplets triplets, boolean[] live) {}
