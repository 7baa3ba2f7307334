package io.rankstream.adapters.state;

/**
 * Identity and progress of one adapter.
 *
 * @param adapterId the adapter's key
 * @param seed seed that every random draw of this adapter is derived from, with the step as counter
 * @param step optimizer steps taken
 * @param version last published version, 0 before the first
 * @param publishedStep step at which that version was taken
 * @param truncated examples whose text was cut at the token limit
 * @param score prequential score
 */
public record AdapterMeta(
        String adapterId,
        long seed,
        long step,
        long version,
        long publishedStep,
        long truncated,
        PrequentialScore score) {}
