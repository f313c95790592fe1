package dev.velo.nio;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Users and groups by number, with the names that this machine's files give them; a number without a name is its own. */
final class Principals {
    private static final Path USERS = Path.of("/etc/passwd");
    private static final Path GROUPS = Path.of("/etc/group");
    private static final Map<Integer, User> KNOWN_USERS = new ConcurrentHashMap<>();
    private static final Map<Integer, Group> KNOWN_GROUPS = new ConcurrentHashMap<>();

    /** A user; equal to another of the same number. */
    record User(int id, String name) implements UserPrincipal {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** A group; equal to another of the same number. */
    record Group(int id, String name) implements GroupPrincipal {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Looks up names in the same files. */
    static final class Lookup extends UserPrincipalLookupService {
        @Override
        public UserPrincipal lookupPrincipalByName(String name) throws IOException {
            return user(id(USERS, name));
        }

        @Override
        public GroupPrincipal lookupPrincipalByGroupName(String group) throws IOException {
            return group(id(GROUPS, group));
        }
    }

    private Principals() {}

    static User user(int id) {
        return KNOWN_USERS.computeIfAbsent(id, number -> new User(number, name(USERS, number)));
    }

    static Group group(int id) {
        return KNOWN_GROUPS.computeIfAbsent(id, number -> new Group(number, name(GROUPS, number)));
    }

    private static String name(Path file, int id) {
        String number = Integer.toUnsignedString(id);
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                String[] fields = line.split(":", -1);
                if (fields.length > 2 && fields[2].equals(number)) {
                    return fields[0];
                }
            }
        } catch (IOException e) {
            // a machine without the file has no names
        }
        return number;
    }

    private static int id(Path file, String name) throws IOException {
        if (Files.isReadable(file)) {
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                String[] fields = line.split(":", -1);
                if (fields.length > 2 && fields[0].equals(name)) {
                    return Integer.parseUnsignedInt(fields[2]);
                }
            }
        }
        try {
            return Integer.parseUnsignedInt(name);
        } catch (NumberFormatException e) {
            throw new UserPrincipalNotFoundException(name);
        }
    }
}
