package io.rankstream.benchmarks.drift;

import static io.rankstream.benchmarks.measure.FigureStyle.COLORS;
import static io.rankstream.benchmarks.measure.FigureStyle.TEXT;
import static io.rankstream.benchmarks.measure.FigureStyle.styled;

import io.rankstream.benchmarks.measure.FigureStyle;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Paint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.CombinedDomainXYPlot;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.PaintScale;
import org.jfree.chart.renderer.xy.XYBlockRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.title.PaintScaleLegend;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.DefaultXYZDataset;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * Live ranks of every module over steps, a heat map for each schedule, and prequential accuracy
 * below them on the same axis.
 */
final class SwitchFigure {

    private static final int WIDTH = 1100;
    private static final int HEIGHT = 1150;
    private static final int MODULES_OF_A_LAYER = 6;

    /** Examples of the moving window of the accuracy. */
    private static final int WINDOW = 150;

    /** Live rank 0 to the initial rank as dark blue, grey, yellow: even in lightness. */
    private record RankPaint(int initRank) implements PaintScale {

        private static final List<Color> STOPS =
                List.of(
                        new Color(0x00224E),
                        new Color(0x434E6C),
                        new Color(0x7D7C78),
                        new Color(0xBCAE6C),
                        new Color(0xFEE838));

        @Override
        public double getLowerBound() {
            return 0;
        }

        @Override
        public double getUpperBound() {
            return initRank;
        }

        @Override
        public Paint getPaint(double rank) {
            double place = rank / initRank * (STOPS.size() - 1);
            int stop = Math.min((int) place, STOPS.size() - 2);
            double share = place - stop;
            Color low = STOPS.get(stop);
            Color high = STOPS.get(stop + 1);
            return new Color(
                    between(low.getRed(), high.getRed(), share),
                    between(low.getGreen(), high.getGreen(), share),
                    between(low.getBlue(), high.getBlue(), share));
        }

        private static int between(int low, int high, double share) {
            return (int) Math.round(low + share * (high - low));
        }
    }

    private final Map<String, RankHistory> runs;
    private final int switchStep;
    private final RankPaint paint;

    /**
     * @param runs histories of equal length by the name of their schedule, in the order to draw
     * @param switchStep last step before the switch
     * @param initRank live rank at the upper end of the colours
     */
    SwitchFigure(Map<String, RankHistory> runs, int switchStep, int initRank) {
        this.runs = runs;
        this.switchStep = switchStep;
        this.paint = new RankPaint(initRank);
    }

    /** Writes the figure as PNG. */
    void write(Path file) throws IOException {
        CombinedDomainXYPlot plot = new CombinedDomainXYPlot(steps());
        plot.setGap(14);
        runs.forEach((name, run) -> plot.add(heatMap(name, run), 5));
        XYPlot accuracy = accuracy();
        plot.add(accuracy, 4);
        JFreeChart chart = FigureStyle.chart(plot);
        chart.addSubtitle(ranksLegend());
        chart.addSubtitle(linesLegend(accuracy));
        FigureStyle.writePng(chart, WIDTH, HEIGHT, file);
    }

    private NumberAxis steps() {
        NumberAxis axis = new NumberAxis("optimizer step");
        axis.setRange(0.5, runs.values().iterator().next().steps() + 0.5);
        return styled(axis);
    }

    private XYPlot heatMap(String name, RankHistory run) {
        int modules = run.modules().size();
        int count = run.steps() * modules;
        double[][] values = new double[3][count];
        for (int i = 0; i < count; i++) {
            int step = 1 + i / modules;
            values[0][i] = step;
            values[1][i] = i % modules;
            values[2][i] = run.ranks(step)[i % modules];
        }
        DefaultXYZDataset data = new DefaultXYZDataset();
        data.addSeries(name, values);
        XYBlockRenderer renderer = new XYBlockRenderer();
        renderer.setPaintScale(paint);
        // Wider than a step, so that no seam shows between equal ones.
        renderer.setBlockWidth(1.4);
        XYPlot plot = new XYPlot(data, null, layers(name, modules), renderer);
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlinesVisible(false);
        for (int first = MODULES_OF_A_LAYER; first < modules; first += MODULES_OF_A_LAYER) {
            plot.addRangeMarker(new ValueMarker(first - 0.5, Color.WHITE, new BasicStroke(1.5f)));
        }
        plot.addDomainMarker(switchMarker(Color.WHITE));
        return plot;
    }

