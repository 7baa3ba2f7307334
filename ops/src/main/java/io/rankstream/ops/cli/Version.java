package io.rankstream.ops.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** Version as the build wrote it into the jar. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {"rankstream " + Objects.requireNonNullElse(version, "development")};
    }
}
