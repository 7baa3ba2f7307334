package io.rankstream.adapters.peft;

import io.rankstream.adapters.model.Family;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.model.OwnHead;
import io.rankstream.adapters.state.Finite;
import io.rankstream.adapters.state.LiveTriplets;
import io.rankstream.adapters.state.TripletState;
import io.rankstream.adapters.task.ModelClass;
import io.rankstream.adapters.weights.safetensors.SafetensorsException;
import io.rankstream.adapters.weights.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The tensors of a directory of PEFT, grouped by module. */
final class PeftTensors implements AutoCloseable {

    private static final Pattern OF_MODULE =
            Pattern.compile(
                    "base_model\\.model\\.(("
                            + Family.ALL.stream()
                                    .map(family -> Pattern.quote(family.prefix()))
                                    .collect(Collectors.joining("|"))
                            + ")?((?:"
                            + Family.ALL.stream()
                                    .map(family -> Pattern.quote(family.layerPath()))
                                    .distinct()
                                    .collect(Collectors.joining("|"))
                            + ")\\d+\\..+))(\\.lora_[ABE])(\\.weight)?");

    /** Any length of a dimension. */
    private static final int ANY = -1;

    private final Path file;
    private final SafetensorsFile tensors;
    private final PeftSettings settings;

    /** Name in the adapted model by name in the encoder. */
    private final TreeMap<String, String> modules = new TreeMap<>();

    /** What names begin with in the adapted model; empty where nothing comes before the encoder. */
    private Optional<String> prefix = Optional.empty();

    /** What a head of two layers is called; empty where there is none. */
    private Optional<OwnHead> ownHead = Optional.empty();

    /** What the last layer of a head is called where it may be all; empty where there is none. */
    private Optional<String> linearHead = Optional.empty();

    private PeftTensors(Path file, SafetensorsFile tensors, PeftSettings settings) {
        this.file = file;
        this.tensors = tensors;
        this.settings = settings;
    }

    static PeftTensors open(Path directory, PeftSettings settings) throws IOException {
        Path file = directory.resolve(PeftNames.TENSOR_FILE);
        if (!Files.isRegularFile(file)) {
            throw new PeftException(PeftFiles.unusable(directory, PeftNames.TENSOR_FILE));
        }
        SafetensorsFile tensors;
        try {
            tensors = SafetensorsFile.open(file);
        } catch (SafetensorsException e) {
            throw new PeftException(e.getMessage(), e);
        }
        PeftTensors opened = new PeftTensors(file, tensors, settings);
        try {
            opened.group();
            opened.requireNoPatternBeyond();
            return opened;
        } catch (IOException | RuntimeException e) {
            tensors.close();
            throw e;
        }
    }

    private void group() throws PeftException {
        List<String> others = new ArrayList<>();
        for (String name : tensors.names()) {
            Matcher matcher = OF_MODULE.matcher(name);
            if (matcher.matches() && isOfKind(matcher.group(4), matcher.group(5))) {
                addModule(matcher.group(3), matcher.group(1));
                notePrefix(matcher.group(2));
            } else {
                others.add(name);
            }
        }
        List<OwnHead> known = ownHeads();
        for (String name : others) {
            if (!isOfLinearHead(name) && known.stream().noneMatch(h -> isOf(name, h))) {
                throw unexpected(name, known);
            }
        }
        ownHead = known.stream().filter(this::isThere).findFirst();
        linearHead =
                Arrays.stream(ModelClass.values())
                        .filter(model -> others.stream().anyMatch(name -> isOfHead(name, model)))
                        .map(ModelClass::linearHead)
                        .findFirst();
        requireOneHead();
        if (modules.isEmpty()) {
            throw new PeftException(
                    file
                            + " holds no tensor of a linear layer of an encoder, expected one at least");
        }
    }

    /** The own heads of families that have such modules, by what names begin with or are. */
    private List<OwnHead> ownHeads() {
        return Family.ALL.stream()
                .filter(family -> prefix.isEmpty() || family.prefix().equals(prefix.get()))
                .filter(family -> modules.keySet().stream().allMatch(name -> has(family, name)))
                .flatMap(family -> family.ownHead().stream())
                .distinct()
                .toList();
    }

    private static boolean has(Family family, String module) {
        return family.modules().stream().anyMatch(end -> module.endsWith("." + end));
    }

    private static boolean isOf(String tensor, OwnHead head) {
        return head.tensors().stream().anyMatch(name -> tensor.equals(PeftNames.PREFIX + name));
    }

    private static boolean isOfLayer(String tensor, String layer) {
        return tensor.equals(layer + PeftNames.WEIGHT) || tensor.equals(layer + PeftNames.BIAS);
    }

    private static boolean isOfHead(String tensor, ModelClass model) {
        return isOfLayer(tensor, PeftNames.PREFIX + model.linearHead());
    }

