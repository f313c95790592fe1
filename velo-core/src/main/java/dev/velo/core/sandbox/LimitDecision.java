package dev.velo.core.sandbox;

/**
 * How one limit is held on this machine.
 *
 * @param remark in what the mechanism falls short, and why there is no better one; "" if it does not
 */
public record LimitDecision(LimitedResource resource, LimitMechanism mechanism, String remark) {
    /** One line for people, such as {@code memory: cgroup v1}. */
    public String text() {
        return resource.text() + ": " + mechanism.text() + (remark.isEmpty() ? "" : ": " + remark);
    }

    /** Whether anything holds the limit. */
    public boolean isHeld() {
        return mechanism != LimitMechanism.NONE;
    }
}