    private static ValueAxis layers(String name, int modules) {
        String[] labels = new String[modules];
        for (int k = 0; k < modules; k++) {
            boolean middle = k % MODULES_OF_A_LAYER == MODULES_OF_A_LAYER / 2;
            labels[k] = middle ? String.valueOf(k / MODULES_OF_A_LAYER) : "";
        }
        SymbolAxis axis = new SymbolAxis(name + ": layer", labels);
        axis.setGridBandsVisible(false);
        axis.setTickMarksVisible(false);
        axis.setRange(-0.5, modules - 0.5);
        return styled(axis);
    }

    private XYPlot accuracy() {
        XYSeriesCollection data = new XYSeriesCollection();
        runs.forEach((name, run) -> data.addSeries(accuracy(name, run)));
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
        for (int i = 0; i < COLORS.size(); i++) {
            renderer.setSeriesPaint(i, COLORS.get(i));
        }
        // Dashes let the first line show where both are the same.
        renderer.setSeriesStroke(0, new BasicStroke(3f));
        renderer.setSeriesStroke(
                1,
                new BasicStroke(
                        3f,
                        BasicStroke.CAP_BUTT,
                        BasicStroke.JOIN_ROUND,
                        1f,
                        new float[] {9f, 6f},
                        0f));
        NumberAxis axis = new NumberAxis("accuracy, last " + WINDOW);
        axis.setRange(0, 1);
        XYPlot plot = new XYPlot(data, null, styled(axis), renderer);
        plot.setBackgroundPaint(Color.WHITE);
        plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
        plot.setDomainGridlinePaint(Color.LIGHT_GRAY);
        ValueMarker marker = switchMarker(Color.BLACK);
        marker.setLabel("the topic switches ");
        marker.setLabelFont(TEXT);
        marker.setLabelBackgroundColor(new Color(0, true));
        marker.setLabelAnchor(RectangleAnchor.BOTTOM_LEFT);
        marker.setLabelTextAnchor(TextAnchor.BOTTOM_RIGHT);
        plot.addDomainMarker(marker);
        return plot;
    }

    private static XYSeries accuracy(String name, RankHistory run) {
        XYSeries series = new XYSeries(name);
        for (int step = 1; step <= run.steps(); step++) {
            int seen = run.seen(step);
            if (seen >= WINDOW) {
                series.add(step, run.accuracy(seen - WINDOW, seen));
            }
        }
        return series;
    }

    private ValueMarker switchMarker(Color color) {
        return new ValueMarker(switchStep + 0.5, color, new BasicStroke(3f));
    }

    private PaintScaleLegend ranksLegend() {
        NumberAxis axis = styled(new NumberAxis("live rank of a module"));
        axis.setStandardTickUnits(NumberAxis.createIntegerTickUnits());
        PaintScaleLegend legend = new PaintScaleLegend(paint, axis);
        legend.setPosition(RectangleEdge.TOP);
        legend.setStripWidth(16);
        legend.setSubdivisionCount(paint.initRank() + 1);
        legend.setMargin(0, 90, 10, 10);
        return legend;
    }

    private static LegendTitle linesLegend(XYPlot plot) {
        LegendTitle legend = new LegendTitle(plot);
        legend.setItemFont(TEXT);
        legend.setPosition(RectangleEdge.BOTTOM);
        return legend;
    }
}
