/** What downloads and copies leave where a file was expected. */
package io.rankstream.adapters.files;
