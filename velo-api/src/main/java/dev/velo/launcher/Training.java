package dev.velo.launcher;

import dev.velo.core.present.Anchors;
import dev.velo.core.present.CheckoutMode;
import dev.velo.core.present.ImageFiles;
import dev.velo.core.store.Profiles;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Image;
import dev.velo.core.view.Images;
import dev.velo.core.view.MetadataPolicy;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Runner;
import dev.velo.project.Project;
import dev.velo.project.ProjectSession;
import dev.velo.project.ReadyTree;
import dev.velo.project.TreeInstallation;
import dev.velo.project.TreeMaker;
import dev.velo.project.UserFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The run from which the start-up archive is made: does in one process what the commands do, on a small tree, so that their classes
 * are loaded, and ends normally.
 */
public final class Training {
    private static final int FOLDERS = 60;
    private static final int FILES = 50;

    private Training() {}

    /** Trains in the folder named by the one argument, which the caller removes. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Path tree = Files.createDirectory(folder.resolve("tree"));
        for (int i = 0; i < FOLDERS; i++) {
            Path directory = Files.createDirectory(tree.resolve("folder" + i));
            for (int j = 0; j < FILES; j++) {
                Files.writeString(directory.resolve("file" + j), "file " + i + " " + j);
            }
        }
        String store = "--store=" + folder.resolve("store");
        String manifest = folder.resolve("tree.velo").toString();
        run("--version");
        run("ingest", store, tree.toString(), "-o", manifest);
        run("ingest", store, tree.toString(), "-o", manifest, "--json");
        run("checkout", store, manifest, folder.resolve("links").toString());
        run("checkout", store, "--copy", manifest, folder.resolve("copies").toString());
        run("ls", store, "-l", manifest, "folder1");
        run("stat", store, manifest, "folder1/file1");
        run("verify", store);
        run("verify", store, "--contents", manifest);
        run("status", store);
        run("root", "list", store);
        // a run would end this process, so everything of it is done but that
        run("run", store, "--rehearse", "--mode", "link", manifest, "--", "true");
        // what this build or the folder's file system may refuse is of no account
        Main.run(List.of("run", store, "--rehearse", "--mode", "preload", manifest, "--", "true"));
        Main.run(List.of("run", store, "--rehearse", "--isolate", "--mode", "link", manifest, "--", "true"));
        run("run", store, "--rehearse", manifest, "--", "true");
        mount(folder.resolve("store"), PathBytes.of(Path.of(manifest)));
        run("install", "--help");
        run("init", tree.toString());
        project(folder);
        FileCalls.close(Runner.openProgram());
    }

    /** What {@code velo install} does, with a tool that is a script; what this machine may refuse is of no account. */
    private static void project(Path folder) throws IOException {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        for (String tool : List.of("npm", "node")) {
            Path program = Files.writeString(
                    bin.resolve(tool), "#!/bin/sh\n[ \"$1\" = --version ] || mkdir -p node_modules/a\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        }
        Path project = Files.createDirectory(folder.resolve("project"));
        Files.writeString(project.resolve("package-lock.json"), "{}");
        Files.writeString(
                project.resolve("package.json"), "{\"name\": \"trained\", \"scripts\": {\"start\": \"true\"}}");
        byte[] path = PathBytes.of(project);
        Project.init(path, Project.Writing.ONCE);
        UserFacts user =
                new UserFacts(List.of(PathBytes.of("HOME=" + folder), PathBytes.of("PATH=" + bin + ":/usr/bin:/bin")));
        try (Store opened = Store.open(PathBytes.of(folder.resolve("store")))) {
            TreeMaker maker =
                    new TreeMaker(opened, user, ProjectTrees::await, new MakingLines(MakingLines.Telling.QUIET));
            for (int i = 0; i < 2; i++) {
                ProjectSession session = new ProjectSession(opened, Project.at(path), user);
                for (ReadyTree tree : session.require(session.keys(), maker)) {
                    new TreeInstallation(opened, tree).checkOut(CheckoutMode.LINK, TreeInstallation.Foreign.REFUSED);
                    TreeInstallation.remove(tree.tree());
                }
            }
        } catch (IOException e) {
            Terminal.err().println("velo: the training has no project: " + Failure.sentence(e));
        }
    }

    /** What {@code --mode mount} does, up to the calls that the folder's file system or this user may be refused. */
    private static void mount(Path store, byte[] manifest) throws IOException {
        try (Store opened = Store.open(PathBytes.of(store))) {
            Root root = TreeArgument.rootOf(opened, manifest, Root.Trust.UNTRUSTED);
            MetadataPolicy policy = TreeArgument.policy(root, Root.Trust.UNTRUSTED);
            for (int i = 0; i < 2; i++) {
                try (Image image =
                        Images.of(opened, root.tree(), policy, () -> TreeArgument.manifestOf(opened, root))) {
                    new Anchors(opened).rehearse(ImageFiles.of(opened, image));
                    new Profiles(opened).layout(root.tree());
                }
            }
        }
    }

    private static void run(String... arguments) {
        if (Main.run(List.of(arguments)) != 0) {
            throw new IllegalStateException(arguments[0] + " failed");
        }
    }
}
