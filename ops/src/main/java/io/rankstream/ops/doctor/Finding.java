package io.rankstream.ops.doctor;

/**
 * One thing that was looked at.
 *
 * @param mark what it means for a job
 * @param subject what was looked at
 * @param fact what was found, and what to do where it is not as it should be; one line, no secret
 */
public record Finding(Mark mark, String subject, String fact) {

    /** What a finding means for a job. */
    public enum Mark {
        /** It is as a job needs it. */
        OK,
        /** A job runs without it, or less well. */
        NOTE,
        /** A job cannot run. */
        MISSING
    }

    public Finding {
        fact = fact.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    static Finding ok(String subject, String fact) {
        return new Finding(Mark.OK, subject, fact);
    }

    static Finding note(String subject, String fact) {
        return new Finding(Mark.NOTE, subject, fact);
    }

    public static Finding missing(String subject, String fact) {
        return new Finding(Mark.MISSING, subject, fact);
    }

    /** Mark, subject and fact in columns. */
    public String line() {
        return "%-7s  %-24s  %s".formatted(word(), subject, fact);
    }

    private String word() {
        return switch (mark) {
            case OK -> "ok";
            case NOTE -> "note";
            case MISSING -> "missing";
        };
    }
}
