package io.rankstream.adapters.provenance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** LibraryVersions of the libraries that this module was built with. */
public final class LibraryVersions {

    private static final String RESOURCE = "versions.properties";

    private LibraryVersions() {}

    /** Version by library, sorted. */
    public static Map<String, String> read() {
        Properties properties = new Properties();
        try (InputStream stream = LibraryVersions.class.getResourceAsStream(RESOURCE)) {
            properties.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE + " on the class path cannot be read", e);
        }
        Map<String, String> versions = new TreeMap<>();
        for (String library : properties.stringPropertyNames()) {
            versions.put(library, properties.getProperty(library));
        }
        return versions;
    }
}
