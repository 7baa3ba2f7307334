package io.rankstream.ops.serve.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResidentsTest {

    private final List<String> closed = new ArrayList<>();
    private final Residents<Numbered> residents = new Residents<>(30);

    private final class Numbered implements Resident {
        final String name;

        Numbered(String name) {
            this.name = name;
        }

        @Override
        public long bytes() {
            return 10;
        }

        @Override
        public void close() {
            closed.add(name);
        }
    }

    private static VersionId id(String adapter) {
        return new VersionId(adapter, 1, "/published/" + adapter + "/v00000001");
    }

    private void add(String adapter) {
        residents.add(id(adapter), new Numbered(adapter), 0).closeLeft();
    }

    @Test
    void theLeastRecentlyUsedLeavesWhenTheBoundIsReached() {
        add("a");
        add("b");
        add("c");
        residents.lease(id("a")).orElseThrow().close();

        add("d");

        assertThat(closed).containsExactly("b");
        assertThat(residents.bytes()).isEqualTo(30);
        assertThat(residents.count()).isEqualTo(3);
        assertThat(residents.evicted()).isEqualTo(1);
    }

    @Test
    void whatIsUsedIsFreedByItsLastUser() {
        add("a");
        Lease<Numbered> one = residents.lease(id("a")).orElseThrow();
        Lease<Numbered> other = residents.lease(id("a")).orElseThrow();

        residents.drop(id("a"));
        one.close();
        one.close();
        assertThat(closed).isEmpty();
        assertThat(residents.lease(id("a"))).isEmpty();

        other.close();
        assertThat(closed).containsExactly("a");
    }

    @Test
    void theNewestStaysHoweverLargeItIs() {
        Residents<Numbered> small = new Residents<>(1);

        small.add(id("a"), new Numbered("a"), 0).closeLeft();
        small.add(id("b"), new Numbered("b"), 0).closeLeft();

        assertThat(closed).containsExactly("a");
        assertThat(small.contains(id("b"))).isTrue();
    }

    @Test
    void aSecondCopyOfAVersionIsFreedAtOnce() {
        add("a");

        residents.add(id("a"), new Numbered("copy"), 0).closeLeft();

        assertThat(closed).containsExactly("copy");
        assertThat(residents.bytes()).isEqualTo(10);
    }

    @Test
    void allAreFreedAtTheEndOrByTheirLastUser() {
        add("a");
        add("b");
        Lease<Numbered> used = residents.lease(id("b")).orElseThrow();

        residents.close();
        assertThat(closed).containsExactly("a");

        used.close();
        assertThat(closed).containsExactly("a", "b");
        assertThat(residents.bytes()).isZero();
    }
}
