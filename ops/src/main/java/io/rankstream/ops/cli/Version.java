package io.rankstream.ops.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** Version as the build wrote it into the jar. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"rankstream " + number()};
    }

    static String number() {
        return Objects.requireNonNullElse(
                Version.class.getPackage().getImplementationVersion(), "development");
    }
}
