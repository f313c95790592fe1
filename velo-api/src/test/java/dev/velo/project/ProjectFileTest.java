package dev.velo.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProjectFileTest {
    @Test
    void whatIsWrittenIsRead() throws IOException {
        List<TreeDeclaration> trees = Ecosystems.ALL.stream()
                .map(each -> TreeDeclaration.usual(each, "a \"quoted\" \\ folder/" + each.name(), each.deciding()))
                .toList();

        assertThat(ProjectFile.parse("velo.toml", ProjectFile.text(trees))).isEqualTo(trees);
    }

    @Test
    void aProjectWithoutTreesSaysHowToDeclareOne() throws IOException {
        String text = ProjectFile.text(List.of());

        assertThat(text).contains("# [[tree]]");
        assertThat(ProjectFile.parse("velo.toml", text)).isEmpty();
    }

    @Test
    void onlyTheEcosystemHasToBeSaid() throws IOException {
        List<TreeDeclaration> trees = ProjectFile.parse("velo.toml", "[[tree]]\necosystem = \"npm\"\n");

        assertThat(trees).containsExactly(TreeDeclaration.usual(Npm.ECOSYSTEM, "", Npm.ECOSYSTEM.deciding()));
    }

    @Test
    void whoNamesACommandOfTheirOwnNamesWhatGrowsATreeToo() throws IOException {
        TreeDeclaration tree = ProjectFile.parse(
                        "velo.toml", "[[tree]]\necosystem = \"npm\"\ncommand = [\"npm\", \"ci\", \"--omit=dev\"]\n")
                .getFirst();

        assertThat(tree.command()).containsExactly("npm", "ci", "--omit=dev");
        assertThat(tree.growing()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            place = "/etc"              | is an absolute path
            place = "../other"          | leaves the project
            place = "a/../../other"     | leaves the project
            place = "."                 | names the folder itself
            folder = "../other"         | leaves the project
            folder = "/etc"             | is an absolute path
            inputs = ["../secret"]      | leaves the project
            inputs = [1]                | no list of strings
            inputs = "a"                | no list of strings
            name = 1                    | name is no string
            name = ""                   | name is no name of a tree
            command = []                | command of node_modules is empty
            colour = "red"              | a tree has no key colour
            """)
    void aTreeMayNotLeaveTheProject(String line, String reason) {
        assertThatThrownBy(() -> ProjectFile.parse("/p/velo.toml", "[[tree]]\necosystem = \"npm\"\n" + line + "\n"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("/p/velo.toml: ")
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [[tree]]                                   | there is no ecosystem
            tree = 1                                   | tree is no list
            [tree]                                     | tree is no list
            trees = []                                 | there is no key trees
            [[tree                                     | is no TOML
            """)
    void aFileThatIsNoneSaysWhy(String text, String reason) {
        assertThatThrownBy(() -> ProjectFile.parse("/p/velo.toml", text + "\n"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("/p/velo.toml: ")
                .hasMessageContaining(reason);
    }

    @Test
    void aPlaceOfTheUsersIsNotForAProjectToName() {
        assertThatThrownBy(
                        () -> ProjectFile.parse("velo.toml", "[[tree]]\necosystem = \"cargo\"\nplace = \"registry\"\n"))
                .hasMessageContaining("trees of cargo stand where the tool keeps them");
    }

    @Test
    void twoTreesOfOneNameAreRefused() {
        String tree = "[[tree]]\necosystem = \"npm\"\n";
        assertThatThrownBy(() -> ProjectFile.parse("velo.toml", tree + tree))
                .hasMessageContaining("two trees are called node_modules");
    }
}
