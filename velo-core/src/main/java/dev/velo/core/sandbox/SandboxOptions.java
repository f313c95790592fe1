package dev.velo.core.sandbox;

import dev.velo.core.present.CommandProcess;
import dev.velo.core.present.ShownTree;
import dev.velo.core.present.Upper;
import dev.velo.ffm.ErrnoException;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A command to run in a world of its own. Immutable; the trees stay their owner's, and are held until the command runs.
 *
 * @param root the tree that is the root directory
 * @param writes where what is written to the root goes
 * @param trees further trees, shown at places in the root, in this order
 * @param binds directories and files of this machine that the command sees
 * @param identity whom the command believes to be
 * @param hostname the name of the machine, as the command sees it
 * @param network whose network the command has
 * @param calls which system calls it may make
 * @param memoryBytes how much it may write to memory: to the root, to {@code /tmp} and to {@code /dev/shm} together; without one, half
 *     of the machine's
 * @param limits what all its processes may use together
 * @param timeLimitMillis after how many milliseconds all of it is ended
 * @param workingDirectory absolute path in which the command starts, as it sees it
 * @param process the command
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; options are never compared
public record SandboxOptions(
        ShownTree root,
        Writes writes,
        List<PlacedTree> trees,
        List<Bind> binds,
        Identity identity,
        byte[] hostname,
        Network network,
        Calls calls,
        OptionalLong memoryBytes,
        ResourceLimits limits,
        OptionalInt timeLimitMillis,
        byte[] workingDirectory,
        CommandProcess process) {
    /** Where what is written to the root goes. */
    public sealed interface Writes {
        /** To memory, and it is gone at the end. */
        record Discarded() implements Writes {}

        /** To this directory, which keeps it. */
        record Kept(Upper upper) implements Writes {
            /** To an upper that belongs to the sandbox's users from now on, and that no others of this machine can enter. */
            public static Kept handingOver(Upper upper) throws ErrnoException {
                upper.closeToOthers();
                if (UserNamespace.isNeeded()) {
                    upper.giveTo(UserNamespace.FIRST_USER);
                }
                return new Kept(upper);
            }
        }
    }

    /**
     * A tree at a place in the root.
     *
     * @param at absolute path, made if it is not there
     */
    public record PlacedTree(ShownTree tree, byte[] at, Access access) {}

    /**
     * A directory or file of this machine.
     *
     * @param source absolute path
     * @param target absolute path in the root, made if it is not there
     */
    public record Bind(byte[] source, byte[] target, Access access) {}

    /** Whether what is shown may be written to. A tree itself is never written to: what is written over it goes to memory. */
    public enum Access {
        READ_ONLY,
        READ_WRITE
    }

    /** Whose network the command has. */
    public enum Network {
        /** One of its own, in which there is only the loopback interface. */
        NONE,
        /** This machine's. */
        HOST
    }

    /** Which system calls the command may make. */
    public enum Calls {
        /** All but those that are of use for getting out ({@code docs/SANDBOX.md} lists them). */
        FILTERED,
        /** All of them; what they may do is still bounded by the lack of privileges. */
        ALL
    }
}
