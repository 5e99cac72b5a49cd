package propose

import (
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/apparmor/policy"
)

// Rules that would take no effect where sl-write puts them are said to.
func TestLocalNote(t *testing.T) {
	policy := policy.New("/d", map[string]string{
		"usr.sbin.one": "profile one /usr/sbin/one { include if exists <local/usr.sbin.one>\n /known r,\n }",
		"two":          "profile two { include <local/other>\n #include <local/two>\n}",
		"three":        "profile three { profile kid { /x r, } }",
		"five":         "profile five { include <local/both>\n}\nprofile six { profile kid { include <local/both>\n include <local/six_kid>\n} }",
		"four":         "/bin/four { include \"/etc/apparmor.d/local/bin.four\"\n}",
	})
	for _, c := range []struct{ profile, name, text, hint string }{
		{"one", "/x", "", ""},     // a name of its own
		{"one", "/known", "", ""}, // no rule is left
		{"two", "/x", "", ""},
		{"three", "/x", `the profile at "/d/three:1" does not include "local/three", where sl-write puts rules`, `add to the profile: include if exists <local/three>`},
		{"three//kid", "/y", "", ""},
		{"five", "/x", `the profile at "/d/five:1" does not include "local/five", where sl-write puts rules, but "local/both", as others do`, `add to the profile: include if exists <local/five>`},
		{"six//kid", "/x", "", ""},
		{"/bin/four", "/x", "", ""},
		{"x.y", "/x", "the policy that was read has no such profile", "add the rules where the profile is kept; sl-write --new takes them for one that is still to come"},
		{"three//h", "/x", "the policy that was read has no such profile", `write it, as a child or hat of the profile before the "//"`},
	} {
		p := New(Options{Policy: policy})
		if err := p.AddEvent(event(t, file+"operation=open denied_mask=r profile="+c.profile+" name="+c.name)); err != nil {
			t.Fatal(err)
		}
		text, hint := "", ""
		for _, n := range allNotes(p) {
			if n.Kind == localNote {
				text, hint = n.Text, n.Hint
			}
		}
		if text != c.text || hint != c.hint {
			t.Errorf("%s: %q, %q", c.profile, text, hint)
		}
		again := New(Options{}) // without the policy nobody can say
		for _, n := range allNotes(p) {
			again.AddNote(&n)
		}
		if got := strings.Join(outcome(again), "\n"); strings.Contains(got, "["+localNote+"]") {
			t.Errorf("%s: %s", c.profile, got)
		}
	}
}
