package io.rankstream.job.simulation;

import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropertyAttributes;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Tries of the simulation's properties, from the system property {@code simulation.tries} that the
 * build sets; and the seed of a run that is to be seen again, from {@code simulation.seed}.
 */
final class SimulationTries implements AroundPropertyHook {

    @Override
    public PropertyExecutionResult aroundProperty(
            PropertyLifecycleContext context, PropertyExecutor property) {
        PropertyAttributes attributes = context.attributes();
        attributes.setTries(Integer.getInteger("simulation.tries", 200));
        String seed = System.getProperty("simulation.seed");
        if (seed != null) {
            attributes.setSeed(seed);
            attributes.setAfterFailure(AfterFailureMode.RANDOM_SEED);
        }
        return property.execute();
    }
}
