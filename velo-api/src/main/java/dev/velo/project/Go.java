package dev.velo.project;

/** The <a href="https://go.dev/ref/mod#module-cache">module cache</a> of Go; an earlier one serves as a cache. */
final class Go {
    static final Ecosystem ECOSYSTEM = Ecosystem.declare("go")
            .lockfiles("go.sum")
            .inputs("go.mod", "go.work", "go.work.sum")
            .variables("GOFLAGS", "GOPROXY", "GONOSUMDB", "GOPRIVATE", "GOTOOLCHAIN")
            .ofUser("GOMODCACHE", "", "go/pkg/mod")
            .tool("go", "version")
            .command("go", "mod", "download")
            .growing("go", "mod", "download")
            .build();

    private Go() {}
}