    private static boolean isOfLinearHead(String tensor) {
        return Arrays.stream(ModelClass.values()).anyMatch(model -> isOfHead(tensor, model));
    }

    /** Whether a tensor is there that a linear head does not have. */
    private boolean isThere(OwnHead head) {
        return tensors.names().stream().anyMatch(name -> isOf(name, head) && !isOfLinearHead(name));
    }

    private void requireOneHead() throws PeftException {
        List<String> linear =
                Arrays.stream(ModelClass.values())
                        .filter(
                                model ->
                                        tensors.names().stream()
                                                .anyMatch(name -> isOfHead(name, model)))
                        .map(ModelClass::linearHead)
                        .distinct()
                        .toList();
        if (linear.size() > 1) {
            throw new PeftException(
                    "%s holds several heads, %s, expected one of them".formatted(file, linear));
        }
        boolean isOneOfTwo =
                ownHead.isPresent()
                        && ownHead.get().endsInClassifier()
                        && linear.equals(List.of(Family.CLASSIFIER));
        if (ownHead.isPresent() && !linear.isEmpty() && !isOneOfTwo) {
            throw new PeftException(
                    "%s holds both a head of one layer, '%s', and one of two, %s, expected one of them"
                            .formatted(file, linear.get(0), quoted(ownHead.get())));
        }
    }

    private static String quoted(OwnHead head) {
        return "'%s' and '%s'".formatted(head.dense(), head.out());
    }

    /** The modules that hold the head in the adapted model. */
    List<String> headModules() {
        return ownHead.map(OwnHead::modules).orElse(List.of(linearHead.orElse(Family.CLASSIFIER)));
    }

    /** The classes of transformers that the head can be of; all where there is none. */
    List<ModelClass> modelClasses() {
        return Arrays.stream(ModelClass.values()).filter(this::canBeOf).toList();
    }

    private boolean canBeOf(ModelClass model) {
        return ownHead.map(own -> own.isOfTokens() || model == ModelClass.SEQUENCE_CLASSIFICATION)
                .orElse(linearHead.isEmpty() || model.linearHead().equals(linearHead.get()));
    }

    private void notePrefix(String found) throws PeftException {
        if (found != null && prefix.isPresent() && !prefix.get().equals(found)) {
            throw new PeftException(
                    "%s holds tensors of both '%s' and '%s', expected those of one model"
                            .formatted(file, prefix.get(), found));
        }
        prefix = Optional.ofNullable(found).or(() -> prefix);
    }

    /** Only plain LoRA's tensors end with {@code .weight}, and only AdaLoRA has E. */
    private boolean isOfKind(String part, String suffix) {
        return settings.isAdalora() ? suffix == null : suffix != null && !part.equals(PeftNames.E);
    }

    private void addModule(String module, String inModel) throws PeftException {
        settings.requireTargeted(inModel);
        String before = modules.put(module, inModel);
        if (before != null && !before.equals(inModel)) {
            throw new PeftException(
                    "%s holds tensors of both '%s' and '%s', expected one of them"
                            .formatted(file, before, inModel));
        }
    }

    private PeftException unexpected(String name, List<OwnHead> known) {
        if (name.startsWith(PeftNames.PREFIX + Family.CLASSIFIER + ".")) {
            return new PeftException(
                    "%s holds a head with '%s', expected one linear layer '%s'%s: train it in its place, such as base.%s = torch.nn.Linear(base.config.hidden_size, labels)"
                            .formatted(
                                    file,
                                    name,
                                    Family.CLASSIFIER,
                                    known.stream()
                                            .map(head -> ", or two, " + quoted(head))
                                            .collect(Collectors.joining()),
                                    Family.CLASSIFIER));
        }
        return new PeftException(
                "%s holds the tensor '%s', expected %s of linear layers of an encoder, and the head 'classifier' or 'qa_outputs': nothing else can be adapted"
                        .formatted(
                                file,
                                name,
                                settings.isAdalora()
                                        ? "lora_A, lora_B and lora_E"
                                        : "lora_A.weight and lora_B.weight"));
    }

    private void requireNoPatternBeyond() throws PeftException {
        if (settings.isAdalora()) {
            settings.requireNoPatternBeyond(modules.values());
        }
    }

    /** What names begin with in the adapted model; empty where the files do not tell. */
    Optional<String> prefix() {
        return prefix;
    }

    /** Initial rank of AdaLoRA, largest rank of plain LoRA. */
    int rank() throws PeftException {
        if (settings.isAdalora()) {
            return settings.initRank();
        }
        int largest = 0;
        for (String inModel : modules.values()) {
            largest = Math.max(largest, settings.loraRank(inModel));
        }
        return largest;
    }

