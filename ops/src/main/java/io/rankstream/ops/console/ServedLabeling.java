package io.rankstream.ops.console;

import io.rankstream.ops.http.LocalServer;
import io.rankstream.ops.labeling.Labeling;
import java.net.URI;
import java.util.List;

/** The labeling page alone, for a job of which a console has nothing to show. */
public final class ServedLabeling implements Console {

    private final LocalServer server;
    private final Labeling labeling;

    private ServedLabeling(LocalServer server, Labeling labeling) {
        this.server = server;
        this.labeling = labeling;
    }

    /**
     * Serves it.
     *
     * @param port port of the loopback address; 0 for a free one
     * @param labeling where people label, closed with this or where this cannot be opened
     * @throws ConsoleException if the port cannot be had
     */
    public static ServedLabeling open(int port, Labeling labeling) throws ConsoleException {
        try {
            return new ServedLabeling(
                    ConsoleServer.listen(port, LocalServer.LIMIT, labeling.pages()), labeling);
        } catch (ConsoleException e) {
            labeling.close();
            throw e;
        }
    }

    /** Where the server is. */
    public URI address() {
        return server.address();
    }

    @Override
    public void tell(List<String> news, int restarts) {}

    @Override
    public void ended(String sentence) {}

    @Override
    public void close() {
        server.close();
        labeling.close();
    }
}
