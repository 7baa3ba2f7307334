package io.rankstream.ops.fault;

import java.io.IOException;

/** Signals that freeze and thaw a process; Java has none of its own for that. */
enum Signal {
    /** Freezes a process: it holds its connections and answers nobody. */
    STOP,
    /** Lets a frozen process go on as if nothing had happened. */
    CONT;

    void to(long pid) throws IOException, InterruptedException {
        Tool.run("kill", "-" + name(), Long.toString(pid));
    }
}
