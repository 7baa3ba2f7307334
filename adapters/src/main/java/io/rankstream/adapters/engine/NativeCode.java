package io.rankstream.adapters.engine;

import ai.djl.engine.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * DJL's native code on the class path.
 *
 * @param pytorch version of the PyTorch that it was built for, such as {@code 2.7.1}
 * @param djl version of DJL
 */
record NativeCode(String pytorch, String djl) {

    /** Its flavors for Linux. */
    static final String CPU = "cpu";

    static final String CUDA = "cu128";

    private static final String RESOURCE = "jnilib/pytorch.properties";

    /** What is on the class path. */
    static NativeCode bundled() {
        Properties properties = new Properties();
        try (InputStream stream = Engine.class.getClassLoader().getResourceAsStream(RESOURCE)) {
            properties.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE + " on the class path cannot be read", e);
        }
        String[] versions = properties.getProperty("jni_version").split("-", 2);
        return new NativeCode(versions[0], versions[1]);
    }

    /** File beside a libtorch that DJL takes instead of its own. */
    String fileBesideLibtorch() {
        return djl + "-libdjl_torch.so";
    }
}
