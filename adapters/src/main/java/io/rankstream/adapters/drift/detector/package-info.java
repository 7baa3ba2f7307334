/**
 * How a rise of the share of surprises is found, by one of several detectors behind {@link
 * io.rankstream.adapters.drift.detector.ChangeDetector}: bets that it has risen (an e-detector,
 * Shin, Ramdas and Rinaldo 2023), or a window that is as long as nothing changes in it (ADWIN,
 * Bifet and Gavaldà 2007). {@link io.rankstream.adapters.drift.detector.LossQuantile} makes a
 * surprise of a number.
 */
@Internal
package io.rankstream.adapters.drift.detector;

import io.rankstream.adapters.api.Internal;
