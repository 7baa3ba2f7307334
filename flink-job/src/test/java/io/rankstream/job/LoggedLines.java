package io.rankstream.job;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** What a class logs while this is open. */
public final class LoggedLines extends AbstractAppender implements AutoCloseable {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<String> onConsole = new CopyOnWriteArrayList<>();
    private final Logger logger;

    private LoggedLines(Logger logger) {
        super("lines", null, null, false, Property.EMPTY_ARRAY);
        this.logger = logger;
    }

    /** Listens to a class from now on. */
    public static LoggedLines of(Class<?> speaker) {
        LoggedLines listening = new LoggedLines((Logger) LogManager.getLogger(speaker));
        listening.start();
        listening.logger.addAppender(listening);
        listening.logger.setLevel(Level.INFO); // last, since an appender brings the level in force
        return listening;
    }

    /** Level and text of each line. */
    public List<String> all() {
        return lines;
    }

    /** The same of the lines that the command line shows on its console. */
    public List<String> onConsole() {
        return onConsole;
    }

    @Override
    public void append(LogEvent event) {
        String line = event.getLevel() + " " + event.getMessage().getFormattedMessage();
        lines.add(line);
        if (event.getMarker() != null
                && event.getMarker().getName().equals(LogMarkers.CONSOLE.getName())) {
            onConsole.add(line);
        }
    }

    @Override
    public void close() {
        logger.removeAppender(this);
        stop();
    }
}
