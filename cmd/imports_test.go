package cmd_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/sl-suite/sl/"

// TestImports holds the layout: which package may know of which. The libraries
// take bytes and return values; what opens files, confines or parses flags is
// kept out of them, and the broker reaches no code that reads logs.
func TestImports(t *testing.T) {
	deps := map[string][]string{} // transitively
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Deps " "}}`, "../...").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		deps[words[0]] = words[1:]
	}
	// netipx reaches net for conversions; what counts is that nobody imports it.
	system := []string{"os/exec", "os/signal", "os/user", module + "lib/stage", module + "lib/sandbox", "golang.org/x/sys/unix"}
	languages := []string{module + "lib/apparmor", module + "lib/netfilter", module + "lib/kernlog", module + "lib/journal", module + "lib/apparmor/propose", module + "lib/netfilter/propose"}
	without := func(list []string, keep ...string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(keep, s) })
	}
	for _, rule := range []struct {
		pkg  string
		none []string
	}{
		{"lib/record", append(slices.Clone(system), languages...)},
		{"lib/kernlog", append(slices.Clone(system), without(languages, module+"lib/kernlog")...)},
		{"lib/journal", append(slices.Clone(system), without(languages, module+"lib/journal")...)},
		{"lib/apparmor", append(slices.Clone(system), without(languages, module+"lib/apparmor")...)},
		{"lib/apparmor/header", append(slices.Clone(system), languages...)},
		{"lib/netfilter", append(slices.Clone(system), without(languages, module+"lib/netfilter")...)},
		{"lib/apparmor/propose", append(slices.Clone(system), without(languages, module+"lib/apparmor", module+"lib/apparmor/propose")...)},
		{"lib/apparmor/policy", append(slices.Clone(system), without(languages, module+"lib/apparmor")...)},
		{"lib/netfilter/ruleset", append(slices.Clone(system), without(languages, module+"lib/netfilter")...)},
		{"lib/netfilter/propose", append(slices.Clone(system), without(languages, module+"lib/netfilter", module+"lib/netfilter/propose")...)},
		{"lib/sandbox", append([]string{"net", "os/exec", "os/signal", "os/user", module + "lib/stage", module + "lib/record"}, languages...)},
		{"lib/stage", append([]string{"net", "os/exec", "os/signal"}, languages...)},
		{"lib/broker", append([]string{"os/exec", module + "lib/stage", module + "lib/sandbox"}, without(languages, module+"lib/apparmor", module+"lib/netfilter")...)},
		{"lib/checker", append([]string{module + "lib/stage", module + "lib/sandbox", module + "lib/broker"}, languages...)},
		{"cmd/sl-read", append([]string{"os/exec"}, without(languages, module+"lib/journal")...)},
		{"cmd/sl-parse", []string{"os/exec"}},
		{"cmd/sl-apparmor", []string{"os/exec"}},
		{"cmd/sl-iptables", []string{"os/exec"}},
		{"cmd/sl-write", []string{module + "lib/kernlog...", module + "lib/apparmor/policy...", module + "lib/apparmor/propose...", module + "lib/netfilter/ruleset...", module + "lib/netfilter/propose..."}},
		{"lib/apparmor/header", append(slices.Clone(system), languages...)},
		{"lib/folder", append([]string{"os/exec", module + "lib/stage", module + "lib/sandbox"}, languages...)},
		{"lib/visible", append(slices.Clone(system), languages...)},
	} {
		list, ok := deps[module+rule.pkg]
		if !ok {
			t.Errorf("%s: no such package", rule.pkg)
		}
		for _, bad := range rule.none {
			tree, below := strings.CutSuffix(bad, "...") // and whatever begins like it
			for _, has := range list {
				if has == bad || below && strings.HasPrefix(has, tree) {
					t.Errorf("%s reaches %s", rule.pkg, has)
				}
			}
		}
	}
	for pkg, list := range deps {
		name := strings.TrimPrefix(pkg, module)
		for _, d := range list {
			switch {
			case d == "github.com/alecthomas/kong" && name != "lib/stage" && !strings.HasPrefix(name, "cmd/"):
				// a command reaches kong through stage; a library must not
				if direct(t, pkg, d) {
					t.Errorf("%s imports kong", name)
				}
			case d == "github.com/seccomp/libseccomp-golang" && !strings.HasPrefix(name, "lib/sandbox/compile"):
				t.Errorf("%s reaches libseccomp", name)
			}
		}
	}
}

// TestNoFiles: the rule languages and the log grammars open nothing themselves.
// (fmt reaches os, so this looks at their own imports only.)
func TestNoFiles(t *testing.T) {
	for _, pkg := range []string{"record", "kernlog", "journal", "apparmor", "netfilter", "apparmor/propose", "netfilter/propose"} {
		for _, bad := range []string{"os", "net", "log"} {
			if direct(t, module+"lib/"+pkg, bad) {
				t.Errorf("lib/%s imports %s", pkg, bad)
			}
		}
	}
}

func direct(t *testing.T, pkg, dep string) bool {
	out, err := exec.Command("go", "list", "-f", `{{join .Imports " "}}`, pkg).Output()
	if err != nil {
		t.Fatal(err)
	}
	return slices.Contains(strings.Fields(string(out)), dep)
}
