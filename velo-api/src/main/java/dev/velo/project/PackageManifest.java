package dev.velo.project;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Set;

/** What of a {@code package.json} decides the tree that is installed for it. */
final class PackageManifest {
    static final String NAME = "package.json";

    private static final String SCRIPTS = "scripts";
    private static final String WORKSPACES = "workspaces";

    /**
     * The scripts that an installation runs, of which nobody knows what they read. Source: <a
     * href="https://docs.npmjs.com/cli/using-npm/scripts#life-cycle-scripts">npm</a>, <a
     * href="https://pnpm.io/scripts#lifecycle-scripts">pnpm</a>.
     */
    private static final Set<String> AT_INSTALLATION = Set.of(
            "preinstall",
            "install",
            "postinstall",
            "prepublish",
            "preprepare",
            "prepare",
            "postprepare",
            "predependencies",
            "dependencies",
            "postdependencies",
            "pnpm:devPreinstall");

    private PackageManifest() {}

    /**
     * The contents without the scripts that people start, which change more often than what is installed; the contents themselves if an
     * installation runs one, or if they are no JSON object.
     */
    static byte[] deciding(byte[] contents) throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream(contents.length);
        int copied = 0;
        try (JsonParser parser = new JsonFactory().createParser(contents)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return contents;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isOfScripts = parser.currentName().equals(SCRIPTS);
                if (parser.nextToken() != JsonToken.START_OBJECT || !isOfScripts) {
                    parser.skipChildren();
                    continue;
                }
                int start = (int) parser.currentTokenLocation().getByteOffset();
                if (start < copied || runsAtInstallation(parser)) {
                    return contents; // a negative offset is one in another encoding
                }
                rest.write(contents, copied, start - copied);
                copied = (int) parser.currentLocation().getByteOffset();
            }
            if (parser.nextToken() != null) {
                return contents;
            }
        } catch (JacksonException e) {
            return contents; // its tool will say what is wrong
        }
        rest.write(contents, copied, contents.length - copied);
        return rest.toByteArray();
    }

    /** Whether these are the contents of one that has further packages. */
    static boolean hasWorkspaces(byte[] contents) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(contents)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                if (parser.currentName().equals(WORKSPACES)) {
                    return true;
                }
                parser.nextToken();
                parser.skipChildren();
            }
            return false;
        } catch (JacksonException e) {
            return false;
        }
    }

    /** Reads an object of scripts to its end. */
    private static boolean runsAtInstallation(JsonParser parser) throws IOException {
        boolean runs = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            runs |= AT_INSTALLATION.contains(parser.currentName());
            parser.nextToken();
            parser.skipChildren();
        }
        return runs;
    }
}
