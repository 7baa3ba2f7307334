package io.rankstream.adapters.state;

import io.rankstream.adapters.task.Score;

/**
 * Identity and progress of one adapter.
 *
 * @param adapterId the adapter's key
 * @param baseModel model that the adapter was made for
 * @param seed seed that every random draw of this adapter is derived from, with the step as counter
 * @param step optimizer steps taken
 * @param version last published version, 0 before the first
 * @param publishedStep step at which that version was taken
 * @param truncated examples whose text was cut at the token limit
 * @param score prequential score
 */
public record AdapterMeta(
        String adapterId,
        BaseModel baseModel,
        long seed,
        long step,
        long version,
        long publishedStep,
        long truncated,
        Score<?> score) {

    /**
     * One optimizer step later.
     *
     * @param moreTruncated examples of the step whose text was cut
     * @param newScore score with the step's examples
     */
    public AdapterMeta afterStep(long moreTruncated, Score<?> newScore) {
        return new AdapterMeta(
                adapterId,
                baseModel,
                seed,
                step + 1,
                version,
                publishedStep,
                truncated + moreTruncated,
                newScore);
    }

    /** One version later, which is taken at this step. */
    public AdapterMeta afterVersion() {
        return new AdapterMeta(
                adapterId, baseModel, seed, step, version + 1, step, truncated, score);
    }

    /** The same progress, with the next version after {@code published} or later. */
    AdapterMeta withVersionAfter(long published) {
        return new AdapterMeta(
                adapterId,
                baseModel,
                seed,
                step,
                Math.max(version, published),
                publishedStep,
                truncated,
                score);
    }

    /** The same progress, on the same base model under another name. */
    AdapterMeta withBaseModelName(String name) {
        return new AdapterMeta(
                adapterId,
                new BaseModel(name, baseModel.sha256(), baseModel.family()),
                seed,
                step,
                version,
                publishedStep,
                truncated,
                score);
    }

    /** The same progress with another score. */
    AdapterMeta withScore(Score<?> otherScore) {
        return new AdapterMeta(
                adapterId, baseModel, seed, step, version, publishedStep, truncated, otherScore);
    }

    /** The same progress under another id. */
    AdapterMeta withId(String otherId) {
        return new AdapterMeta(
                otherId, baseModel, seed, step, version, publishedStep, truncated, score);
    }
}
