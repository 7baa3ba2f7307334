package io.rankstream.adapters.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Updates in place that do in one call, and with little traffic of memory, what DJL's operations do
 * in many. libtorch has them, DJL's interface has not, so they are reached through a TorchScript
 * module, whose source is {@code kernels.py} beside this class.
 *
 * <p>Tensors are flat, of floats, of one length and on one device. Threads may share it.
 */
public final class Kernels {

    private static final String SOURCE = "kernels.py";

    /** What Python pickles of a module that has nothing but its training flag, which is off. */
    private static final String MODULE =
            "\u0080\u0002c__torch__\nKernels\n)\u0081}X\u0008\u0000\u0000\u0000training\u0089sb.";

    /** An empty tuple, pickled. */
    private static final String NO_CONSTANTS = "\u0080\u0002).";

    private static final String FORMAT_VERSION = "3\n";

    private final PtSymbolBlock module;

    /**
     * Compiles the module.
     *
     * @param owner frees it when it closes
     */
    public Kernels(PtNDManager owner) {
        try (InputStream source = Kernels.class.getResourceAsStream(SOURCE)) {
            InputStream archive = new ByteArrayInputStream(archive(source.readAllBytes()));
            this.module = JniUtils.loadModule(owner, archive, false, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A module as torch.jit.save writes it. */
    private static byte[] archive(byte[] source) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            write(zip, "code/__torch__.py", source);
            write(zip, "data.pkl", MODULE.getBytes(ISO_8859_1));
            write(zip, "constants.pkl", NO_CONSTANTS.getBytes(ISO_8859_1));
            write(zip, "version", FORMAT_VERSION.getBytes(ISO_8859_1));
        }
        return bytes.toByteArray();
    }

    private static void write(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry("kernels/" + name));
        zip.write(content);
        zip.closeEntry();
    }

    /**
     * One update as {@code torch.optim.AdamW} takes it in its fused form: decoupled weight decay
     * before the update, and epsilon added to the bias-corrected root.
     *
     * @param parameters updated in place
     * @param gradient left as it is
     * @param first first moment, updated in place
     * @param second second moment, updated in place
     * @param update number of this update, from 1, a scalar on the same device
     */
    public void adamW(
            PtNDArray parameters,
            PtNDArray gradient,
            PtNDArray first,
            PtNDArray second,
            PtNDArray update,
            double learningRate,
            double beta1,
            double beta2,
            double weightDecay,
            double epsilon) {
        run(
                "adamw",
                IValue.listFrom(parameters),
                IValue.listFrom(gradient),
                IValue.listFrom(first),
                IValue.listFrom(second),
                IValue.listFrom(update),
                IValue.from(learningRate),
                IValue.from(beta1),
                IValue.from(beta2),
                IValue.from(weightDecay),
                IValue.from(epsilon));
    }

    /**
     * {@code I = |p ⊙ g|}; {@code Ī ← β1·Ī + (1−β1)·I}; {@code Ū ← β2·Ū + (1−β2)·|I − Ī|}.
     *
     * @param gradient g, holds {@code |I − Ī|} afterwards
     * @param sensitivity Ī, updated in place
     * @param uncertainty Ū, updated in place
     */
    public void importance(
            PtNDArray parameters,
            PtNDArray gradient,
            PtNDArray sensitivity,
            PtNDArray uncertainty,
            double beta1,
            double beta2) {
        run(
                "importance",
                IValue.from(parameters),
                IValue.from(gradient),
                IValue.from(sensitivity),
                IValue.from(uncertainty),
                IValue.from(beta1),
                IValue.from(beta2));
    }

    private void run(String method, IValue... arguments) {
        try {
            IValueUtils.runMethod(module, method, arguments).close();
        } finally {
            for (IValue argument : arguments) {
                argument.close();
            }
        }
    }
}
