package checker

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/checker/tree"
	"github.com/sl-suite/sl/scripts/lab/sample"
)

// many makes a policy of n profiles around the system's abstractions, in each of which
// stand one file of its own and one of all.
func many(t testing.TB, n int) *Policy {
	t.Helper()
	needParser(t)
	if _, err := os.Stat(filepath.Join(systemPolicy, "abstractions/nameservice")); err != nil {
		t.Skip("no abstractions: ", err)
	}
	copied, err := tree.Read(systemPolicy, true)
	if err != nil {
		t.Fatal(err)
	}
	copied.Dir = t.TempDir()
	for i := range n {
		copied.Nodes = append(copied.Nodes, tree.Node{Name: fmt.Sprint("sl.p", i), Kind: tree.File, Text: fmt.Appendf(nil, `abi <abi/3.0>,
include <tunables/global>
@{exec_path} = /usr/bin/p%[1]d
profile sl.p%[1]d @{exec_path} {
  include <abstractions/base>
  include <abstractions/nameservice>
  capability net_bind_service,
  network inet stream,
  @{exec_path} mr,
  /usr/bin/h%[2]d Px,
  /{usr/,}bin/sh ix,
  owner @{HOME}/.config/p%[1]d/** rwk,
  include if exists <local/sl.p%[1]d>
  include if exists <local/sl.all>
}
`, i, i%7)})
	}
	p, err := Lay(copied, "local", nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestManyProfiles: of a policy with very many profiles, one that is wrong is found, and
// soon enough, whether a file reaches one of them or all.
func TestManyProfiles(t *testing.T) {
	n := sample.Size(60, 1574)
	p := many(t, n)
	for _, test := range []struct {
		name, file, text string
		ok               bool
	}{
		{"one profile", "sl.p7", "\"/x\" r,\n", true},
		{"all profiles", "sl.all", "\"/x\" r,\n", true},
		{"all, a program", "sl.all", "\"/usr/bin/other\" ix,\n", true},
		{"all, wrong in each", "sl.all", "nonsense\n", false},
		{"all, wrong in each seventh", "sl.all", "\"/usr/bin/h6\" ix,\n", false},
		{"all, wrong in a glob", "sl.all", "\"/usr/bin/?6\" ux,\n\"/usr/bin/h?\" ix,\n", false},
		{"one profile, wrong", "sl.p7", "\"/usr/bin/h0\" ix,\n", false},
	} {
		start, before := time.Now(), processorTime()
		report, err := p.Check([]Candidate{{Name: test.file, Text: []byte(test.text)}})
		if err != nil || (report.Refused[0] == nil) != test.ok {
			t.Errorf("%s: %v, %v", test.name, report, err)
		}
		took := time.Since(start)
		t.Logf("%s of %d: %v, %v of the processor", test.name, n, took.Round(time.Millisecond), (processorTime() - before).Round(time.Millisecond))
		if took > time.Minute {
			t.Errorf("%s: it took %v", test.name, took)
		}
		os.Remove(p.path(test.file))
	}
}

// processorTime is that of this process and its children.
func processorTime() (sum time.Duration) {
	for _, who := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
		var u unix.Rusage
		if unix.Getrusage(who, &u) == nil {
			sum += time.Duration(u.Utime.Nano() + u.Stime.Nano())
		}
	}
	return sum
}

// TestReducedJudgesAlike: a profile that was reduced to what can exclude other rules is
// refused where the whole one is, and nowhere else.
func TestReducedJudgesAlike(t *testing.T) {
	needParser(t)
	copied, err := tree.Read(systemPolicy, true)
	if err != nil {
		t.Skip("no policy: ", err)
	}
	copied.Dir = t.TempDir()
	p, err := Lay(copied, "local", nil)
	if err != nil {
		t.Fatal(err)
	}
	r := sample.Rand(t)
	programs := []string{"/usr/bin/id", "/{usr/,}bin/*", "/usr/{s,}bin/[a-m]*", "@{bin}/x", "/**", "/usr/lib/**/x", "/bin/{ba,da}sh", "/u?r/bin/i?"}
	modes := []string{"ix", "px", "Px", "ux", "cx", "pix", "r", "rix", "m", "px -> other"}
	flat, err := p.ask("-p", p.files)
	if err != nil {
		t.Fatal(err)
	}
	cases, both, wrong := sample.Size(12, 600), 0, 0
	for range cases {
		i := r.IntN(len(p.files))
		var rules string
		keep := make(map[string]bool)
		for range 1 + r.IntN(3) {
			rule := fmt.Sprintf("%s %s,", programs[r.IntN(len(programs))], modes[r.IntN(len(modes))])
			keep[rule] = true
			rules += "  " + rule + "\n"
		}
		end := strings.LastIndex(flat[i].printed, "}")
		if flat[i].err != nil || end < 0 {
			continue
		}
		text := flat[i].printed[:end] + rules + flat[i].printed[end:]
		whole, small := filepath.Join(p.parts, "whole"), filepath.Join(p.parts, "small")
		if err := os.WriteFile(whole, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(small, reduce([]byte(text), keep), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err1 := p.parse("-Q", whole)
		_, err2 := p.parse("-Q", "-O", "no-expr-simplify", small)
		if refused(err1) != refused(err2) {
			t.Errorf("%s with\n%s: whole %v, reduced %v", p.files[i], rules, err1, err2)
		}
		both++
		if err1 != nil {
			wrong++
		}
	}
	if wrong == 0 || wrong == both {
		t.Errorf("%d of %d are wrong", wrong, both)
	}
	t.Logf("%d cases, %d of them refused by both", both, wrong)
}

// TestReduce: what is left out is a whole rule for files without an x, and nothing
// else.
func TestReduce(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"profile p {\n  /a r,\n  owner /b rw, # c\n  @{x}/c mr,\n}\n", "profile p {\n}\n"},
		{"/a ix,\n/b rix,\n/c px -> d,\n", "/a ix,\n/b rix,\n/c px -> d,\n"},
		{"/a r, /b px,\n", "/a r, /b px,\n"},
		{"deny\n/a r,\n/b px,\n", "deny\n/a r,\n/b px,\n"},
		{"/a\n r,\n", "/a\n r,\n"},
		{"deny\n# c\n/a r,\n", "deny\n# c\n/a r,\n"},
		{"link /a ->\n/b r,\n", "link /a ->\n/b r,\n"},
		{"@{x} = /a\n/b r,\n/c r,\n", "@{x} = /a\n/b r,\n"},
		{"@{x}=a r,\n", "@{x}=a r,\n"},
		{"\"/a b\" r,\n", "\"/a b\" r,\n"},
		{"  /kept r,\n", "  /kept r,\n"},
		{"capability x,\n\n# c\n", "capability x,\n"},
	} {
		if got := string(reduce([]byte(test.in), map[string]bool{"/kept r,": true})); got != test.want {
			t.Errorf("%q: %q; want %q", test.in, got, test.want)
		}
	}
}
