/** What of Label Studio's HTTP API the bridge uses, as Label Studio 1.23 answers it. */
package io.rankstream.ops.labelstudio.api;
