/**
 * How the adapters of a job stand, as its outputs tell. What is projected changes through {@link
 * io.rankstream.ops.standing.Standings} alone, and whoever shows it reads the same types: that is
 * why they share a package.
 */
package io.rankstream.ops.standing;
