package io.rankstream.adapters.weights.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {

    @TempDir Path directory;

    @Nested
    class WhatTheWriterWrites {

        @Test
        void isReadBack() throws IOException {
            SafetensorsWriter writer =
                    new SafetensorsWriter()
                            .put("b", new int[] {2, 3}, new float[] {1, 2, 3, 4, 5, 6})
                            .put("a", new int[] {}, new float[] {Float.MIN_VALUE})
                            .put("none", new int[] {0, 7}, new float[] {});

            try (SafetensorsFile file = SafetensorsFile.open(file(writer.toBytes()))) {
                assertThat(file.names()).containsExactly("a", "b", "none");
                assertThat(file.metadata()).containsEntry("format", "pt").hasSize(1);
                assertThat(file.shape("b")).containsExactly(2, 3);
                assertThat(file.floats("b")).containsExactly(1, 2, 3, 4, 5, 6);
                assertThat(file.shape("a")).isEmpty();
                assertThat(file.floats("a")).containsExactly(Float.MIN_VALUE);
                assertThat(file.shape("none")).containsExactly(0, 7);
                assertThat(file.floats("none")).isEmpty();
            }
        }

        @Test
        void isReadFromMemory() throws IOException {
            byte[] bytes =
                    new SafetensorsWriter().put("a", new int[] {2}, new float[] {1, 2}).toBytes();

            try (SafetensorsFile file = SafetensorsFile.of(bytes, "memory")) {
                assertThat(file.floats("a")).containsExactly(1, 2);
            }
            assertThatThrownBy(() -> SafetensorsFile.of(Arrays.copyOf(bytes, 20), "memory"))
                    .isInstanceOf(SafetensorsException.class)
                    .hasMessageStartingWith("memory claims a header of");
        }

        @Test
        void isReadBackWithoutAnyTensor() throws IOException {
            try (SafetensorsFile file =
                    SafetensorsFile.open(file(new SafetensorsWriter().toBytes()))) {
                assertThat(file.names()).isEmpty();
            }
        }

        @Test
        void doesNotDependOnTheOrderOfPuts() {
            SafetensorsWriter one =
                    new SafetensorsWriter()
                            .put("x", new int[] {1}, new float[] {1})
                            .put("y", new int[] {1}, new float[] {2});
            SafetensorsWriter other =
                    new SafetensorsWriter()
                            .put("y", new int[] {1}, new float[] {2})
                            .put("x", new int[] {1}, new float[] {1});

            assertThat(one.toBytes()).isEqualTo(other.toBytes());
        }

        @Test
        void beginsItsDataAtAMultipleOfEightAfterSpaces() {
            for (String name : new String[] {"a", "ab", "abc", "abcd", "abcde", "äöü"}) {
                byte[] bytes =
                        new SafetensorsWriter().put(name, new int[] {1}, new float[] {1}).toBytes();
                long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();

                assertThat(header % 8).isZero();
                assertThat(bytes.length).isEqualTo((int) (8 + header + 4));
                assertThat(new String(bytes, 8, (int) header, StandardCharsets.UTF_8).strip())
                        .startsWith("{\"__metadata__\":{\"format\":\"pt\"}")
                        .endsWith("}");
            }
        }

        @Test
        void carriesMetadata() throws IOException {
            byte[] bytes = new SafetensorsWriter().metadata("answer", "42").toBytes();

            try (SafetensorsFile file = SafetensorsFile.open(file(bytes))) {
                assertThat(file.metadata())
                        .containsEntry("format", "pt")
                        .containsEntry("answer", "42");
            }
        }

        @Test
        void hasEveryNameOnceAndEveryLengthRight() {
            SafetensorsWriter writer = new SafetensorsWriter().put("x", new int[0], new float[1]);

            assertThatThrownBy(() -> writer.put("x", new int[0], new float[1]))
                    .hasMessage("the tensor name 'x' is taken");
            assertThatThrownBy(() -> writer.put("__metadata__", new int[0], new float[1]))
                    .hasMessage("the tensor name '__metadata__' is taken");
            assertThatThrownBy(() -> writer.put("y", new int[] {2, 2}, new float[3]))
                    .hasMessage("the tensor 'y' of shape [2, 2] was given 3 values, expected 4");
        }
    }

    @Nested
    class Bfloat16 {

        @Test
        void isRoundedToTheNearestAndTiesToEven() throws IOException {
            float step = 0x1p-7f; // of BF16 between 1 and 2

            assertThat(
                            rounded(
                                    1 + step / 2,
                                    1 + 3 * step / 2,
                                    Math.nextUp(1 + step / 2),
                                    Math.nextDown(1 + 3 * step / 2),
                                    -1 - step / 2,
                                    Float.MIN_VALUE,
                                    -0f,
                                    Float.NEGATIVE_INFINITY,
                                    Float.intBitsToFloat(0x7f800001)))
                    .containsExactly(
                            1f,
                            1 + 2 * step,
                            1 + step,
                            1 + step,
                            -1f,
                            0f,
                            -0f,
                            Float.NEGATIVE_INFINITY,
                            Float.NaN);
        }

        @Test
        void isTheNearestOfAllValues() throws IOException {
            SplittableRandom random = new SplittableRandom(3);
            float[] values = new float[10_000];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(-30, 30)));
            }

            float[] found = rounded(values);

            for (int i = 0; i < values.length; i++) {
                float below = Float.intBitsToFloat(Float.floatToIntBits(values[i]) & 0xffff0000);
                float above = Float.intBitsToFloat(Float.floatToIntBits(below) + 0x10000);
                double nearest =
                        Math.min(
                                Math.abs((double) below - values[i]),
                                Math.abs((double) above - values[i]));
                assertThat(Math.abs((double) found[i] - values[i])).isEqualTo(nearest);
            }
        }

        @Test
        void refusesWhatItCannotHold() {
            assertThatThrownBy(() -> rounded(Float.MAX_VALUE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "the tensor 'x' holds 3.4028235E38, more than BF16 can hold: write F32");
        }

        private float[] rounded(float... values) throws IOException {
            byte[] bytes =
                    new SafetensorsWriter(FloatType.BF16)
                            .put("x", new int[] {values.length}, values)
                            .toBytes();
            try (SafetensorsFile file = SafetensorsFile.open(file(bytes))) {
                return file.floats("x");
            }
        }
    }

    @Nested
    class NarrowFloats {

        @Test
        void areWidenedFromBfloat16() throws IOException {
            short[] bits = {0x3f80, (short) 0xc000, 0x0001, (short) 0xff80};

            assertThat(read("BF16", bits))
                    .containsExactly(
                            1f, -2f, Float.intBitsToFloat(0x10000), Float.NEGATIVE_INFINITY);
        }

        @Test
        void areWidenedFromEveryHalf() throws IOException {
            short[] bits = new short[1 << 16];
            for (int i = 0; i < bits.length; i++) {
                bits[i] = (short) i;
            }

            float[] values = read("F16", bits);

            float[] expected = new float[bits.length];
            for (int i = 0; i < bits.length; i++) {
                expected[i] = half(i);
            }
            assertThat(values).isEqualTo(expected);
        }

        /** The definition of binary16 in powers of two, where the reader moves bits. */
        private float half(int bits) {
            int exponent = bits >> 10 & 31;
            int fraction = bits & 1023;
            double magnitude =
                    switch (exponent) {
                        case 0 -> fraction * Math.pow(2, -24);
                        case 31 -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
                        default -> (1024 + fraction) * Math.pow(2, exponent - 25);
                    };
            return (float) (bits >> 15 == 0 ? magnitude : -magnitude);
        }

        private float[] read(String type, short[] bits) throws IOException {
            ByteBuffer data = ByteBuffer.allocate(2 * bits.length).order(ByteOrder.LITTLE_ENDIAN);
            for (short value : bits) {
                data.putShort(value);
            }
            String header =
                    "{\"x\":{\"dtype\":\"%s\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
                            .formatted(type, bits.length, 2 * bits.length);
            try (SafetensorsFile file = SafetensorsFile.open(file(header, data.array()))) {
                return file.floats("x");
            }
        }
    }

    @Nested
    class TensorsThatCannotBeRead {

        @Test
        void areListedAllTheSame() throws IOException {
            String header =
                    """
                    {"ids":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}""";
            try (SafetensorsFile file = SafetensorsFile.open(file(header, new byte[8]))) {
                assertThat(file.names()).containsExactly("ids");
                assertThatThrownBy(() -> file.floats("ids"))
                        .isInstanceOf(SafetensorsException.class)
                        .hasMessageEndingWith("holds elements of I64, expected F32, F16 or BF16");
            }
        }

        @Test
        void areNamedWhereThereAreNone() throws IOException {
            try (SafetensorsFile file = SafetensorsFile.open(file("{}", new byte[0]))) {
                assertThatThrownBy(() -> file.floats("x"))
                        .isInstanceOf(NoSuchElementException.class)
                        .hasMessageEndingWith("holds no tensor 'x'");
            }
        }
    }

    @Nested
    class Refuses {

        @Test
        void aFileThatIsNotThere() {
            assertThatThrownBy(() -> SafetensorsFile.open(directory.resolve("none")))
                    .isInstanceOf(NoSuchFileException.class);
        }

        @Test
        void aFileWithoutALength() throws IOException {
            assertRefused(file(new byte[5]))
                    .hasMessageEndingWith("has 5 bytes, expected a header of 8 bytes and more");
        }

        @Test
        void aHeaderLongerThanTheFile() throws IOException {
            byte[] bytes = framed("{}", new byte[0]);
            bytes[0] = 3;
            assertRefused(file(bytes)).hasMessageEndingWith("of 3 bytes, expected 2 to 2");
        }

        @Test
        void aHeaderOfAbsurdLength() throws IOException {
            byte[] bytes = framed("{}", new byte[0]);
            bytes[7] = (byte) 0xff;
            assertRefused(file(bytes)).hasMessageContaining("of 18374686479671623682 bytes");
        }

        @Test
        void aHeaderOverTheReferenceLimit() throws IOException {
            Path path = file(framed("{}", new byte[0]));
            try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
                sparse.writeLong(Long.reverseBytes(100_000_001));
                sparse.setLength(100_000_100);
            }
            assertRefused(path).hasMessageEndingWith("of 100000001 bytes, expected 2 to 100000000");
        }

        @Test
        void aHeaderThatIsNoJson() throws IOException {
            assertRefused("{\"x\":", 0).hasMessageContaining("is not valid JSON");
            assertRefused("{} {}", 0).hasMessageContaining("is not valid JSON");
        }

        @Test
        void aHeaderThatDoesNotBeginWithAnObject() throws IOException {
            for (String header : new String[] {"[]", "12", " {}", "  "}) {
                assertRefused(header, 0).hasMessageEndingWith("does not begin with a JSON object");
            }
        }

        @Test
        void aHeaderThatIsNotUtf8() throws IOException {
            byte[] bytes = framed("{\"xx\":{}}", new byte[0]);
            bytes[10] = (byte) 0xc3;
            bytes[11] = (byte) 0x28;
            assertRefused(file(bytes)).hasMessageContaining("is not UTF-8");
        }

        @Test
        void aNameTwice() throws IOException {
            String entry = "\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}";
            assertRefused("{" + entry + "," + entry + "}", 1)
                    .hasMessageContaining("the field x stands there twice");
        }

        @Test
        void anUnknownElementType() throws IOException {
            assertRefused(entry("\"PICKLE\"", "[1]", "[0,1]"), 1)
                    .hasMessageContaining("has dtype \"PICKLE\", expected one of [BOOL, ");
            assertRefused("{\"x\":3}", 0).hasMessageContaining("has dtype missing");
        }

        @Test
        void aSizeThatIsNotTheShapes() throws IOException {
            assertRefused(entry("\"F32\"", "[2]", "[0,4]"), 4)
                    .hasMessageEndingWith("has 4 bytes, expected 8 for F32 of shape [2]");
        }

        @Test
        void aShapeThatOverflows() throws IOException {
            assertRefused(entry("\"F32\"", "[4294967296,4294967296]", "[0,0]"), 0)
                    .hasMessageContaining("more than a file can hold");
        }

        @Test
        void numbersThatAreNone() throws IOException {
            assertRefused(entry("\"U8\"", "[-1]", "[0,0]"), 0)
                    .hasMessageContaining("has -1 in shape, expected numbers from 0 on");
            assertRefused(entry("\"U8\"", "[1.0]", "[0,1]"), 1)
                    .hasMessageContaining("has 1.0 in shape");
            assertRefused(entry("\"U8\"", "[99999999999999999999]", "[0,1]"), 1)
                    .hasMessageContaining("has 99999999999999999999 in shape");
            assertRefused(entry("\"U8\"", "{}", "[0,1]"), 1)
                    .hasMessageContaining("has shape {}, expected a list of numbers");
        }

        @Test
        void offsetsThatFallOrAreNotTwo() throws IOException {
            assertRefused(entry("\"U8\"", "[1]", "[1,0]"), 1)
                    .hasMessageContaining("has data_offsets [1, 0]");
            assertRefused(entry("\"U8\"", "[1]", "[0]"), 1)
                    .hasMessageContaining("has data_offsets [0]");
        }

        @Test
        void tensorsThatOverlapOrLeaveAGap() throws IOException {
            assertRefused(two("[0,2]", "[1,3]"), 3)
                    .hasMessageContaining("begins at byte 1 of the data, expected 2");
            assertRefused(two("[0,2]", "[3,5]"), 5)
                    .hasMessageContaining("begins at byte 3 of the data, expected 2");
        }

        @Test
        void aFileThatIsCutOffOrTooLong() throws IOException {
            assertRefused(two("[0,2]", "[2,4]"), 3)
                    .hasMessageContaining("end at byte 4 of the data, expected 3");
            assertRefused(two("[0,2]", "[2,4]"), 5)
                    .hasMessageContaining("end at byte 4 of the data, expected 5");
        }

        @Test
        void metadataThatIsNoText() throws IOException {
            assertRefused("{\"__metadata__\":{\"a\":1}}", 0)
                    .hasMessageEndingWith("has a value that is no text at 'a'");
            assertRefused("{\"__metadata__\":[]}", 0).hasMessageEndingWith("is no JSON object");
        }

        private String entry(String type, String shape, String offsets) {
            return "{\"x\":{\"dtype\":%s,\"shape\":%s,\"data_offsets\":%s}}"
                    .formatted(type, shape, offsets);
        }

        private String two(String offsetsOfA, String offsetsOfB) {
            String entry = "{\"dtype\":\"I16\",\"shape\":[1],\"data_offsets\":";
            return "{\"a\":" + entry + offsetsOfA + "},\"b\":" + entry + offsetsOfB + "}}";
        }

        private AbstractThrowableAssert<?, ?> assertRefused(String header, int dataLength)
                throws IOException {
            return assertRefused(file(header, new byte[dataLength]));
        }

        private AbstractThrowableAssert<?, ?> assertRefused(Path path) {
            return assertThatThrownBy(() -> SafetensorsFile.open(path))
                    .isInstanceOf(SafetensorsException.class)
                    .hasMessageContaining(path.toString());
        }
    }

    private Path file(String header, byte[] data) throws IOException {
        return file(framed(header, data));
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("model.safetensors"), bytes);
    }

    private static byte[] framed(String header, byte[] data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
    }
}
