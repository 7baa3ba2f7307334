package io.rankstream.adapters.snapshot;

import io.rankstream.adapters.files.IrregularFileException;
import io.rankstream.adapters.files.Leftover;
import io.rankstream.adapters.mixture.MixtureState;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.state.Finite;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.HostState;
import io.rankstream.adapters.state.ImportanceState;
import io.rankstream.adapters.state.InferenceState;
import io.rankstream.adapters.state.MomentState;
import io.rankstream.adapters.state.TripletState;
import io.rankstream.adapters.weights.safetensors.SafetensorsException;
import io.rankstream.adapters.weights.safetensors.SafetensorsFile;
import io.rankstream.adapters.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The whole state of an adapter as one safetensors file, from which its training can go on. Every
 * array is a named tensor of 32-bit floats: {@code encoder.layer.0.attention.self.query.A} (rank ×
 * in), {@code ….E} (rank), {@code ….B} (out × rank), pruned triplets included, {@code head.weight}
 * (outputs × hidden) and {@code head.bias} (outputs), of a head of two layers {@code
 * head.dense.weight} and {@code head.dense.bias} too; their {@code ….first_moment} and {@code
 * ….second_moment} beside them, and {@code ….sensitivity} and {@code ….uncertainty} of the
 * triplets; of a mixture, {@code online_head} (outputs × hidden + 1), {@code words.bias} (outputs)
 * and {@code words.weight}, the sums of squared gradients of each, and {@code words.cells}, whole
 * numbers of 32 bits; of one that is watched for changes, {@code newest_vectors} (examples ×
 * hidden), and {@code input_means} (2 × hidden) where its inputs are watched; of probes, {@code
 * probes.tokens} and {@code probes.words}, whole numbers of 32 bits; of one that keeps examples,
 * {@code replay.tokens}, whole numbers too. What is no array is JSON in the file's metadata.
 *
 * <p>What was written is read back bit for bit. The same state gives the same bytes.
 */
public final class AdapterSnapshot {

    /** Name of the file in the folder of a published version. */
    public static final String FILE = "training_state.safetensors";

    private static final String FORMAT_KEY = "rankstream.snapshot";
    private static final String DOCUMENT_KEY = "rankstream.adapter";
    private static final int FORMAT_VERSION = 7;

    private static final String VALUE = "";
    private static final String FIRST_MOMENT = ".first_moment";
    private static final String SECOND_MOMENT = ".second_moment";
    private static final String SENSITIVITY = ".sensitivity";
    private static final String UNCERTAINTY = ".uncertainty";

    private AdapterSnapshot() {}

    /**
     * Content of the snapshot of {@code state}.
     *
     * @throws IllegalArgumentException if a value is NaN or infinite
     */
    public static byte[] of(AdapterState state) {
        SnapshotDocument document = SnapshotDocument.of(state);
        SafetensorsWriter writer =
                new SafetensorsWriter()
                        .metadata(FORMAT_KEY, Integer.toString(document.format()))
                        .metadata(DOCUMENT_KEY, document.toJson());
        List<Slice> triplets = Slice.ofTriplets(state.triplets().layout());
        put(writer, triplets, VALUE, state.triplets().values());
        put(writer, triplets, FIRST_MOMENT, state.moments().tripletFirst());
        put(writer, triplets, SECOND_MOMENT, state.moments().tripletSecond());
        put(writer, triplets, SENSITIVITY, state.importance().sensitivity());
        put(writer, triplets, UNCERTAINTY, state.importance().uncertainty());
        HeadState head = state.head();
        List<Slice> parts = Slice.ofHead(head.shape());
        put(writer, parts, VALUE, head.values());
        put(writer, parts, FIRST_MOMENT, state.moments().headFirst());
        put(writer, parts, SECOND_MOMENT, state.moments().headSecond());
        state.host().mixture().ifPresent(mixture -> MixturePart.put(writer, mixture));
        state.host().drift().ifPresent(drift -> DriftPart.put(writer, drift));
        state.host().probes().ifPresent(probes -> ProbePart.put(writer, probes));
        state.host().replay().ifPresent(replay -> ReplayPart.put(writer, replay));
        return writer.toBytes();
    }

