package dev.velo.core.ingest;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.format.AttributeSet.Attribute;
import dev.velo.core.tree.PathBytes;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns the numbers of users and groups that files have outside a user namespace into those that a program inside saw. A number that
 * the program could not have is an error: whoever gave it to a file was not the program.
 */
final class InsideIds {
    private static final long ROOT = 0;

    private final ScannedTree tree;
    private final FileFacts facts;
    private final IdMap users;
    private final IdMap groups;

    InsideIds(Ingestion ingestion, IdMap users, IdMap groups) {
        this.tree = ingestion.tree();
        this.facts = ingestion.facts();
        this.users = users;
        this.groups = groups;
    }

    /** Changes the owners that the scan has found. */
    void translateOwners() throws IngestException {
        translateOwners(tree.rootHolder, -1);
        for (int number = 0; number < tree.directories.size(); number++) {
            translateOwners(tree.directories.get(number), number);
        }
    }

    private void translateOwners(ScannedDirectory directory, int number) throws IngestException {
        for (int index = 0; index < directory.count; index++) {
            if (!directory.isWhiteout(index)) {
                long uid = users.inside((int) (directory.owners[index] >>> 32));
                long gid = groups.inside((int) directory.owners[index]);
                if (uid == IdMap.NONE || gid == IdMap.NONE) {
                    throw outside(number < 0 ? tree.path(0) : tree.path(number, index), directory.owners[index]);
                }
                directory.owners[index] = uid << 32 | gid;
            }
        }
    }

    private static IngestException outside(byte[] path, long owner) {
        return new IngestException(
                path,
                "belongs to user " + (owner >>> 32) + " and group " + (owner & 0xFFFF_FFFFL)
                        + ", who were nobody to the program that ran here; give it to a user of the run, or delete it");
    }

    /** Changes the ids in access lists and file capabilities, and the owner's permissions in those to what the scan found. */
    void translateAttributes() throws IngestException {
        for (int entry : List.copyOf(facts.attributed())) {
            List<Attribute> translated = new ArrayList<>();
            for (Attribute attribute : AttributeSet.decode(facts.attributes(entry))) {
                translated.add(new Attribute(attribute.name(), translate(entry, attribute)));
            }
            facts.setAttributes(entry, AttributeSet.encode(translated));
        }
    }

    private byte[] translate(int entry, Attribute attribute) throws IngestException {
        return switch (PathBytes.show(attribute.name())) {
            case "system.posix_acl_access" -> list(entry, attribute.value()).withOwnerPermissions(permissions(entry));
            case "system.posix_acl_default" -> list(entry, attribute.value()).bytes();
            case "security.capability" -> capability(entry, attribute.value());
            default -> attribute.value();
        };
    }

    private AccessList list(int entry, byte[] value) throws IngestException {
        AccessList list = new AccessList(value.clone());
        if (!list.translate(users, groups)) {
            throw new IngestException(
                    path(entry),
                    "has an access list with a user or group who was nobody to the program that ran here; remove it"
                            + " (setfacl -b)");
        }
        return list;
    }

    private byte[] capability(int entry, byte[] value) throws IngestException {
        if (!FileCapability.hasRoot(value)) {
            return value;
        }
        long root = users.inside(FileCapability.root(value));
        if (root == IdMap.NONE) {
            throw new IngestException(
                    path(entry),
                    "has capabilities for a user who was nobody to the program that ran here; remove them (setcap -r)");
        }
        return root == ROOT ? FileCapability.withoutRoot(value) : FileCapability.withRoot(value, (int) root);
    }

    private int permissions(int entry) {
        if (entry == 0) {
            return tree.rootHolder.modes[0];
        }
        ScannedDirectory directory = tree.directories.get(tree.directoryOf(entry));
        return directory.modes[entry - directory.firstEntry];
    }

    private byte[] path(int entry) {
        if (entry == 0) {
            return tree.path(0);
        }
        int directory = tree.directoryOf(entry);
        return tree.path(directory, entry - tree.directories.get(directory).firstEntry);
    }
}
