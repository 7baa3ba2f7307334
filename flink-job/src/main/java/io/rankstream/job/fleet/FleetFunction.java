package io.rankstream.job.fleet;

import io.rankstream.adapters.fleet.FleetAccount;
import io.rankstream.adapters.fleet.FleetBudget;
import io.rankstream.adapters.fleet.FleetNeed;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.text.Amount;
import io.rankstream.job.LogMarkers;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.FleetSettings;
import io.rankstream.job.metrics.JobMetric;
import io.rankstream.schemas.CommandIssuer;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.ControlCommand;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Divides the fleet's budget, and commands each adapter whose share changes. All news have one key.
 *
 * <p>It divides when an adapter joins, and whenever the adapters together have learned from as many
 * examples as {@link FleetSettings#intervalExamples} since the last time. No clock takes part. What
 * it finds depends on the news and their order alone; the order of one adapter's is that of its
 * steps.
 */
public final class FleetFunction extends KeyedProcessFunction<String, FleetNews, ControlCommand> {

    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = LoggerFactory.getLogger(FleetFunction.class);

    private final FleetSettings settings;
    private final ConfiguredAdapters configured;

    private transient MapState<String, FleetAccount> accounts;
    private transient ValueState<Long> examples;
    private transient Counter allocations;
    private transient Counter commands;

    /** Whether it was said that the total cannot be kept, and it could not be kept since. */
    private transient boolean isToldOfTotal;

    private transient volatile long held;
    private transient volatile long members;

    public FleetFunction(FleetSettings settings, ConfiguredAdapters configured) {
        this.settings = settings;
        this.configured = configured;
    }

    @Override
    public void open(OpenContext context) {
        accounts =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "accounts",
                                        StringSerializer.INSTANCE,
                                        FleetAccountSerializer.INSTANCE));
        examples =
                getRuntimeContext()
                        .getState(new ValueStateDescriptor<>("examples", LongSerializer.INSTANCE));
        MetricGroup group = getRuntimeContext().getMetricGroup();
        allocations = JobMetric.FLEET_ALLOCATIONS.counter(group);
        commands = JobMetric.FLEET_COMMANDS.counter(group);
        JobMetric.FLEET_TRIPLETS.gauge(group, settings::triplets);
        JobMetric.FLEET_TARGETS.gauge(group, () -> held);
        JobMetric.FLEET_ADAPTERS.gauge(group, () -> members);
    }

    @Override
    public void processElement(FleetNews news, Context context, Collector<ControlCommand> out)
            throws Exception {
        FleetAccount known = accounts.get(news.adapterId());
        if (news instanceof FleetNews.Need need) {
            accounts.put(
                    need.adapterId(),
                    known == null ? FleetAccount.opened(need.need()) : known.after(need.need()));
            long since = learned(known, need.need());
            boolean isDue = known == null || since >= settings.intervalExamples();
            examples.update(isDue ? 0L : since);
            if (isDue) {
                allocate(context, out);
            }
        } else if (news instanceof FleetNews.Target target && known != null) {
            accounts.put(
                    target.adapterId(),
                    known.withTarget(target.triplets(), target.isPinned(), target.answersFleet()));
            if (known.need().isPinned() == target.isPinned()) {
                command(all(), context, out);
            } else {
                allocate(context, out);
            }
        } else if (news instanceof FleetNews.Refused && known != null) {
            accounts.put(news.adapterId(), known.refused());
            command(all(), context, out);
        }
    }

    /** Examples since the last allocation, with this need; one that was rolled back adds none. */
    private long learned(FleetAccount known, FleetNeed need) throws Exception {
        Long before = examples.value();
        long newest = known == null ? 0 : Math.max(0, need.examples() - known.need().examples());
        return (before == null ? 0 : before) + newest;
    }

    private void allocate(Context context, Collector<ControlCommand> out) throws Exception {
        SortedMap<String, FleetAccount> all = all();
        for (String adapterId : all.keySet().stream().filter(id -> !belongs(id)).toList()) {
            all.remove(adapterId);
            accounts.remove(adapterId);
        }
        if (all.isEmpty()) {
            return;
        }
        FleetBudget budget = budget();
        budget.allocate(all);
        allocations.inc();
        long wanted = all.values().stream().mapToLong(FleetAccount::share).sum();
        boolean isKept = wanted <= settings.triplets();
        if (!isKept && !isToldOfTotal) {
            LOGGER.warn(
                    LogMarkers.CONSOLE,
                    "The fleet's {} cannot be kept: its {} need {} at least, those included that 'set-budget' has given; raise fleet.triplets, or lower these",
                    Amount.of(settings.triplets(), "triplet"),
                    Amount.of(all.size(), "adapter"),
                    wanted);
        }
        isToldOfTotal = !isKept;
        accounts.putAll(all);
        command(all, context, out);
    }

    private FleetBudget budget() {
        return new FleetBudget(settings.triplets());
    }

    /** An adapter may outlive its settings in the configuration, as state does. */
    private boolean belongs(String adapterId) {
        return configured.template(adapterId).filter(TrainingTemplate::movesBudget).isPresent();
    }

    private SortedMap<String, FleetAccount> all() throws Exception {
        SortedMap<String, FleetAccount> all = new TreeMap<>();
        for (Map.Entry<String, FleetAccount> each : accounts.entries()) {
            all.put(each.getKey(), each.getValue());
        }
        return all;
    }

    private void command(
            SortedMap<String, FleetAccount> all, Context context, Collector<ControlCommand> out)
            throws Exception {
        Instant now = Instant.ofEpochMilli(context.timerService().currentProcessingTime());
        for (Map.Entry<String, Integer> ask : budget().asks(all).entrySet()) {
            FleetAccount account = all.get(ask.getKey());
            accounts.put(ask.getKey(), account);
            commands.inc();
            LOGGER.info(
                    "The fleet moves adapter '{}' from {} to {}, of {} in all.",
                    ask.getKey(),
                    account.need().target(),
                    Amount.of(ask.getValue(), "triplet"),
                    settings.triplets());
            out.collect(
                    ControlCommand.newBuilder()
                            .setCommandId(
                                    "fleet/%d/%d".formatted(account.need().step(), ask.getValue()))
                            .setAdapterId(ask.getKey())
                            .setAction(ControlAction.SET_BUDGET)
                            .setBudget(ask.getValue())
                            .setIssuer(CommandIssuer.FLEET)
                            .setIssuedAt(now)
                            .build());
        }
        held = all.values().stream().mapToLong(FleetAccount::held).sum();
        members = all.size();
    }
}