    /**
     * Reads a snapshot.
     *
     * @throws SnapshotException if there is no such file, it is no snapshot or one of a newer
     *     release, tensors are missing, too many or of the wrong shape, or a value is not finite
     * @throws IOException if the file cannot be read
     */
    public static AdapterState read(Path file) throws IOException {
        String origin = file.toString();
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            return read(tensors, origin);
        } catch (NoSuchFileException e) {
            throw new SnapshotException(
                    file
                            + Leftover.at(file)
                                    .map(leftover -> " " + leftover)
                                    .orElse(
                                            ": there is no such file, expected a snapshot of an adapter"),
                    e);
        } catch (IrregularFileException e) {
            throw new SnapshotException(file + " " + e.getReason(), e);
        } catch (SafetensorsException e) {
            throw unreadable(e);
        }
    }

    /**
     * Reads a snapshot that is in memory.
     *
     * @param content the file's content
     * @param origin where it was read, for messages
     * @throws SnapshotException as {@link #read} does
     */
    public static AdapterState parse(byte[] content, String origin) throws IOException {
        try (SafetensorsFile tensors = SafetensorsFile.of(content, origin)) {
            return read(tensors, origin);
        } catch (SafetensorsException e) {
            throw unreadable(e);
        }
    }

    /**
     * Reads of a snapshot that is in memory what the adapter says things by. What it would learn on
     * with is looked at no further than its name.
     *
     * @param content the file's content
     * @param origin where it was read, for messages
     * @throws SnapshotException as {@link #read} does
     */
    public static InferenceState parseForInference(byte[] content, String origin)
            throws IOException {
        try (SafetensorsFile tensors = SafetensorsFile.of(content, origin)) {
            return readForInference(document(tensors, origin), new Tensors(tensors, origin));
        } catch (SafetensorsException e) {
            throw unreadable(e);
        } catch (IllegalArgumentException e) {
            throw new SnapshotException("in " + origin + " " + e.getMessage(), e);
        }
    }

    private static InferenceState readForInference(SnapshotDocument document, Tensors tensors)
            throws IOException {
        HeadState blank = document.blankHead();
        return new InferenceState(
                document.meta(),
                new TripletState(
                        document.layout(),
                        document.alpha(),
                        tensors.take(Slice.ofTriplets(document.layout()), VALUE)),
                blank.withValues(tensors.take(Slice.ofHead(blank.shape()), VALUE)),
                part(document.mixture(), mixture -> read(mixture, blank, tensors)));
    }

    private static SnapshotException unreadable(SafetensorsException e) {
        return new SnapshotException(
                e.getMessage() + ": it is no snapshot of an adapter, or is damaged", e);
    }

    private static AdapterState read(SafetensorsFile tensors, String origin) throws IOException {
        try {
            return read(document(tensors, origin), new Tensors(tensors, origin));
        } catch (IllegalArgumentException e) {
            throw new SnapshotException("in " + origin + " " + e.getMessage(), e);
        }
    }

    private static SnapshotDocument document(SafetensorsFile tensors, String origin)
            throws SnapshotException {
        return SnapshotDocument.parse(
                tensors.metadata().get(DOCUMENT_KEY), format(tensors, origin), origin);
    }

    private static MixtureState read(MixturePart mixture, HeadState head, Tensors tensors)
            throws IOException {
        return mixture.sound().read(head.bias().length, head.hidden(), tensors);
    }

    private static AdapterState read(SnapshotDocument document, Tensors tensors)
            throws IOException {
        List<Slice> triplets = Slice.ofTriplets(document.layout());
        HeadState blank = document.blankHead();
        List<Slice> parts = Slice.ofHead(blank.shape());
        AdapterState state =
                new AdapterState(
                        document.meta(),
                        new TripletState(
                                document.layout(), document.alpha(), tensors.take(triplets, VALUE)),
                        new MomentState(
                                tensors.take(triplets, FIRST_MOMENT),
                                tensors.take(triplets, SECOND_MOMENT),
                                tensors.take(parts, FIRST_MOMENT),
                                tensors.take(parts, SECOND_MOMENT)),
                        new ImportanceState(
                                tensors.take(triplets, SENSITIVITY),
                                tensors.take(triplets, UNCERTAINTY)),
                        new BudgetState(
                                document.budget(), document.live(), document.budgetTarget()),
                        blank.withValues(tensors.take(parts, VALUE)),
                        new HostState(
                                part(document.mixture(), mixture -> read(mixture, blank, tensors)),
                                part(
                                        document.drift(),
                                        drift -> drift.read(blank.hidden(), tensors)),
                                part(document.probes(), probes -> probes.read(tensors)),
                                part(document.replay(), replay -> replay.read(tensors))));
        tensors.requireNoMore();
        state.budget().requireSound();
        return state;
    }

    /** Reads a part of a state from that of its document. */
    @FunctionalInterface
    private interface Reading<P, S> {
        S read(P part) throws IOException;
    }

    /** The part of a state that may be absent: its document has none then. */
    private static <P, S> Optional<S> part(List<P> parts, Reading<P, S> reading)
            throws IOException {
        return parts.isEmpty() ? Optional.empty() : Optional.of(reading.read(parts.get(0)));
    }

    private static void put(
            SafetensorsWriter writer, List<Slice> slices, String suffix, float[] values) {
        for (Slice slice : slices) {
            String name = slice.name() + suffix;
            float[] part = Arrays.copyOfRange(values, slice.offset(), slice.end());
            Finite.require(part, name);
            writer.put(name, slice.shape(), part);
        }
    }

    private static int format(SafetensorsFile tensors, String file) throws SnapshotException {
        String found = tensors.metadata().get(FORMAT_KEY);
        if (found == null) {
            throw new SnapshotException(
                    file
                            + " holds tensors, but is no snapshot of an adapter: "
                            + instead(tensors.names()));
        }
        for (int format = 1; format <= FORMAT_VERSION; format++) {
            if (found.equals(Integer.toString(format))) {
                return format;
            }
        }
        throw new SnapshotException(
                "%s is a snapshot of format %s, expected 1 to %d: read it with the release of Rankstream that wrote it, or a newer one"
                        .formatted(file, found, FORMAT_VERSION));
    }

    private static String instead(Set<String> names) {
        if (names.stream().anyMatch(name -> name.contains(".lora_"))) {
            return "they are PEFT's, import their directory and use the snapshot that this writes";
        }
        if (names.stream().anyMatch(name -> name.endsWith("embeddings.word_embeddings.weight"))) {
            return "they are a base model's, whose directory is opened as one";
        }
        return "its metadata lacks " + FORMAT_KEY;
    }

    /** The tensors of a file; what nobody took at the end is too many. */
    static final class Tensors {

        private final SafetensorsFile tensors;
        private final String file;
        private final TreeSet<String> left;

        Tensors(SafetensorsFile tensors, String file) {
            this.tensors = tensors;
            this.file = file;
            this.left = new TreeSet<>(tensors.names());
        }

        /** One array out of the tensors that hold its parts. */
        float[] take(List<Slice> slices, String suffix) throws IOException {
            for (Slice slice : slices) {
                requireShape(slice.name() + suffix, slice.shape());
            }
            float[] values = new float[slices.stream().mapToInt(Slice::end).max().orElse(0)];
            for (Slice slice : slices) {
                String name = slice.name() + suffix;
                float[] part = tensors.floats(name);
                Finite.require(part, name);
                System.arraycopy(part, 0, values, slice.offset(), part.length);
            }
            return values;
        }

        /** One tensor. */
        float[] take(String name, int... shape) throws IOException {
            return take(List.of(new Slice(name, shape, 0)), VALUE);
        }

        /** One tensor of whole numbers. */
        int[] takeInts(String name, int count) throws IOException {
            requireShape(name, new int[] {count});
            return tensors.ints(name);
        }

        private void requireShape(String name, int[] expected) throws SnapshotException {
            if (!left.remove(name)) {
                throw new SnapshotException(
                        file
                                + " holds no tensor '"
                                + name
                                + "', expected one of shape "
                                + Arrays.toString(expected));
            }
            long[] found = tensors.shape(name);
            if (!Arrays.equals(found, Arrays.stream(expected).asLongStream().toArray())) {
                throw new SnapshotException(
                        file
                                + " holds '"
                                + name
                                + "' of shape "
                                + Arrays.toString(found)
                                + ", expected "
                                + Arrays.toString(expected));
            }
        }

        void requireNoMore() throws SnapshotException {
            if (!left.isEmpty()) {
                throw new SnapshotException(
                        file
                                + " holds a tensor '"
                                + left.first()
                                + "' that no adapter of its modules and labels has");
            }
        }
    }
}
