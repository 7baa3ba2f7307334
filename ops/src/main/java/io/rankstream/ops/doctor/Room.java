package io.rankstream.ops.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * A folder that a job writes to.
 *
 * @param subject what it is for
 * @param place as it was given
 * @param state what was found there
 */
public record Room(String subject, String place, State state) {

    private static final long LEAST = 200 * Size.MIB;
    private static final long GOOD = 2 * Size.GIB;

    /** What was found at a place. */
    public sealed interface State {

        /**
         * On a disk of this machine.
         *
         * @param free bytes that this process may still write
         * @param writable whether it may write there, or make the folder
         */
        record Local(long free, boolean writable) implements State {}

        /** It is on no disk of this machine. */
        record Elsewhere() implements State {}

        /** It cannot be looked at. */
        record Unknown(String reason) implements State {}
    }

    /**
     * Looks at a folder, or at the nearest one above it that is there, and makes nothing.
     *
     * @param place path or URI
     */
    public static Room at(String subject, String place) {
        return new Room(subject, place, look(place));
    }

    private static State look(String place) {
        if (place.matches("[A-Za-z][A-Za-z0-9+.-]*:.*") && !place.startsWith("file:")) {
            return new State.Elsewhere();
        }
        try {
            Path nearest = path(place).toAbsolutePath().normalize();
            while (!Files.exists(nearest) && nearest.getParent() != null) {
                nearest = nearest.getParent();
            }
            return new State.Local(
                    Files.getFileStore(nearest).getUsableSpace(),
                    Files.isDirectory(nearest) && Files.isWritable(nearest));
        } catch (IOException | InvalidPathException e) {
            return new State.Unknown(e.toString());
        }
    }

    private static Path path(String place) {
        return Path.of(place.replaceFirst("^file:(//(?=/))?", ""));
    }

    public Finding finding() {
        if (state instanceof State.Local local) {
            return ofLocal(local);
        }
        return state instanceof State.Unknown unknown
                ? Finding.missing(
                        subject,
                        "%s cannot be looked at: %s; name another folder"
                                .formatted(place, unknown.reason()))
                : Finding.note(
                        subject,
                        place + ", which is on no disk of this machine: look there for room");
    }

    private Finding ofLocal(State.Local local) {
        if (!local.writable()) {
            return Finding.missing(
                    subject,
                    "%s cannot be written to: give this user the right, or name another folder"
                            .formatted(place));
        }
        String free = "%s free in %s".formatted(Size.of(local.free()), place);
        if (local.free() < LEAST) {
            return Finding.missing(
                    subject, free + ", which is full: make room, or name a folder of another disk");
        }
        return local.free() < GOOD
                ? Finding.note(subject, free + ", which is little: make room")
                : Finding.ok(subject, free);
    }
}
