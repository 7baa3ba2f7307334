package io.rankstream.ops.serve.version;

import java.time.Instant;

/**
 * A version that could not be used.
 *
 * @param reason why, as a sentence
 * @param since when that was found last
 */
public record RefusedVersion(VersionId id, String reason, Instant since) {}
