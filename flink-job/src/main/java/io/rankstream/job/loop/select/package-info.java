/** Which inputs a label is asked for: mathematics alone. */
package io.rankstream.job.loop.select;
