package dev.velo.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What decides a tree, and what does not. */
final class TreeKeyTest {
    @TempDir
    private Path temporary;

    private Path home;
    private Path folder;

    @BeforeEach
    void makeProject() throws IOException {
        home = Files.createDirectory(temporary.resolve("home"));
        Files.createDirectory(temporary.resolve("bin"));
        folder = Files.createDirectory(temporary.resolve("project"));
        for (String tool : List.of("node", "npm", "python3")) {
            tool(tool, "1");
        }
        Files.writeString(folder.resolve("package-lock.json"), "{}");
        Files.writeString(folder.resolve("requirements.txt"), "a==1\n");
    }

    private void tool(String name, String version) throws IOException {
        Path program = temporary.resolve("bin").resolve(name);
        Files.writeString(
                program, "#!/bin/sh\necho asked >> " + temporary + "/asked-" + name + "\necho " + version + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private TreeKey key(Path where, Ecosystem ecosystem, Map<String, String> variables) throws IOException {
        List<byte[]> environment = new ArrayList<>();
        environment.add(PathBytes.of("HOME=" + home));
        environment.add(PathBytes.of("PATH=" + temporary.resolve("bin")));
        variables.forEach((name, value) -> environment.add(PathBytes.of(name + "=" + value)));
        UserFacts user = new UserFacts(environment);
        TreeDeclaration tree = TreeDeclaration.usual(ecosystem, "", ecosystem.deciding());
        Project project = new Project(PathBytes.of(where), List.of(tree));
        try (Store store = Store.open(PathBytes.of(temporary.resolve("store")))) {
            return TreeKey.of(project.resolve(user).getFirst(), user, new ToolVersions(store, user));
        }
    }

    @Test
    void programsInJavaHaveTheirHomeFromTheAccount() throws IOException {
        Path account = Files.createDirectory(temporary.resolve("account"));
        UserFacts user = new UserFacts(List.of(PathBytes.of("HOME=" + home)), PathBytes.of(account));
        for (Map.Entry<Ecosystem, Path> each : Map.of(
                        Maven.ECOSYSTEM, account.resolve(".m2/repository"), Go.ECOSYSTEM, home.resolve("go/pkg/mod"))
                .entrySet()) {
            Project project = new Project(
                    PathBytes.of(folder),
                    List.of(TreeDeclaration.usual(
                            each.getKey(), "", each.getKey().deciding())));
            assertThat(project.resolve(user).getFirst().place()).isEqualTo(PathBytes.of(each.getValue()));
        }
        assertThatThrownBy(() -> new UserFacts(List.of(), PathBytes.of("?")).home(Ecosystem.Home.OF_ACCOUNT))
                .hasMessageContaining("account has no home directory");
    }

    private TreeKey npm() throws IOException {
        return key(folder, Npm.ECOSYSTEM, Map.of());
    }

    @Test
    void aTextIsTheKeyThatItCameFrom() throws IOException {
        TreeKey key = npm();

        assertThat(TreeKey.parse(key.text())).isEqualTo(key);
        assertThat(TreeKey.parse(key.text()).digest()).isEqualTo(key.digest());
    }

    @Test
    void lockfileSettingsAndVariablesDecide() throws IOException {
        TreeKey before = npm();
        assertThat(npm()).isEqualTo(before);

        assertThat(key(folder, Npm.ECOSYSTEM, Map.of("NODE_ENV", "production"))).isNotEqualTo(before);
        assertThat(key(folder, Npm.ECOSYSTEM, Map.of("EDITOR", "vi"))).isEqualTo(before);
        Files.writeString(home.resolve(".npmrc"), "omit=dev\n");
        TreeKey withSettings = npm();
        assertThat(withSettings).isNotEqualTo(before);
        Files.writeString(folder.resolve("package-lock.json"), "{ }");
        assertThat(npm()).isNotEqualTo(withSettings);
        assertThat(npm().isKin(withSettings)).isTrue();
        assertThat(npm().isKin(before)).isFalse();
    }

    @Test
    void secretsOfVariablesAreNotKept() throws IOException {
        TreeKey key = key(folder, Npm.ECOSYSTEM, Map.of("npm_config__authToken", "s3cret"));

        assertThat(key.text()).contains("variable npm_config__authToken ").doesNotContain("s3cret");
    }

    @Test
    void aToolIsAskedOnceForItsVersionAndAgainWhenItChanges() throws IOException {
        TreeKey before = npm();
        npm();
        assertThat(Files.readAllLines(temporary.resolve("asked-node"))).hasSize(1);

        tool("node", "2");

        assertThat(npm()).isNotEqualTo(before);
        assertThat(npm().lines()).contains("tool node 2", "tool npm 1");
    }

    @Test
    void onlyATreeThatKnowsItsPlaceIsOfThatPlace() throws IOException {
        Path other = Files.createDirectory(temporary.resolve("other"));
        for (String name : List.of("package-lock.json", "requirements.txt")) {
            Files.copy(folder.resolve(name), other.resolve(name));
        }

        assertThat(key(other, Npm.ECOSYSTEM, Map.of())).isEqualTo(npm());
        assertThat(key(other, Pip.ECOSYSTEM, Map.of())).isNotEqualTo(key(folder, Pip.ECOSYSTEM, Map.of()));
    }

    private TreeKey declared(String more) throws IOException {
        return declared(ProjectFile.parse("velo.toml", "[[tree]]\necosystem = \"npm\"\n" + more));
    }

    private TreeKey declared(List<TreeDeclaration> trees) throws IOException {
        UserFacts user =
                new UserFacts(List.of(PathBytes.of("HOME=" + home), PathBytes.of("PATH=" + temporary.resolve("bin"))));
        Project project = new Project(PathBytes.of(folder), trees);
        try (Store store = Store.open(PathBytes.of(temporary.resolve("store")))) {
            return TreeKey.of(project.resolve(user).getFirst(), user, new ToolVersions(store, user));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "growing = [\"sh\", \"-c\", \"echo evil > node_modules/left/index.js\"]",
                "place = \"elsewhere\"",
                "inputs = [\"package-lock.json\"]",
                "command = [\"npm ci\", \"--no-audit\", \"--no-fund\", \"--prefer-offline\"]",
                "command = [\"npm\", \"ci\", \"--no-audit --no-fund --prefer-offline\"]",
                "command = [\"npm ci --no-audit --no-fund --prefer-offline\\nplace /\"]"
            })
    void whatAProjectDeclaresOtherwiseIsNoTreeOfOthers(String unusual) throws IOException {
        TreeKey usual = declared("");
        assertThat(usual).isEqualTo(npm());

        TreeKey key = declared(unusual);

        assertThat(key).isNotEqualTo(usual);
        assertThat(key.isKin(usual)).isFalse();
        assertThat(TreeKey.parse(key.text())).isEqualTo(key);
    }

    @Test
    void aLockfileThatToolsPreferDecidesAlsoWhereItIsNotDeclared() throws IOException {
        String init = "inputs = [\"package-lock.json\", \"package.json\", \".npmrc\", \"patches/*\"]";
        TreeKey before = declared(init);
        Files.writeString(folder.resolve("npm-shrinkwrap.json"), "{}");

        assertThat(declared(init)).isNotEqualTo(before).isEqualTo(npm());
    }

    @Test
    void withoutALockfileNothingDecides() throws IOException {
        Files.delete(folder.resolve("package-lock.json"));

        assertThatThrownBy(this::npm)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no npm-shrinkwrap.json or package-lock.json that decides node_modules");
    }

    @Test
    void aMissingToolIsNamed() throws IOException {
        Files.delete(temporary.resolve("bin/npm"));

        assertThatThrownBy(this::npm).hasMessageContaining("there is no npm on the PATH");
    }

    @Test
    void whatPeopleStartDecidesNothingAndPatchesDo() throws IOException {
        Path manifest = folder.resolve("package.json");
        Files.writeString(manifest, "{\"scripts\": {\"start\": \"node .\"}}");
        TreeKey first = npm();

        Files.writeString(manifest, "{\"scripts\": {\"start\": \"node x\"}}");
        assertThat(npm()).isEqualTo(first);
        Files.writeString(manifest, "{\"scripts\": {\"postinstall\": \"patch-package\"}}");
        TreeKey patching = npm();
        assertThat(patching).isNotEqualTo(first);
        Files.createDirectory(folder.resolve("patches"));
        Files.writeString(folder.resolve("patches/left+1.0.0.patch"), "a patch");
        assertThat(npm()).isNotEqualTo(patching);
    }

    @Test
    void thePackagesOfAWorkspaceAreInputs() throws IOException {
        for (String path :
                List.of("apps/web", "packages/build", "packages/other/deep", "tool/dist", "tool", "packages/own")) {
            Files.createDirectories(folder.resolve(path));
            Files.writeString(folder.resolve(path).resolve("package.json"), "{}");
        }
        Files.writeString(folder.resolve("packages/own/package-lock.json"), "{}");
        Files.createDirectories(folder.resolve("node_modules/a"));
        Files.writeString(folder.resolve("node_modules/a/package.json"), "{}");
        byte[] path = PathBytes.of(folder);

        Files.writeString(folder.resolve("package.json"), "{}");
        Project.init(path, Project.Writing.ANEW);
        assertThat(Project.at(path).trees().getFirst().inputs()).doesNotContain("packages/*/package.json");
        Files.writeString(folder.resolve("package.json"), "{\"workspaces\": [\"packages/*\"]}");
        Project.init(path, Project.Writing.ANEW);

        assertThat(Project.at(path).trees())
                .filteredOn(tree -> tree.name().equals("node_modules"))
                .singleElement()
                .satisfies(tree -> assertThat(tree.inputs())
                        .contains(
                                "apps/*/package.json",
                                "packages/*/package.json",
                                "packages/other/*/package.json",
                                "tool/package.json")
                        .noneMatch(input -> input.contains("node_modules") || input.startsWith("tool/*")));
        TreeDeclaration modules = Project.at(path).trees().stream()
                .filter(tree -> tree.name().equals("node_modules"))
                .findFirst()
                .orElseThrow();
        TreeKey before = declared(List.of(modules));
        Files.writeString(folder.resolve("packages/build/package.json"), "{\"scripts\": {\"postinstall\": \"x\"}}");
        assertThat(declared(List.of(modules))).isNotEqualTo(before);
    }
}
