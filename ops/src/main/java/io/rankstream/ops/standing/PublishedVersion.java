package io.rankstream.ops.standing;

import io.rankstream.schemas.AdapterVersion;
import java.time.Instant;

/**
 * A version of an adapter that was announced.
 *
 * @param time when it was announced
 * @param announcement what was said of it
 */
public record PublishedVersion(Instant time, AdapterVersion announcement) {}
