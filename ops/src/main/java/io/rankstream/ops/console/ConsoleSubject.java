package io.rankstream.ops.console;

import java.util.OptionalLong;

/**
 * What a console shows.
 *
 * @param title what runs, in a few words
 * @param config configuration file of the job, for commands that the page tells
 * @param total examples that will come; empty where that is not known
 */
public record ConsoleSubject(String title, String config, OptionalLong total) {}
