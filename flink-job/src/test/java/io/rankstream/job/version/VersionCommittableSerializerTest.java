package io.rankstream.job.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class VersionCommittableSerializerTest {

    private final VersionCommittableSerializer serializer = new VersionCommittableSerializer();

    private final VersionCommittable committable =
            new VersionCommittable(
                    "acme.eu", 12, "s3://bucket/ä", new byte[] {0, -1, 2}, new byte[0]);

    @Test
    void readsWhatItWrote() throws IOException {
        VersionCommittable read = serializer.deserialize(1, serializer.serialize(committable));

        assertThat(read).usingRecursiveComparison().isEqualTo(committable);
    }

    @Test
    void refusesANewerFormat() throws IOException {
        byte[] bytes = serializer.serialize(committable);

        assertThatThrownBy(() -> serializer.deserialize(2, bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has format 2, expected 1")
                .hasMessageContaining("newer release");
    }
}
