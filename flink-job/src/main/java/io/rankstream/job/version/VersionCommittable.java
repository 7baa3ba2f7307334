package io.rankstream.job.version;

/**
 * A version whose files are written and that its checkpoint makes visible. Arrays are never
 * modified.
 *
 * @param adapterId the adapter
 * @param version its version
 * @param path the version's folder, as {@link VersionFolder#path()} names it
 * @param manifest content of its manifest
 * @param announcement value of its announcement, an {@code AdapterVersion} in the wire format
 */
record VersionCommittable(
        String adapterId, long version, String path, byte[] manifest, byte[] announcement) {}
