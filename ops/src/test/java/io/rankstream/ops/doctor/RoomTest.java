package io.rankstream.ops.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoomTest {

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "0, true, MISSING, is full",
        "199, true, MISSING, is full",
        "200, true, NOTE, little",
        "2047, true, NOTE, little",
        "2048, true, OK, 2.0 GiB free in /data",
        "100000, false, MISSING, cannot be written to",
    })
    void aFolderHasRoomOrIsSaidToBeFull(
            long freeMib, boolean writable, Finding.Mark mark, String fact) {
        Finding finding =
                new Room("checkpoints", "/data", new Room.State.Local(freeMib * Size.MIB, writable))
                        .finding();

        assertThat(finding.mark()).isEqualTo(mark);
        assertThat(finding.fact()).contains(fact);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "file:%s", "file://%s", "%s/not/yet/there", "file://%s/a b"})
    void aFolderOfThisMachineIsLookedAtAndNotMade(String place) throws IOException {
        Room room = Room.at("checkpoints", place.formatted(folder));

        assertThat(room.state())
                .isInstanceOfSatisfying(
                        Room.State.Local.class, local -> assertThat(local.writable()).isTrue());
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFileIsNoFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThat(Room.at("checkpoints", file.resolve("below").toString()).finding().mark())
                .isEqualTo(Finding.Mark.MISSING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://bucket/adapters", "hdfs://name:9000/a", "abfss://c@a/p"})
    void anObjectStoreIsNoDisk(String place) {
        assertThat(Room.at("published versions", place).finding().mark())
                .isEqualTo(Finding.Mark.NOTE);
    }

    @Test
    void aNameThatNoFolderCanHaveIsASentence() {
        assertThat(Room.at("checkpoints", "/tmp/\0").finding().mark())
                .isEqualTo(Finding.Mark.MISSING);
    }
}
