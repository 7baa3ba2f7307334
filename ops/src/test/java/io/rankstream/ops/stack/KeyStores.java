package io.rankstream.ops.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A new key with a certificate for 127.0.0.1, and a trust store for it, made by the JDK's keytool.
 *
 * @param keyStore PKCS 12, with the key
 * @param keyPassword password of the key store
 * @param trustStore PKCS 12, with the certificate
 * @param trustPassword password of the trust store
 */
public record KeyStores(Path keyStore, String keyPassword, Path trustStore, String trustPassword) {

    /** Makes both in a folder. */
    public static KeyStores make(Path folder) throws IOException, InterruptedException {
        KeyStores made =
                new KeyStores(
                        folder.resolve("key.p12"),
                        "Schluessel-5813",
                        folder.resolve("trust.p12"),
                        "Vertrauen-2134");
        Path certificate = folder.resolve("certificate.pem");
        keytool(
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=server",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                made.keyStore.toString(),
                "-storepass",
                made.keyPassword);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "server",
                "-file",
                certificate.toString(),
                "-keystore",
                made.keyStore.toString(),
                "-storepass",
                made.keyPassword);
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                "server",
                "-file",
                certificate.toString(),
                "-storetype",
                "PKCS12",
                "-keystore",
                made.trustStore.toString(),
                "-storepass",
                made.trustPassword);
        return made;
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("keytool failed: " + output);
        }
    }
}
