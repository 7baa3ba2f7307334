package io.rankstream.job;

import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/** Marks of lines in the log. */
public final class LogMarkers {

    /** What an operator must know at once: the command line shows it on its console, too. */
    public static final Marker CONSOLE = MarkerFactory.getMarker("CONSOLE");

    private LogMarkers() {}
}
