package dev.velo.core.sandbox;

import java.io.IOException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;

/**
 * What cgroups can limit that this process makes.
 *
 * @param held the resources that they can, and of which hierarchy they are
 * @param refused those that they cannot, and why, in a clause without an end
 */
public record CgroupSupport(Map<LimitedResource, LimitMechanism> held, Map<LimitedResource, String> refused) {
    /** As the kernel tells it now. */
    public static CgroupSupport read() throws IOException {
        Cgroups cgroups = Cgroups.read();
        Map<LimitedResource, LimitMechanism> held = new EnumMap<>(LimitedResource.class);
        for (CgroupParent parent : cgroups.parents(EnumSet.allOf(LimitedResource.class))) {
            parent.resources().forEach(resource -> held.put(resource, parent.mechanism()));
        }
        Map<LimitedResource, String> refused = new EnumMap<>(LimitedResource.class);
        for (LimitedResource resource : LimitedResource.values()) {
            if (!held.containsKey(resource)) {
                refused.put(resource, cgroups.whyNot(resource));
            }
        }
        return new CgroupSupport(held, refused);
    }
}
