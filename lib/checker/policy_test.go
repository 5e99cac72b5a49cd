package checker

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/checker/tree"
)

func needParser(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath(parser); err != nil {
		t.Skip(parser, " is not installed: ", err)
	}
}

// lay lays files out as a policy. In names and texts DIR is the folder; a text that
// begins with "-> " is a link.
func lay(t testing.TB, files map[string]string) (*Policy, string) {
	t.Helper()
	from, to := t.TempDir(), t.TempDir()
	for name, text := range files {
		text = strings.ReplaceAll(text, "DIR", to)
		at := filepath.Join(from, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if target, ok := strings.CutPrefix(text, "-> "); ok {
			err = os.Symlink(target, at)
		} else {
			err = os.WriteFile(at, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	copied, err := tree.Read(from, true)
	if err != nil {
		t.Fatal(err)
	}
	copied.Dir = to
	p, err := Lay(copied, "local", nil)
	if err != nil {
		t.Fatal(err)
	}
	return p, to
}

// The global tunables make a folder a policy that needs no other.
const global = "tunables/global"

// A conflict is wrong only where the profile has its other half.
const (
	half      = "  /usr/bin/helper px,\n"
	otherHalf = "\"/usr/bin/helper\" ix,\n"
)

// TestReached: however a profile comes to include the file, it is found.
func TestReached(t *testing.T) {
	needParser(t)
	profile := func(include string) string { return "profile p /usr/bin/p {\n" + half + include + "\n}\n" }
	type files map[string]string
	for name, policy := range map[string]files{
		"magic":                   {"p": profile("  include <local/x>")},
		"if exists":               {"p": profile("  include if exists <local/x>")},
		"with a hash":             {"p": profile("  #include <local/x>")},
		"two blanks":              {"p": profile("  include  <local/x>")},
		"a tab":                   {"p": profile("\tinclude\t<local/x>")},
		"if exists, tabs":         {"p": profile("\tinclude\tif\texists\t<local/x>")},
		"quoted, magic":           {"p": profile(`  include "local/x"`)},
		"bare":                    {"p": profile("  include local/x")},
		"absolute, quoted":        {"p": profile(`  include "DIR/local/x"`)},
		"absolute, bare":          {"p": profile("  include if exists DIR/local/x")},
		"behind a rule":           {"p": profile("  /a r, include <local/x>")},
		"behind the brace":        {"p": "profile p /usr/bin/p { include <local/x>\n" + half + "}\n"},
		"a folder":                {"p": profile("  include <local>")},
		"a folder, if exists":     {"p": profile("  include if exists <local>")},
		"a folder, absolute":      {"p": profile(`  include "DIR/local"`)},
		"dots in the path":        {"p": profile("  include <abstractions/../local/x>"), "abstractions/a": ""},
		"an abstraction":          {"p": profile("  include <abstractions/a>"), "abstractions/a": "  include if exists <local/x>\n"},
		"two abstractions":        {"p": profile("  include <abstractions/a>"), "abstractions/a": "include <abstractions/b>\n", "abstractions/b": "include\t<local/x>\n"},
		"a folder of a folder":    {"p": profile("  include <abstractions/a.d>"), "abstractions/a.d/b": "include <local>\n"},
		"a link":                  {"p": "-> hidden/p", "hidden/p": profile("  include <local/x>")},
		"a link out of it":        {"p": "-> " + outside(t, profile("  include <local/x>"))},
		"an include by a link":    {"p": profile("  include <abstractions/l>"), "abstractions/l": "-> ../local/x"},
		"a link to ignored":       {"p": "-> p.dpkg-new", "p.dpkg-new": profile("  include <local/x>")},
		"a link to what will be":  {"p": profile("  include if exists <abstractions/l>"), "abstractions/l": "-> ../local/new"},
		"a folder by a link":      {"p": profile("  include <more>"), "more": "-> local"},
		"in a folder":             {"sub/p": profile("  include <local/x>")},
		"in a folder of a folder": {"sub/sub/p": profile("  include <local/x>")},
		"in a child":              {"p": "profile p /usr/bin/p {\n profile c {\n" + half + "include <local/x>\n}\n}\n"},
		"in a hat":                {"p": "profile p /usr/bin/p {\n ^h {\n" + half + "include <local/x>\n}\n}\n"},
		"the second profile":      {"p": "profile o { }\n" + profile("  include <local/x>")},
		"no profile keyword":      {"p": "/usr/bin/p {\n" + half + "include <local/x>\n}\n"},
		"a variable as its name":  {"p": "include <tunables/global>\nprofile p @{bin}/p {\n" + half + "include <local/x>\n}\n", global: "@{bin}=/usr/bin\n"},
		"CR at the line's end":    {"p": profile("  include <local/x>\r")},
		"disabled by nothing":     {"p": profile("  include <local/x>"), "disable/p": "-> nowhere"},
		"the system's tunables":   {"p": "include <tunables/global>\n" + profile("  include <local/x>")},
		"a broken one before":     {"a": "profile a {\n nonsense\n}\n", "p": profile("  include <local/x>")},
	} {
		t.Run(name, func(t *testing.T) {
			if _, ok := policy[global]; !ok && name != "the system's tunables" {
				policy[global] = "@{none}=/none\n"
			}
			policy["local/README"] = ""
			policy["local/x"] = ""
			policy["other"] = "profile other { }\n"
			p, _ := lay(t, policy)
			for _, c := range []struct {
				text string
				ok   bool
			}{{"\"/x\" r,\n", true}, {otherHalf, false}, {"nonsense\n", false}} {
				candidate := Candidate{Name: "x", Old: []byte{}, Text: []byte(c.text)}
				if name == "a link to what will be" {
					candidate.Name, candidate.Old = "new", nil
				}
				report, err := p.Check([]Candidate{candidate})
				if err != nil {
					t.Fatal(err)
				}
				if r := report.Refused[0]; (r == nil) != c.ok || r != nil && strings.Contains(c.text, "ix") && !strings.Contains(r.Says, "in ") {
					t.Errorf("%q: %v; notes %q", c.text, r, report.Notes)
				}
			}
		})
	}
}

func outside(t *testing.T, text string) string {
	name := filepath.Join(t.TempDir(), "profile")
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestSaysWhatItCouldNotJudge: what does not compile before, and what could not be
// read, is named, and no reason to refuse; what is broken by a candidate is.
func TestSaysWhatItCouldNotJudge(t *testing.T) {
	needParser(t)
	p, _ := lay(t, map[string]string{
		global:    "",
		"broken":  "profile broken {\n  nonsense\n  include if exists <local/x>\n}\n",
		"missing": "profile missing {\n  include <abstractions/none>\n}\n",
		"clash":   "profile clash {\n  /a px,\n  /a ix,\n  include if exists <local/x>\n}\n",
		"good":    "profile good {\n  include if exists <local/x>\n}\n",
		"frag/f":  "/a r,\n",
		"frag/h":  "^hat {\n}\n",
		"nothing": "-> /nowhere/at/all",
	})
	report, err := p.Check([]Candidate{{Name: "x", Text: []byte("\"/x\" r,\n")}})
	if err != nil || report.Refused[0] != nil {
		t.Fatal(report, err)
	}
	notes := strings.Join(report.Notes, "\n")
	for _, name := range []string{"/broken: ", "/missing: ", "/clash: ", "/nothing: "} {
		if !strings.Contains(notes, name) {
			t.Errorf("%s is not named: %s", name, notes)
		}
	}
	if len(report.Notes) != 4 {
		t.Errorf("%d notes: %s", len(report.Notes), notes)
	}
	if report, err = p.Check([]Candidate{{Name: "x", Text: []byte("nonsense\n")}}); err != nil || report.Refused[0] == nil || len(report.Notes) > 0 {
		t.Error("what was said before is said again: ", report, err)
	}
}

// TestAdditions: what is wrong with the file itself, or with what it makes of the
// profiles around it.
func TestAdditions(t *testing.T) {
	needParser(t)
	p, _ := lay(t, map[string]string{
		global:  "@{known}=/known\n",
		"cups":  "include <tunables/global>\n@{own}=/own\nprofile cups /usr/sbin/cupsd {\n  /var/x r,\n  include if exists <local/usr.sbin.cupsd>\n}\n",
		"other": "include <tunables/global>\n@{own}=/own\nprofile other /usr/bin/other {\n  include if exists <local/usr.sbin.cupsd> # twice\n  ^hat {\n  }\n}\n",
	})
	for _, name := range []string{"usr.sbin.cupsd", "nobodys"} {
		for _, test := range []struct {
			name, text string
			says       [2]string // included, alone
		}{
			{"empty", "", [2]string{}},
			{"rules", "# by hand\n  \"/etc/x\" r,\n  capability sys_time,\n", [2]string{}},
			{"no final newline", "# by hand", [2]string{"Lexer found", ""}}, // it takes no comment at the end of a file
			{"no rule", "nonsense\n", [2]string{"syntax error", "syntax error"}},
			{"two profiles", "/a r,\n}\nprofile evil {\n/b r,", [2]string{`a profile of its own, "evil"`, `a profile of its own, "evil"`}},
			{"the same profile twice", "/a r,\n}\nprofile cups {\n/b r,", [2]string{`"cups"`, `"cups"`}},
			{"an open brace", "profile x {\n", [2]string{"syntax error", "syntax error"}},
			{"an undeclared variable", "@{NONE}/x r,\n", [2]string{"NONE", "NONE"}},
			{"a tunable", "@{known}/x r,\n", [2]string{}},
			{"a variable of the profile", "@{own}/x r,\n", [2]string{"", "own"}},
			{"a hat", "^hat {\n}\n", [2]string{"changes which profiles", ""}},
			{"a child profile", "profile child {\n}\n", [2]string{"changes which profiles", ""}},
			{"a missing include", "include <nonesuch>\n", [2]string{"nonesuch", "nonesuch"}},
			{"a bad pattern", "/x{a r,\n", [2]string{"p", "p"}},
		} {
			says := test.says[0]
			if name == "nobodys" {
				says = test.says[1]
			}
			report, err := p.Check([]Candidate{{Name: name, Text: []byte(test.text)}})
			switch r := report.Refused[0]; {
			case err != nil:
				t.Errorf("%s: %v", test.name, err)
			case says == "" && r != nil || says != "" && (r == nil || !strings.Contains(r.Says, says)):
				t.Errorf("%s, %s: %v; want %q", name, test.name, r, says)
			}
		}
	}
	// a hat that was there before is nobody's business
	hat := []byte("^mine {\n}\n")
	report, err := p.Check([]Candidate{{Name: "usr.sbin.cupsd", Old: hat, Text: append(hat, "/x r,\n"...)}})
	if err != nil || len(report.Refused) > 0 {
		t.Error(report, err)
	}
}

// TestWhichIsAtFault: of several candidates that are laid together, those that are
// wrong are refused, and no other.
func TestWhichIsAtFault(t *testing.T) {
	needParser(t)
	for _, size := range []int{4, wholly + 9} {
		files := map[string]string{global: ""}
		var candidates []Candidate
		want := map[int]bool{}
		for i := range size {
			files[fmt.Sprint("p", i)] = fmt.Sprintf("profile p%d {\n%s  include if exists <local/p%d>\n  include if exists <local/all>\n}\n", i, half, i)
			text := "\"/x\" r,\n"
			switch i % 4 {
			case 1:
				text, want[i] = otherHalf, true
			case 3:
				text, want[i] = "nonsense\n", true
			}
			candidates = append(candidates, Candidate{Name: fmt.Sprint("p", i), Text: []byte(text)})
		}
		// Two that exclude each other: the second is refused.
		candidates = append(candidates, Candidate{Name: "all", Text: []byte("\"/usr/bin/both\" px,\n")})
		candidates[0].Text = []byte("\"/usr/bin/both\" ix,\n")
		want[size] = true
		p, _ := lay(t, files)
		report, err := p.Check(candidates)
		if err != nil {
			t.Fatal(err)
		}
		for i := range candidates {
			if (report.Refused[i] != nil) != want[i] {
				t.Errorf("%d candidates, number %d: %v", size, i, report.Refused[i])
			}
		}
		if len(report.Notes) > 0 {
			t.Errorf("%q", report.Notes)
		}
	}
}

func TestMissing(t *testing.T) {
	if _, err := run(nil, "no-such-program"); !errors.Is(err, ErrMissing) {
		t.Errorf("%v", err)
	}
	if err := Firewall("none", nil); err == nil {
		t.Error("a syntax that nobody knows was checked")
	}
}

func TestOptions(t *testing.T) {
	conf := "# a comment\nInclude /opt/policy\npolicy-features=/usr/share/f\nwrite-cache\ncache-loc /x\nWerror\nwarn=rules-not-enforced\nverbose\n"
	want := "--Include=/opt/policy --policy-features=/usr/share/f --Werror --warn=rules-not-enforced"
	if got := strings.Join(Options([]byte(conf)), " "); got != want {
		t.Errorf("%s; want %s", got, want)
	}
}
