/** Files that are not what was expected: what downloads and copies leave, and broken text. */
package io.rankstream.adapters.files;
