package io.rankstream.adapters.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The rules of a fleet: who has how many triplets, and who is asked to have others when. Adapters
 * whose target somebody else has set keep it; it counts.
 *
 * @param total triplets of all adapters
 */
public record FleetBudget(int total) {

    /** A change of no more than one in so many triplets is not worth a command. */
    private static final int SMALLEST_CHANGE = 8;

    /**
     * Divides the total anew. As long as the total is kept, who would have only a little more or
     * less than now stays as it is.
     *
     * @param accounts of all adapters by their ids; changed in place
     */
    public void allocate(SortedMap<String, FleetAccount> accounts) {
        SortedMap<String, FleetAccount> free = new TreeMap<>(accounts);
        free.values().removeIf(account -> account.need().isPinned());
        divide(free, total - targets(accounts) + targets(free));
        if (targets(accounts) <= total) {
            SortedMap<String, FleetAccount> moved = new TreeMap<>(free);
            moved.values().removeIf(FleetBudget::isSmallChange);
            free.keySet().removeAll(moved.keySet());
            free.replaceAll((adapterId, account) -> account.wanting(account.need().target()));
            divide(moved, total - targets(accounts) + targets(moved));
            free.putAll(moved);
        }
        accounts.putAll(free);
    }

    /**
     * Who is to be asked for what now: first those that give back, and the others as soon as there
     * is room for them. They are taken for asked.
     *
     * @param accounts of all adapters by their ids; changed in place
     * @return triplets by adapter, in the order of their ids
     */
    public SortedMap<String, Integer> asks(SortedMap<String, FleetAccount> accounts) {
        SortedMap<String, Integer> asks = new TreeMap<>();
        accounts.forEach(
                (adapterId, account) -> {
                    if (account.change() < 0) {
                        asks.put(adapterId, account.wanted());
                    }
                });
        long room = total - accounts.values().stream().mapToLong(FleetAccount::held).sum();
        List<String> adapterIds = new ArrayList<>(accounts.keySet());
        for (String adapterId : adapterIds) {
            int change = accounts.get(adapterId).change();
            if (change > 0 && change <= room) {
                asks.put(adapterId, accounts.get(adapterId).wanted());
                room -= change;
            }
        }
        asks.forEach((adapterId, triplets) -> accounts.compute(adapterId, (id, a) -> a.asked()));
        return asks;
    }

    private static int targets(SortedMap<String, FleetAccount> accounts) {
        return accounts.values().stream().mapToInt(account -> account.need().target()).sum();
    }

    private static boolean isSmallChange(FleetAccount account) {
        int target = account.need().target();
        return Math.abs(account.wanted() - target) * SMALLEST_CHANGE <= target;
    }

    private void divide(SortedMap<String, FleetAccount> among, int triplets) {
        if (among.isEmpty()) {
            return;
        }
        int[] budgets =
                FleetAllocator.allocate(
                        among.values().stream().map(FleetBudget::member).toList(),
                        Math.max(0, triplets));
        int i = 0;
        for (String adapterId : List.copyOf(among.keySet())) {
            among.put(adapterId, among.get(adapterId).wanting(budgets[i++]));
        }
    }

    private static FleetMember member(FleetAccount account) {
        return new FleetMember(account.need().importance(), account.need().initial());
    }
}
