package io.rankstream.adapters.weights.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Whatever stands in a file: it is read, or refused as malformed, and nothing else happens. */
class SafetensorsFuzzTest {

    private Path path;
    private FileChannel channel;

    @BeforeProperty
    void createFile() throws IOException {
        path = Files.createTempFile("fuzz", ".safetensors");
        channel = FileChannel.open(path, StandardOpenOption.WRITE);
    }

    @AfterProperty
    void deleteFile() throws IOException {
        channel.close();
        Files.delete(path);
    }

    /**
     * A change to one byte.
     *
     * @param at where, as a share of the file
     * @param value the new byte
     */
    record Flip(double at, byte value) {}

    @Property
    void anyBytesAreReadOrRefused(@ForAll byte[] bytes) throws IOException {
        readOrRefuse(bytes);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void anyHeaderIsReadOrRefused(@ForAll("headers") String header) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        readOrRefuse(
                ByteBuffer.allocate(8 + json.length + 8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(json.length)
                        .put(json)
                        .array());
    }

    @Property
    void aDamagedFileIsReadOrRefused(
            @ForAll("flips") List<Flip> flips, @ForAll("shares") double kept) throws IOException {
        byte[] bytes =
                new SafetensorsWriter()
                        .put("encoder.weight", new int[] {2, 3}, new float[6])
                        .put("encoder.bias", new int[] {3}, new float[3])
                        .toBytes();
        for (Flip flip : flips) {
            bytes[(int) (flip.at() * (bytes.length - 1))] = flip.value();
        }
        readOrRefuse(Arrays.copyOf(bytes, (int) (kept * bytes.length)));
    }

    private void readOrRefuse(byte[] bytes) throws IOException {
        // Cut to the new length, never to nothing, which some file systems answer with a flush.
        channel.write(ByteBuffer.wrap(bytes), 0);
        channel.truncate(bytes.length);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            for (String name : file.names()) {
                assertThat(file.floats(name)).isNotNull();
            }
        } catch (SafetensorsException e) {
            assertThat(e).hasMessageContaining(path.toString());
        }
    }

    @Provide
    Arbitrary<List<Flip>> flips() {
        Arbitrary<Flip> flip =
                Combinators.combine(Arbitraries.doubles().between(0, 1), Arbitraries.bytes())
                        .as(Flip::new);
        return flip.list().ofMaxSize(4);
    }

    /** Mostly a whole file, since one that is cut off is refused for that. */
    @Provide
    Arbitrary<Double> shares() {
        return Arbitraries.oneOf(Arbitraries.just(1.0), Arbitraries.doubles().between(0, 1));
    }

    /** JSON that resembles a header, with values of wrong kinds and sizes in any place. */
    @Provide
    Arbitrary<String> headers() {
        Arbitrary<String> name = Arbitraries.of("a", "b", "__metadata__", "", "\\ud800");
        Arbitrary<String> field =
                Combinators.combine(name, Arbitraries.oneOf(entries(), values()))
                        .as((key, value) -> "\"" + key + "\":" + value);
        return field.list().ofMaxSize(3).map(fields -> "{" + String.join(",", fields) + "}");
    }

    private static Arbitrary<String> entries() {
        Arbitrary<String> type =
                mostly(4, Arbitraries.of("\"F32\"", "\"BF16\"", "\"U8\"", "\"I64\""));
        Arbitrary<String> numbers = mostly(6, numberLists());
        return Combinators.combine(type, numbers, numbers)
                .as("{\"dtype\":%s,\"shape\":%s,\"data_offsets\":%s}"::formatted);
    }

    private static Arbitrary<String> numberLists() {
        Arbitrary<String> small = Arbitraries.of("0", "1", "2", "4", "8");
        Arbitrary<String> any = Arbitraries.longs().map(String::valueOf);
        return mostly(8, mostly(8, small, any))
                .list()
                .ofMaxSize(3)
                .map(list -> "[" + String.join(",", list) + "]");
    }

    private static Arbitrary<String> mostly(int weight, Arbitrary<String> usual) {
        return mostly(weight, usual, values());
    }

    private static Arbitrary<String> mostly(
            int weight, Arbitrary<String> usual, Arbitrary<String> rare) {
        return Arbitraries.frequencyOf(List.of(Tuple.of(weight, usual), Tuple.of(1, rare)));
    }

    private static Arbitrary<String> values() {
        return Arbitraries.of(
                "null",
                "true",
                "-1",
                "0.5",
                "1e999",
                "18446744073709551616",
                "\"\"",
                "\"F32\"",
                "[]",
                "{}",
                "[[1]]",
                "{\"dtype\":\"F32\"}",
                "[".repeat(2000),
                "tru",
                "\"\\u00",
                "9".repeat(2000));
    }
}
