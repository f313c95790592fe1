package dev.velo.nio;

import java.nio.file.attribute.FileAttributeView;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Attributes by name, such as {@code posix:permissions}: which there are in which view, and their values. */
final class AttributeNames {
    private static final Map<String, Function<VeloAttributes, Object>> BASIC = new LinkedHashMap<>();
    private static final Map<String, Function<VeloAttributes, Object>> POSIX = new LinkedHashMap<>();
    private static final Map<String, Function<VeloAttributes, Object>> UNIX = new LinkedHashMap<>();
    private static final Map<String, Map<String, Function<VeloAttributes, Object>>> VIEWS;

    static {
        BASIC.put("size", VeloAttributes::size);
        BASIC.put("creationTime", VeloAttributes::creationTime);
        BASIC.put("lastAccessTime", VeloAttributes::lastAccessTime);
        BASIC.put("lastModifiedTime", VeloAttributes::lastModifiedTime);
        BASIC.put("fileKey", VeloAttributes::fileKey);
        BASIC.put("isDirectory", VeloAttributes::isDirectory);
        BASIC.put("isRegularFile", VeloAttributes::isRegularFile);
        BASIC.put("isSymbolicLink", VeloAttributes::isSymbolicLink);
        BASIC.put("isOther", VeloAttributes::isOther);
        POSIX.putAll(BASIC);
        POSIX.put("permissions", VeloAttributes::permissions);
        POSIX.put("owner", VeloAttributes::owner);
        POSIX.put("group", VeloAttributes::group);
        UNIX.putAll(POSIX);
        UNIX.put("mode", VeloAttributes::mode);
        UNIX.put("ino", attributes -> (long) attributes.node());
        UNIX.put("dev", attributes -> (long) attributes.key().view());
        UNIX.put("rdev", VeloAttributes::packedDevice);
        UNIX.put("nlink", VeloAttributes::links);
        UNIX.put("uid", VeloAttributes::uid);
        UNIX.put("gid", VeloAttributes::gid);
        UNIX.put("ctime", VeloAttributes::modified);
        VIEWS = Map.of("basic", BASIC, "posix", POSIX, "unix", UNIX, "owner", Map.of("owner", VeloAttributes::owner));
    }

    private AttributeNames() {}

    /** The names of all views, that of {@link java.nio.file.attribute.UserDefinedFileAttributeView} too. */
    static Set<String> views() {
        Set<String> names = new TreeSet<>(VIEWS.keySet());
        names.add("user");
        return names;
    }

    static boolean isView(Class<? extends FileAttributeView> type) {
        return VeloAttributeView.TYPES.contains(type);
    }

    /** The view part of {@code view:name,name}, {@code basic} where there is none. */
    static String view(String attributes) {
        int colon = attributes.indexOf(':');
        return colon < 0 ? "basic" : attributes.substring(0, colon);
    }

    /** The names behind the view part. */
    static String[] names(String attributes) {
        String names = attributes.substring(attributes.indexOf(':') + 1);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("no attribute is named in " + attributes);
        }
        return names.split(",", -1);
    }

    /** The values of these names. */
    static Map<String, Object> values(String attributes, VeloAttributes of) {
        String view = view(attributes);
        Map<String, Function<VeloAttributes, Object>> known = VIEWS.get(view);
        if (known == null) {
            throw new UnsupportedOperationException("View '" + view + "' not available");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (String name : names(attributes)) {
            if (name.equals("*")) {
                known.forEach((each, value) -> values.put(each, value.apply(of)));
                continue;
            }
            Function<VeloAttributes, Object> value = known.get(name);
            if (value == null) {
                throw new IllegalArgumentException("'" + name + "' not recognized");
            }
            values.put(name, value.apply(of));
        }
        return values;
    }
}
