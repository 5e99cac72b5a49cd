package cmd_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pages returns the manual pages, by name with section: "sl-read.1".
func pages(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../man/*.[1-8]")
	if err != nil || len(files) == 0 {
		t.Fatalf("no pages in ../man: %v", err)
	}
	pages := map[string]string{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		pages[filepath.Base(f)] = string(text)
	}
	return pages
}

var (
	helpFlag  = regexp.MustCompile(`(?m)^ +(?:-(\w), )?--([a-z-]+)`)
	itemFlags = regexp.MustCompile(`(?m)^\.It Fl (.*)$`)
	longFlag  = regexp.MustCompile(`^-([a-z][a-z-]+)`)
)

// TestPagesHaveFlags: every flag of -h is an item of its page, and every item is
// a flag.
func TestPagesHaveFlags(t *testing.T) {
	all := pages(t)
	for _, name := range programs {
		out, err := exec.Command(filepath.Join(bin, name), "-h").Output()
		if err != nil {
			t.Fatalf("%s -h: %v", name, err)
		}
		var flags []string
		for _, m := range helpFlag.FindAllStringSubmatch(string(out), -1) {
			if m[1] != "" {
				flags = append(flags, m[1])
			}
			flags = append(flags, m[2])
		}
		var items []string
		for _, m := range itemFlags.FindAllStringSubmatch(all[name+".1"], -1) {
			for _, part := range strings.Split(m[1], " Fl ") {
				word := strings.Fields(strings.NewReplacer("Ns", " ", "Ar", " ", ",", " ", "Op", " ", "Cm", " ", "=", " ").Replace(part))[0]
				if l := longFlag.FindStringSubmatch(word); l != nil {
					items = append(items, l[1])
				} else {
					items = append(items, word)
				}
			}
		}
		for _, f := range flags {
			if !slices.Contains(items, f) {
				t.Errorf("%s.1 has no item for the flag %q", name, f)
			}
		}
		for _, f := range items {
			if !slices.Contains(flags, f) {
				t.Errorf("%s.1 has the item %q, which is no flag", name, f)
			}
		}
	}
}

// examples returns the literal blocks of a page's EXAMPLES.
func examples(page string) []string {
	_, section, ok := strings.Cut(page, "\n.Sh EXAMPLES\n")
	if !ok {
		return nil
	}
	section, _, _ = strings.Cut(section, "\n.Sh ")
	var blocks []string
	for {
		_, rest, ok := strings.Cut(section, "\n.Bd -literal")
		if !ok {
			return blocks
		}
		_, rest, _ = strings.Cut(rest, "\n")
		block, after, _ := strings.Cut(rest, "\n.Ed")
		blocks = append(blocks, literal(block))
		section = after
	}
}

// literal is a literal block as a reader of the page sees it.
func literal(block string) string {
	return strings.NewReplacer(`\e`, `\`, `\-`, `-`, `\&`, ``, `\(aq`, `'`, `\(dq`, `"`, `\(ti`, `~`, `\(ha`, `^`, `\(ga`, "`").Replace(block)
}

// TestPagesFormat: man(1) of Debian formats by groff, which knows other tables than
// mandoc: nothing of a page may be left out, run together or not fit.
func TestPagesFormat(t *testing.T) {
	if _, err := exec.LookPath("groff"); err != nil {
		t.Skip("groff is not installed")
	}
	for name := range pages(t) {
		cmd := exec.Command("groff", "-t", "-mdoc", "-Tutf8", "-P-cbou", filepath.Join("../man", name))
		var said strings.Builder
		cmd.Stderr = &said
		out, err := cmd.Output()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for line := range strings.Lines(said.String()) {
			// a long word of an example, which is printed all the same
			if !strings.Contains(line, "can't break line") {
				t.Errorf("%s: groff says: %s", name, line)
			}
		}
		// once in the table, once in the unit below it
		if name == "sl.7" && strings.Count(string(out), "RestrictNamespaces=yes") != 2 {
			t.Errorf("%s: the table of environments has not been formatted", name)
		}
	}
}

// TestPageHasFilter: the program that sl(7) shows is the one that is tested.
func TestPageHasFilter(t *testing.T) {
	_, section, _ := strings.Cut(pages(t)["sl.7"], "\n.Sh WRITING A STAGE OF YOUR OWN\n")
	_, block, _ := strings.Cut(section, "\n.Bd -literal\n")
	block, _, _ = strings.Cut(block, "\n.Ed\n")
	want, err := os.ReadFile("../testdata/filter/main.go")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), literal(block)+"\n"); diff != "" {
		t.Errorf("sl.7 shows another program than testdata/filter/main.go:\n%s", diff)
	}
}

// TestExamples runs every literal block of every page's EXAMPLES, in a mount
// namespace where /var/log has samples and /etc/apparmor.d/local is a folder of
// the test's own.
func TestExamples(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("the samples in /var/log must belong to root: run as root")
	}
	if err := exec.Command("unshare", "--mount", "--net", "true").Run(); err != nil {
		t.Skip("the examples need a mount namespace of their own: unshare: ", err)
	}
	total := 0
	for name, page := range pages(t) {
		blocks := examples(page)
		total += len(blocks)
		if len(blocks) == 0 && strings.HasSuffix(name, ".1") {
			t.Errorf("%s has no example", name)
		}
		for i, block := range blocks {
			t.Run(fmt.Sprintf("%s/%d", name, i+1), func(t *testing.T) {
				runExample(t, block)
			})
		}
	}
	t.Logf("%d examples", total)
}

func runExample(t *testing.T, block string) {
	dir := t.TempDir()
	for _, d := range []string{"log/audit", "local", "work"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for to, from := range map[string]string{
		"kern.log": "debian-kern.log", "syslog": "ubuntu-syslog", "messages": "fedora-messages.log", "audit/audit.log": "audit.log",
	} {
		text, err := os.ReadFile(filepath.Join("../testdata/logs", from))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "log", to), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const inside = `mount --bind "$1/log" /var/log; mount -t tmpfs none /etc/apparmor.d; mkdir /etc/apparmor.d/local
mount --bind "$1/local" /etc/apparmor.d/local; cd "$1/work"; exec sh -euc "$2"`
	cmd := exec.Command("unshare", "--mount", "--net", "sh", "-euc", inside, "sh", dir, block)
	cmd.Env = append(os.Environ(), "PATH="+bin+":/usr/sbin:/usr/bin:/sbin:/bin")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s\n--\n%s", err, block, out)
	}
}