    /** Modules by name. */
    List<PeftModule> modules() throws IOException {
        int rank = rank();
        double scale = TripletState.scale(settings.alpha(), rank);
        List<PeftModule> found = new ArrayList<>();
        for (Map.Entry<String, String> module : modules.entrySet()) {
            found.add(
                    settings.isAdalora()
                            ? adalora(module.getKey(), module.getValue(), scale)
                            : lora(module.getKey(), module.getValue(), rank, scale));
        }
        return found;
    }

    private PeftModule adalora(String module, String inModel, double scale) throws IOException {
        boolean[] live = settings.livePattern(inModel);
        int rank = 0;
        for (boolean alive : live) {
            rank += alive ? 1 : 0;
        }
        String name = PeftNames.PREFIX + inModel;
        float[] a = floats(name + PeftNames.A, rank, ANY);
        float[] e = floats(name + PeftNames.E, rank, 1);
        float[] b = floats(name + PeftNames.B, ANY, rank);
        ModuleShape shape =
                new ModuleShape(module, columns(name + PeftNames.A), rows(name + PeftNames.B));
        return new PeftModule(new LiveTriplets(shape, scale, a, e, b), live);
    }

    private PeftModule lora(String module, String inModel, int largest, double scale)
            throws IOException {
        int rank = settings.loraRank(inModel);
        String a = PeftNames.PREFIX + inModel + PeftNames.A + PeftNames.WEIGHT;
        String b = PeftNames.PREFIX + inModel + PeftNames.B + PeftNames.WEIGHT;
        float[] e = new float[rank];
        Arrays.fill(e, (float) (settings.loraScale(inModel) / scale));
        boolean[] live = new boolean[largest];
        Arrays.fill(live, 0, rank, true);
        float[] valuesOfA = floats(a, rank, ANY);
        float[] valuesOfB = floats(b, ANY, rank);
        ModuleShape shape = new ModuleShape(module, columns(a), rows(b));
        return new PeftModule(new LiveTriplets(shape, scale, valuesOfA, e, valuesOfB), live);
    }

    Optional<PeftHead> head() throws IOException {
        if (ownHead.isPresent()) {
            return Optional.of(headOfLayers(ownHead.get()));
        }
        if (linearHead.isEmpty()) {
            return Optional.empty();
        }
        String layer = PeftNames.PREFIX + linearHead.get();
        String weight = layer + PeftNames.WEIGHT;
        float[] values = floats(weight, ANY, ANY);
        float[] biases = floats(layer + PeftNames.BIAS, rows(weight));
        return Optional.of(new PeftHead(columns(weight), values, biases, new float[0]));
    }

    private PeftHead headOfLayers(OwnHead own) throws IOException {
        String out = PeftNames.PREFIX + own.out();
        float[] values = floats(out + PeftNames.WEIGHT, ANY, ANY);
        int hidden = columns(out + PeftNames.WEIGHT);
        float[] biases = floats(out + PeftNames.BIAS, rows(out + PeftNames.WEIGHT));
        float[] weight = floats(PeftNames.PREFIX + own.denseWeight(), hidden, hidden);
        float[] ofFeatures = floats(PeftNames.PREFIX + own.ofFeatures(), hidden);
        float[] dense = Arrays.copyOf(weight, weight.length + hidden);
        System.arraycopy(ofFeatures, 0, dense, weight.length, hidden);
        return new PeftHead(hidden, values, biases, dense);
    }

    /** Values of a tensor of an expected shape. */
    private float[] floats(String name, int... expected) throws IOException {
        if (!tensors.names().contains(name)) {
            throw new PeftException(
                    file + " holds no tensor '" + name + "', which has to be there");
        }
        long[] shape = tensors.shape(name);
        boolean fits = shape.length == expected.length;
        for (int i = 0; fits && i < shape.length; i++) {
            fits = expected[i] == ANY ? shape[i] <= Integer.MAX_VALUE : shape[i] == expected[i];
        }
        if (!fits) {
            throw new PeftException(
                    "%s holds '%s' of shape %s, expected %s from the ranks in %s"
                            .formatted(
                                    file,
                                    name,
                                    Arrays.toString(shape),
                                    Arrays.stream(expected)
                                            .mapToObj(n -> n == ANY ? "any" : Integer.toString(n))
                                            .collect(Collectors.joining(", ", "[", "]")),
                                    PeftNames.CONFIG_FILE));
        }
        float[] values;
        try {
            values = tensors.floats(name);
        } catch (SafetensorsException e) {
            throw new PeftException(e.getMessage(), e);
        }
        Finite.require(values, "the tensor '" + name + "'");
        return values;
    }

    private int rows(String name) {
        return (int) tensors.shape(name)[0];
    }

    private int columns(String name) {
        return (int) tensors.shape(name)[1];
    }

    @Override
    public void close() throws IOException {
        tensors.close();
    }
}
