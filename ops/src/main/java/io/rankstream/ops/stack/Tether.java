package io.rankstream.ops.stack;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Main class of a child JVM that must not outlive its parent: it runs another main class and halts
 * when standard input ends, which the operating system sees to however the parent dies.
 *
 * <p>It depends on the JDK alone, so that it fits on any class path.
 */
public final class Tether {

    private Tether() {}

    /**
     * Runs the other main class, tied to the parent.
     *
     * @param args name of the main class to run, then its arguments
     */
    public static void main(String[] args) throws Throwable {
        Thread watch = new Thread(Tether::haltAtEndOfInput, "tether");
        watch.setDaemon(true);
        watch.start();
        String[] rest = Arrays.copyOfRange(args, 1, args.length);
        try {
            Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object) rest);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static void haltAtEndOfInput() {
        InputStream parent = System.in;
        try {
            while (parent.read() >= 0) {
                // The parent says nothing: only the end counts.
            }
        } catch (IOException e) {
            // A broken pipe is an end as well.
        }
        Runtime.getRuntime().halt(0);
    }
}
