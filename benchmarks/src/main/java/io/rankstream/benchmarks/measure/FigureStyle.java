package io.rankstream.benchmarks.measure;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jfree.chart.ChartUtils;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.Axis;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.ui.RectangleInsets;

/** What the figures have in common. */
public final class FigureStyle {

    public static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 17);
    public static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 17);

    /** Blue and vermilion, told apart with any colour vision. */
    public static final List<Color> COLORS = List.of(new Color(0x0072B2), new Color(0xD55E00));

    private FigureStyle() {}

    public static <A extends Axis> A styled(A axis) {
        axis.setLabelFont(TITLE);
        axis.setTickLabelFont(TEXT);
        return axis;
    }

    /** A chart without title and legend. */
    public static JFreeChart chart(Plot plot) {
        JFreeChart chart = new JFreeChart(null, TITLE, plot, false);
        chart.setBackgroundPaint(Color.WHITE);
        chart.setPadding(new RectangleInsets(10, 10, 10, 10));
        return chart;
    }

    public static void writePng(JFreeChart chart, int width, int height, Path file)
            throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            ChartUtils.writeChartAsPNG(out, chart, width, height);
        }
    }
}
