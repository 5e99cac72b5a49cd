package cmd_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPageHasDepth: what sl(7) says of the layers is what the tables of the escape
// suite say. With UPDATE_PAGES in the environment the page is changed.
func TestPageHasDepth(t *testing.T) {
	const path, head, next = "../man/sl.7", "\n.Ss What each layer stops\n", "\n.S"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(page), head)
	if !ok {
		t.Fatalf("sl.7 has no section %q", head)
	}
	is, after, _ := strings.Cut(rest, next)
	want := depthSection(readDepth(t, "root"), readDepth(t, "user"))
	if is == want {
		return
	}
	if os.Getenv("UPDATE_PAGES") == "" {
		t.Errorf("sl.7 and lib/sandbox/testdata/depth-*.txt differ; UPDATE_PAGES=1 changes the page:\n%s", cmp.Diff(want, is))
	} else if err := os.WriteFile(path, []byte(before+head+want+next+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A stopped act is one line of a table.
type stoppedAct struct {
	name  string
	alone []string // the layers each of which is the only one that stops it
	next  []string // without seccomp, the only one that does; none where there are several
	why   string   // with alone: why that is enough
}

func readDepth(t *testing.T, user string) []stoppedAct {
	text, err := os.ReadFile("../lib/sandbox/testdata/depth-" + user + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	var acts []stoppedAct
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		a := stoppedAct{name: f[1]}
		if layers, ok := strings.CutSuffix(f[0], " only"); ok {
			a.alone, a.why = strings.Split(layers, " or "), f[2]
		} else if layers, ok := strings.CutPrefix(f[0], "seccomp, then "); !ok {
			t.Fatalf("depth-%s.txt: %q", user, line)
		} else if layers != "several" {
			a.next = strings.Split(layers, " and ")
		}
		acts = append(acts, a)
	}
	return acts
}

func depthSection(root, user []stoppedAct) string {
	var b strings.Builder
	fmt.Fprintf(&b, `The escape suite of the source makes %d attempts from inside.
Each layer was left out in turn, to see what it alone stops; and seccomp together
with each other one, to see what stands behind it.
How many attempts that are, on a kernel with Landlock and without AppArmor:
.Bl -column "capabilities" "root, alone" "behind seccomp" "user, alone" "behind seccomp" -offset indent
.It Sy layer Ta Sy root, alone Ta Sy behind seccomp Ta Sy user, alone Ta Sy behind seccomp
`, len(root))
	for _, layer := range []string{"seccomp", "landlock", "root", "namespaces", "descriptors", "environment", "rlimits", "user", "capabilities", "dumpable", "mdwe"} {
		fmt.Fprintf(&b, ".It Cm %s", layer)
		for _, acts := range [][]stoppedAct{root, user} {
			alone, next := 0, 0
			for _, a := range acts {
				if slices.Contains(a.alone, layer) {
					alone++
				}
				if slices.Contains(a.next, layer) {
					next++
				}
			}
			fmt.Fprintf(&b, " Ta %s", count(alone))
			if layer == "seccomp" {
				b.WriteString(" Ta")
			} else {
				fmt.Fprintf(&b, " Ta %s", count(next))
			}
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, ".It several Ta Ta %d Ta Ta %d\n.El\n", several(root), several(user))
	b.WriteString(`.Pp
.Cm no_new_privs
is never left out, for Landlock and seccomp stand on it.
A layer without a number is one of those that the last line counts.
.Pp
One layer only stops what follows, for the reason that is given; those with an
asterisk have another behind it for root:
.Bl -bullet
`)
	for _, group := range groups(root, user) {
		fmt.Fprintf(&b, ".It\n%s:\n%s.\n", capital(group.why), wrap(strings.Join(group.acts, "; ")))
	}
	b.WriteString(".El")
	return b.String()
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func several(acts []stoppedAct) (n int) {
	for _, a := range acts {
		if len(a.alone)+len(a.next) == 0 {
			n++
		}
	}
	return n
}

// A group is the acts that one layer only stops, for one reason.
type group struct {
	why  string
	acts []string
}

// groups, the largest first; an act that is stopped by one layer only where the
// user is an ordinary one has an asterisk.
func groups(root, user []stoppedAct) (all []group) {
	alone := func(acts []stoppedAct, name string) bool {
		return slices.ContainsFunc(acts, func(a stoppedAct) bool { return a.name == name && a.alone != nil })
	}
	for _, a := range append(slices.Clone(root), user...) {
		if a.alone == nil {
			continue
		}
		name := a.name
		if !alone(root, name) {
			name += "*"
		}
		i := slices.IndexFunc(all, func(g group) bool { return g.why == a.why })
		if i < 0 {
			i = len(all)
			all = append(all, group{why: a.why})
		}
		if !slices.Contains(all[i].acts, name) {
			all[i].acts = append(all[i].acts, name)
		}
	}
	for _, g := range all {
		slices.Sort(g.acts)
	}
	slices.SortStableFunc(all, func(a, b group) int { return len(b.acts) - len(a.acts) })
	return all
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// wrap breaks a text into lines, as pages are written.
func wrap(text string) string {
	var b strings.Builder
	width := 0
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
		case width+1+len(word) > 80:
			b.WriteByte('\n')
			width = -1
		default:
			b.WriteByte(' ')
		}
		b.WriteString(word)
		width += 1 + len(word)
	}
	return b.String()
}
