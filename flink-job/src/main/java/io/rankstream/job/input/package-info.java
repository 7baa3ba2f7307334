/**
 * Inputs without a label, and what was predicted of them: what decoding hands to prediction, and
 * prediction to whoever asks people. Both go from operator to operator and wait in state, so their
 * serializers have formats.
 */
package io.rankstream.job.input;
