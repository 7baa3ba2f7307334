/** Which libtorch a process computes with. */
package io.rankstream.adapters.engine;
