package io.rankstream.ops.doctor;

import io.rankstream.ops.stack.Distribution;
import io.rankstream.ops.stack.StackException;
import java.util.List;
import java.util.Optional;

/**
 * What of Rankstream is installed.
 *
 * @param version of Rankstream
 * @param home where it is; empty if the process was not started from one
 * @param withoutHome why it is empty
 * @param withoutLocal why the local broker and registry are not there; empty if they are
 */
public record Installation(
        String version,
        Optional<String> home,
        Optional<String> withoutHome,
        Optional<String> withoutLocal) {

    /** Of this process. */
    public static Installation ofThisProcess(String version) {
        Distribution distribution;
        try {
            distribution = Distribution.locate();
        } catch (StackException e) {
            return new Installation(
                    version, Optional.empty(), Optional.of(e.getMessage()), Optional.empty());
        }
        Optional<String> home = Optional.of(distribution.home().toString());
        try {
            distribution.requireLocal();
            return new Installation(version, home, Optional.empty(), Optional.empty());
        } catch (StackException e) {
            return new Installation(version, home, Optional.empty(), Optional.of(e.getMessage()));
        }
    }

    /** A job needs neither; 'demo' and 'stack' do. */
    public List<Finding> findings() {
        if (home.isEmpty()) {
            return List.of(
                    Finding.note(
                            "Rankstream", version + ", " + withoutHome.orElse("not installed")));
        }
        return List.of(
                Finding.ok("Rankstream", version + " in " + home.get()),
                withoutLocal
                        .map(why -> Finding.note("local broker", why))
                        .orElseGet(() -> Finding.ok("local broker", "there, and its registry")));
    }
}
