package dev.velo.project;

/** The <a href="https://maven.apache.org/guides/introduction/introduction-to-repositories.html">local repository</a> of Maven. What a build needs of it is known when it has run: plugins fetch more than the project names. So the tool is the build
 * itself, with a filter that every test class passes and no method: without it Surefire would not fetch what runs tests. An earlier repository serves as a cache. */
final class Maven {
    private static final String[] WORDS = {
        "mvn",
        "-B",
        "-ntp",
        "verify",
        "-Dtest=*#noMethodOfThisName",
        "-Dsurefire.failIfNoSpecifiedTests=false",
        "-Dit.test=*#noMethodOfThisName",
        "-Dfailsafe.failIfNoSpecifiedTests=false"
    };

    static final Ecosystem ECOSYSTEM = Ecosystem.declare("maven")
            .lockfiles("pom.xml")
            .inputs(
                    "*/pom.xml",
                    "*/*/pom.xml",
                    "*/*/*/pom.xml",
                    ".mvn/maven.config",
                    ".mvn/jvm.config",
                    ".mvn/extensions.xml")
            .userFiles(".m2/settings.xml")
            .homeOfAccount()
            .variables("MAVEN_ARGS")
            .ofUser("", "", ".m2/repository")
            .tool("mvn", "--version")
            .command(WORDS)
            .growing(WORDS)
            .build();

    private Maven() {}
}
