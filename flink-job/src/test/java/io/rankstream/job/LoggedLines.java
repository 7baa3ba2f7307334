package io.rankstream.job;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** What a class logs, while this is open, that the command line shows on its console. */
public final class LoggedLines extends AbstractAppender implements AutoCloseable {

    private final List<String> lines = new CopyOnWriteArrayList<>();
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

    /** Level and text of each line that is for the console. */
    public List<String> onConsole() {
        return lines;
    }

    @Override
    public void append(LogEvent event) {
        if (event.getMarker() != null
                && event.getMarker().getName().equals(LogMarkers.CONSOLE.getName())) {
            lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
        }
    }

    @Override
    public void close() {
        logger.removeAppender(this);
        stop();
    }
}
