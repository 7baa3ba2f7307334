package io.rankstream.benchmarks.profile;

import static io.rankstream.benchmarks.measure.FigureStyle.COLORS;
import static io.rankstream.benchmarks.measure.FigureStyle.TEXT;
import static io.rankstream.benchmarks.measure.FigureStyle.styled;

import io.rankstream.benchmarks.measure.FigureStyle;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.DefaultCategoryDataset;

/** Shares of the CPU time, a bar for each who uses it. */
final class ProfileFigure {

    private static final int WIDTH = 1100;
    private static final int HEIGHT = 460;

    private ProfileFigure() {}

    /** Writes the figure as PNG. */
    static void write(ProfileBenchmark.Report report, Path file) throws IOException {
        DefaultCategoryDataset shares = new DefaultCategoryDataset();
        report.usages().forEach(usage -> shares.addValue(100 * usage.share(), "", usage.user()));
        NumberAxis axis = styled(new NumberAxis("share of the CPU time, %"));
        // Room for the label of the longest bar.
        axis.setRange(0, 108);
        CategoryAxis users = styled(new CategoryAxis());
        users.setMaximumCategoryLabelWidthRatio(.4f);
        CategoryPlot plot = new CategoryPlot(shares, users, axis, bars());
        plot.setOrientation(PlotOrientation.HORIZONTAL);
        plot.setBackgroundPaint(Color.WHITE);
        plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
        plot.setOutlineVisible(false);
        FigureStyle.writePng(FigureStyle.chart(plot), WIDTH, HEIGHT, file);
    }

    private static BarRenderer bars() {
        BarRenderer renderer = new BarRenderer();
        renderer.setBarPainter(new StandardBarPainter());
        renderer.setShadowVisible(false);
        renderer.setSeriesPaint(0, COLORS.get(0));
        renderer.setDefaultItemLabelGenerator(
                new StandardCategoryItemLabelGenerator(
                        "{2}", new DecimalFormat("0.0", new DecimalFormatSymbols(Locale.ROOT))));
        renderer.setDefaultItemLabelFont(TEXT);
        renderer.setDefaultItemLabelsVisible(true);
        renderer.setDefaultPositiveItemLabelPosition(
                new ItemLabelPosition(ItemLabelAnchor.OUTSIDE3, TextAnchor.CENTER_LEFT));
        return renderer;
    }
}
