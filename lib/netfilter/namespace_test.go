package netfilter

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// inNamespace runs a shell script as root of a network namespace of its own,
// where it can change every rule and harm nobody. The files are in its folder.
func inNamespace(t *testing.T, script string, files map[string][]byte) string {
	t.Helper()
	out, err := tryInNamespace(t, script, files)
	if err != nil {
		t.Fatalf("%s\n%v\n%s", script, err, out)
	}
	return out
}

func tryInNamespace(t *testing.T, script string, files map[string][]byte) (string, error) {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"--net", "sh", "-euc", script}
	if os.Geteuid() != 0 {
		args = append([]string{"--user", "--map-root-user"}, args...)
	}
	cmd := exec.Command("unshare", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "XTABLES_LOCKFILE="+filepath.Join(dir, "lock"), "LC_ALL=C")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

// needTools skips a test where a tool is missing or no namespace can be made.
func needTools(t *testing.T, probe string, tools ...string) {
	t.Helper()
	for _, tool := range append(tools, "unshare") {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed: the rules are not held against it", tool)
		}
	}
	if out, err := tryInNamespace(t, probe, nil); err != nil {
		t.Skipf("no network namespace can be made, or %q fails in it: %v: %s", probe, err, out)
	}
}

// manyRules draws rules of every kind, the same ones in each run. xt_owner takes
// only the users that a user namespace has, so they are left out where we need
// one.
func manyRules(draw func(*rapid.T) Rule, n int) []Rule {
	rules := make([]Rule, n)
	for i := range rules {
		rules[i] = rapid.Custom(draw).Example(i)
		if os.Geteuid() != 0 {
			rules[i].Owner = Owner{}
		}
	}
	return rules
}

func mustFile(t *testing.T, s Syntax, rules []Rule) []byte {
	t.Helper()
	body, err := AppendFile(nil, s, rules)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// compareLines compares the rules that a tool lists with those that were meant,
// in any order.
func compareLines(t *testing.T, got, want []string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("%d lines listed, %d written; at %d:\n got %s\nwant %s", len(got), len(want), i, at(got, i), at(want, i))
		}
	}
	if len(want) == 0 {
		t.Error("nothing was compared")
	}
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return "(none)"
}
